// What a job's token may do: as the job says, else its workflow, else what the caller of its workflow may. Must never
// give a job of a called workflow more than the job that calls it has.
// https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#supported-keywords-for-jobs-that-call-a-reusable-workflow
import { type Json, resolve } from './expressions.ts';
import { fields, type JobPlan, type Plan } from './parse.ts';

// What a job may do when nobody says: GitHub's restricted default.
const RESTRICTED = { contents: 'read', packages: 'read' };
const LEVELS = ['none', 'read', 'write'];
// What `read-all` and `write-all` name. An identity token can only be written.
const RIGHTS =
  'actions attestations checks contents deployments discussions issues packages pages pull-requests security-events statuses';

/** The job's permissions as it is written. */
export function permissionsOf(
  workflow: Plan,
  job: JobPlan,
  granted: Readonly<Record<string, string>> | null,
): Record<string, string> {
  const token = job.token.find('permissions') ?? workflow.root.find('permissions');
  const value: Json = token ? resolve(token, { contexts: {} }) : { ...(granted ?? RESTRICTED) };
  const level = /^(read|write)-all$/.exec(String(value))?.[1];
  const every = RIGHTS.split(' ').map((right): [string, Json] => [right, level ?? 'none']);
  if (level === 'write') every.push(['id-token', 'write']);
  const named = (level ? every : Object.entries(fields(value))).filter(([, one]) => one !== 'none');
  return Object.fromEntries(named.map(([key, one]) => [key, String(one)]));
}

/** Every right that goes beyond what was granted. */
export function exceeding(
  wanted: Readonly<Record<string, string>>,
  granted: Readonly<Record<string, string>>,
): [string, string][] {
  return Object.entries(wanted).filter(
    ([right, level]) => LEVELS.indexOf(level) > LEVELS.indexOf(granted[right] ?? 'none'),
  );
}
