// The privacy service as a job has it: the vault that vigil.yml names with the job's own key, after the redactor; or nothing
// when neither is given.
// Must never pass text on when it is configured and fails, or configured by half.
import * as core from '@actions/core';
import { type Cleaned, skyflowClean } from '#adapters/skyflow';
import { skyflowAccount } from '#core/redact/skyflow-account';
import type { Settings } from '#core/settings';
import { optional } from './main.ts';

/** Has redacted texts of one incident looked at; in their order, or a refusal whose reason holds no text. */
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
