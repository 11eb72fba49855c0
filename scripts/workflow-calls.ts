// The rules between a caller and the workflow it calls: pinned, secrets by name and each of them, the runner's label written
// out, no more rights than the jobs need. An environment's secret that a caller does not hand over is silently empty.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { isBasicExpression, isMapping, parseWorkflow, trace } from '../sandbox/github/actions/load.ts';
import { lintPermissions } from './workflow-jobs.ts';
import type { Violation } from './workflow-rules.ts';
import { type Entry, entries, find, literal, secretUses } from './workflow-tokens.ts';

const LOCAL = /^\.\/(\.github\/workflows\/[\w-]+\.yml)$/;
const PINNED = /^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w-]+\.yml@[0-9a-f]{40}$/;
const CALLS = ['uses', 'with', 'secrets', 'permissions', 'name', 'needs', 'if'];

/** What stands below `on.workflow_call`; undefined where the file cannot be called. */
export const callOf = (root: TemplateToken): Entry | undefined =>
  find(find(root, 'on')?.value, 'workflow_call');

/** A job that calls a workflow. `root` is the checkout in which `./` is looked up. */
export function lintCall({ key, line, value: job }: Entry, root: string): Violation[] {
  const uses = find(job, 'uses');
  const name = literal(uses?.value) ?? '';
  const path = LOCAL.exec(name)?.[1];
  const broken = (reason: string, at = line): Violation[] => [
    { line: at, rule: 'jobs', reason: `${key} ${reason}` },
  ];
  if (!path && !PINNED.test(name))
    return broken(`calls ${name || 'an expression'}, neither ./ nor pinned by a full commit SHA`);
  const rules = [
    ...lintPermissions(find(job, 'permissions')),
    ...(find(job, 'permissions') ? [] : broken('names no permissions, so that the called jobs have none')),
    ...entries(job).flatMap((entry) =>
      CALLS.includes(entry.key) ? [] : broken(`has ${entry.key}`, entry.line),
    ),
    ...lintHanded(find(job, 'secrets'), line),
    ...lintLabel(find(find(job, 'with')?.value, 'runner'), line),
  ];
  if (!path) return rules;
  if (!existsSync(join(root, path))) return broken(`calls ${path}, which does not exist`);
  const { value: called } = parseWorkflow(
    { name: path, content: readFileSync(join(root, path), 'utf8') },
    trace,
  );
  const call = called && isMapping(called) ? callOf(called) : undefined;
  if (!call) return broken(`calls ${path}, which cannot be called`);
  return [
    ...rules,
    ...differences(
      'secrets',
      names(find(call.value, 'secrets')?.value),
      names(find(job, 'secrets')?.value),
      line,
    ),
    ...differences('inputs', names(find(call.value, 'inputs')?.value), names(find(job, 'with')?.value), line),
  ];
}

const names = (token: TemplateToken | undefined): string[] => entries(token).map(({ key }) => key);

function differences(
  rule: string,
  declared: readonly string[],
  given: readonly string[],
  line: number,
): Violation[] {
  return [
    ...declared
      .filter((name) => !given.includes(name))
      .map((name) => ({ line, rule, reason: `${name} is not handed over, so it would be silently empty` })),
    ...given
      .filter((name) => !declared.includes(name))
      .map((name) => ({ line, rule, reason: `${name} is not declared where it is handed to` })),
  ];
}

/** Each secret under its own name, and never all of them. */
function lintHanded(secrets: Entry | undefined, line: number): Violation[] {
  if (!secrets) return [];
  if (!isMapping(secrets.value))
    return [{ line: secrets.line, rule: 'secrets', reason: 'hand secrets over by name, not all of them' }];
  return entries(secrets.value)
    .filter(({ key, value }) => !isBasicExpression(value) || value.expression.trim() !== `secrets.${key}`)
    .map((entry) => ({
      line: entry.line ?? line,
      rule: 'secrets',
      reason: `${entry.key} is not the secret of that name`,
    }));
}

function lintLabel(runner: Entry | undefined, line: number): Violation[] {
  return runner && literal(runner.value) !== null
    ? []
    : [{ line: runner?.line ?? line, rule: 'runner', reason: 'the runner’s label is written out here' }];
}

/** A file that is called: each secret it uses is declared, and each that is declared is used. */
export function lintDeclared(root: TemplateToken, call: Entry): Violation[] {
  const secrets = find(call.value, 'secrets');
  const declared = names(secrets?.value);
  const uses = entries(find(root, 'jobs')?.value).flatMap((job) => secretUses(job.value));
  return [
    ...uses
      .filter(({ name }) => name !== null && !declared.includes(name))
      .map(({ line, name }) => ({
        line,
        rule: 'secrets',
        reason: `${name} is not declared under workflow_call, so it would be silently empty`,
      })),
    ...entries(secrets?.value)
      .filter(({ key }) => !uses.some(({ name }) => name === key))
      .map(({ key, line }) => ({ line, rule: 'secrets', reason: `${key} is declared and nobody uses it` })),
  ];
}
