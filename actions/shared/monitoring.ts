// Datadog at the site that vigil.yml names, with the keys this job was given. Must never do without either key, nor ask another site.
import * as core from '@actions/core';
import type { Datadog } from '#adapters/datadog';
import { datadogApi } from '#core/addresses';
import type { Settings } from '#core/settings';
import { optional } from './told.ts';

/** Null: the job has not its two keys. */
export function datadogOf({ datadog: { site, storage_tiers: tiers } }: Settings): Datadog | null {
  const apiKey = optional('dd-api-key');
  const appKey = optional('dd-app-key');
  if (apiKey === null || appKey === null) return null;
  for (const secret of [apiKey, appKey]) core.setSecret(secret);
  return { api: datadogApi(site), apiKey, appKey, tiers };
}
