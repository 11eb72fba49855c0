// The privacy service of a job: the vault that vigil.yml names, with the job's own key, after the redactor. Without both there
// is none. Must never pass text on when Skyflow is configured and fails, or when it is only half configured.
import * as core from '@actions/core';
import { type Cleaned, skyflowClean } from '#adapters/skyflow';
import { skyflowAccount } from '#core/redact/skyflow-account';
import type { Settings } from '#core/settings';
import { optional } from './told.ts';

/** Lets Skyflow look at redacted texts of one incident. Gives them in their order, or refuses. The reason holds no text. */
export async function vouchFor(
  { skyflow }: Settings,
  key: string,
  redacted: readonly string[],
): Promise<Cleaned> {
  const apiKey = optional('skyflow-api-key') ?? '';
  const bearer = optional('skyflow-bearer-token') ?? '';
  for (const secret of [apiKey, bearer]) if (secret) core.setSecret(secret);
  const { vault_url: url, vault_id: vaultId } = skyflow ?? {};
  const read = skyflowAccount({ url, vaultId, apiKey, bearer }, new Date());
  if (!read.ok) return { ok: false, reason: read.problems.join('; ') };
  return read.account ? skyflowClean(read.account, key, redacted) : { ok: true, texts: [...redacted] };
}
