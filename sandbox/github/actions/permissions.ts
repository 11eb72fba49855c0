// What a job's token may do: as the job says, else its workflow, else what the caller of its workflow may. Must never
// give a job of a called workflow more than the job that calls it has.
// https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#supported-keywords-for-jobs-that-call-a-reusable-workflow
import { type Json, resolve } from './expressions.ts';
import type { JobPlan, Plan } from './parse.ts';

// What a job may do when nobody says: GitHub's restricted default.
const RESTRICTED = { contents: 'read', packages: 'read' };
const LEVELS = ['none', 'read', 'write'];

/** The job's permissions as it is written. Throws for a form that names them not one by one. */
export function permissionsOf(
  workflow: Plan,
  job: JobPlan,
  granted: Readonly<Record<string, string>> | null,
): Record<string, string> {
  const token = job.token.find('permissions') ?? workflow.root.find('permissions');
  const value: Json = token ? resolve(token, { contexts: {} }) : { ...(granted ?? RESTRICTED) };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`permissions: ${JSON.stringify(value)} is not supported; name them one by one`);
  const named = Object.entries(value).filter(([, level]) => level !== 'none');
  return Object.fromEntries(named.map(([key, level]) => [key, String(level)]));
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
