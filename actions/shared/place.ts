// The place where scripts run, as vigil.yml on main names it. Must never let the token that opens it into a log.
import * as core from '@actions/core';
import { SETTINGS_PATH } from '#adapters/git/source';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import type { Workspaces } from '#adapters/workspace/port';
import type { Settings } from '#core/settings';

/** The deployment that vigil.yml names, with the job's own token. */
export function placeOf({ coder, workspace }: Settings): Workspaces {
  const token = core.getInput('coder-api-token', { required: true });
  core.setSecret(token);
  if (!coder)
    throw new Error(`${SETTINGS_PATH} on main names no coder.url: there is no place to run anything`);
  const { template, version, ttl_minutes: ttlMinutes } = workspace;
  return coderWorkspaces({ api: coder.url, token, template, version, ttlMinutes });
}
