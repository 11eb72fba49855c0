// The rules of one job: least rights, a time limit, its own environment and no other's secrets.
// The table is the one place that says which job may hold what; it must never grow a secret without a reason in review.
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { jobMinutes } from '#core/incident/limits';
import { isBasicExpression, isBoolean, isMapping, isNumber } from '../sandbox/github/actions/load.ts';
import type { Violation } from './workflow-rules.ts';
import { lintEnvironment, lintShell, lintStep } from './workflow-steps.ts';
import { type Entry, entries, find, items, literal, secretUses } from './workflow-tokens.ts';

// Read only, and only where a plan asks monitoring.
const monitoring = ['DD_API_KEY', 'DD_APP_KEY'];
/** What looks take: measure has them, and execute for the look right before a script runs. */
const keys = [...monitoring, 'VIGIL_CHECK_SECRETS'];
const sources = ['PAGERDUTY_API_KEY', ...monitoring, 'SANITY_TOKEN'];
const skyflow = ['SKYFLOW_API_KEY', 'SKYFLOW_BEARER_TOKEN'];

/** One environment for each job; undo shares execute's, since it does the same in the same place. */
const table: Readonly<Record<string, { environment: string; secrets: readonly string[] }>> = {
  orient: { environment: 'vigil-orient', secrets: [...sources, ...skyflow] },
  decide: { environment: 'vigil-decide', secrets: ['ANTHROPIC_API_KEY'] },
  // An account of its own, for the template that only reads.
  measure: { environment: 'vigil-measure', secrets: ['CODER_API_TOKEN', ...keys] },
  load: { environment: 'vigil-load', secrets: [] },
  rehearse: { environment: 'vigil-rehearse', secrets: [] },
  execute: { environment: 'vigil-execute', secrets: ['CODER_API_TOKEN', ...keys] },
  verify: { environment: 'vigil-verify', secrets: [] },
  undo: { environment: 'vigil-execute', secrets: ['CODER_API_TOKEN'] },
  conclude: { environment: 'vigil-conclude', secrets: ['SANITY_TOKEN'] },
  watch: { environment: 'vigil-watch', secrets: ['CODER_API_TOKEN'] },
  ingest: { environment: 'vigil-ingest', secrets: ['SANITY_TOKEN'] },
};

/** Minutes. Longer than the longest script with its workspace, shorter than anybody would wait. */
const rights: Readonly<Record<string, string>> = { contents: 'read', 'id-token': 'write' };

/** `callable`: the file is called by another, which hands it the runner's label. */
export function lintJob({ key, line, value: job }: Entry, root: string, callable: boolean): Violation[] {
  const own = table[key];
  if (!own)
    return [
      { line, rule: 'jobs', reason: `${key} is no job of Vigil: it has no environment and no secrets` },
    ];
  if (!isMapping(job)) return [{ line, rule: 'jobs', reason: `${key} cannot be read` }];
  const limit = find(job, 'timeout-minutes');
  const environment = find(job, 'environment');
  const name = literal(environment?.value) ?? literal(find(environment?.value, 'name')?.value);
  const violations: Violation[] = [];
  const minutes = Object.entries(jobMinutes).find(([name]) => name === key)?.[1];
  if (!limit || !isNumber(limit.value) || limit.value.value !== minutes)
    violations.push({
      line: limit?.line ?? line,
      rule: 'timeout',
      reason: `${key} needs timeout-minutes: ${minutes}, as app/core/incident/limits.ts has it`,
    });
  if (name !== own.environment)
    violations.push({
      line: environment?.line ?? line,
      rule: 'environment',
      reason: `${key} runs in the environment ${own.environment}, not ${name ?? 'in none or a computed one'}`,
    });
  // Otherwise each job makes a record of a deployment, and events of it, though nothing is deployed.
  const deployment = find(environment?.value, 'deployment')?.value;
  if (!deployment || !isBoolean(deployment) || deployment.value)
    violations.push({
      line: environment?.line ?? line,
      rule: 'deployment',
      reason: `${key} needs \`deployment: false\` at its environment: nothing is deployed`,
    });
  const concurrency = find(job, 'concurrency');
  return [
    ...violations,
    ...lintRunner(find(job, 'runs-on'), line, callable),
    ...['container', 'services', 'continue-on-error']
      .flatMap((name) => find(job, name) ?? [])
      .map((found) => ({
        line: found.line,
        rule: 'jobs',
        reason: `${key} has ${found.key}: nobody pins its image or sees its failure`,
      })),
    ...lintEnvironment(find(job, 'env')?.value),
    ...lintShell(find(find(job, 'defaults')?.value, 'run')?.value),
    ...lintPermissions(find(job, 'permissions')),
    ...(concurrency ? lintConcurrency(concurrency, line) : []),
    ...lintSecrets(key, own.secrets, job),
    ...items(find(job, 'steps')?.value).flatMap((step) => lintStep(step, root)),
  ];
}

/** A label as it stands, or the one that the caller has written out; what a run is given decides nothing about where it runs. */
function lintRunner(runner: Entry | undefined, line: number, callable: boolean): Violation[] {
  const handed = runner && isBasicExpression(runner.value) ? runner.value.expression.trim() : null;
  const ok = (runner && literal(runner.value) !== null) || (callable && handed === 'inputs.runner');
  return ok
    ? []
    : [{ line: runner?.line ?? line, rule: 'runner', reason: 'runs-on is a label as it stands' }];
}

export function lintPermissions(permissions: Entry | undefined): Violation[] {
  if (!permissions) return [];
  if (!isMapping(permissions.value))
    return [{ line: permissions.line, rule: 'permissions', reason: 'name each permission of the job' }];
  return entries(permissions.value)
    .filter(({ key, value }) => rights[key] !== literal(value))
    .map(({ key, line }) => ({
      line,
      rule: 'permissions',
      reason: `a job has at most contents: read and id-token: write, not ${key}`,
    }));
}

function lintSecrets(job: string, allowed: readonly string[], token: TemplateToken): Violation[] {
  return secretUses(token)
    .filter(({ name }) => name === null || !allowed.includes(name))
    .map(({ name, line }) => ({
      line,
      rule: 'secrets',
      reason: `${job} may not use ${name === null ? 'secrets other than by name' : `the secret ${name}`}`,
    }));
}

/** Runs wait for each other, and none is cancelled: a run that was cancelled halfway has an outcome nobody knows. */
export function lintConcurrency(concurrency: Entry | undefined, line: number): Violation[] {
  const queue = literal(find(concurrency?.value, 'queue')?.value);
  const cancel = find(concurrency?.value, 'cancel-in-progress');
  const ok = queue === 'max' && cancel !== undefined && String(cancel.value) === 'false';
  return ok
    ? []
    : [
        {
          line: concurrency?.line ?? line,
          rule: 'concurrency',
          reason: 'needs `queue: max` and `cancel-in-progress: false`',
        },
      ];
}
