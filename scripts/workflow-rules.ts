// The rules every workflow of this project keeps, over GitHub's own parser: least rights, no expression in a shell, one
// environment per job, only reviewed code. Must never be satisfied by a construct it does not understand.
import { join } from 'node:path';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { isMapping, parseWorkflow, trace } from '../sandbox/github/actions/load.ts';
import { callOf, lintCall, lintDeclared } from './workflow-calls.ts';
import { lintConcurrency, lintJob } from './workflow-jobs.ts';
import { lintEnvironment, lintShell } from './workflow-steps.ts';
import { contextUses, type Entry, entries, find, items, literal, secretUses } from './workflow-tokens.ts';

export type Violation = { line: number; rule: string; reason: string };

const TRIGGERS = ['workflow_dispatch', 'schedule', 'workflow_call'];

/** Lints one workflow file. `path` is its path in the repository; `root` is the checkout that holds the actions it uses. */
export function lintWorkflow(
  path: string,
  text: string,
  root = join(import.meta.dirname, '..'),
): Violation[] {
  const { context, value } = parseWorkflow({ name: path, content: text }, trace);
  const errors = context.errors.getErrors();
  if (errors.length > 0 || !value || !isMapping(value))
    return errors.length > 0
      ? errors.map((error) => ({
          line: error.range?.start.line ?? 1,
          rule: 'syntax',
          reason: error.rawMessage,
        }))
      : [{ line: 1, rule: 'syntax', reason: 'the file is empty' }];
  const call = callOf(value);
  const outside = entries(value).filter(({ key }) => key !== 'jobs');
  return [
    ...lintTriggers(find(value, 'on')?.value),
    ...lintTop(value),
    ...(call ? lintCalled(value, call) : lintConcurrency(find(value, 'concurrency'), 1)),
    ...contextUses(value, 'vars').map((line) => ({
      line,
      rule: 'vars',
      reason: 'whoever can write can set a variable; what a job is told stands in vigil.yml on main',
    })),
    ...lintEnvironment(find(value, 'env')?.value),
    ...lintShell(find(find(value, 'defaults')?.value, 'run')?.value),
    ...outside
      .flatMap((entry) => secretUses(entry.value))
      .map(({ line }) => ({ line, rule: 'secrets', reason: 'secrets belong to a job, not to all of them' })),
    ...entries(find(value, 'jobs')?.value).flatMap((job) =>
      find(job.value, 'uses') ? lintCall(job, root) : lintJob(job, root, call !== undefined),
    ),
  ].sort((a, b) => a.line - b.line);
}

/** A file that is called has no other trigger, and its callers hold runs apart: two groups of one name would block each other. */
function lintCalled(root: TemplateToken, call: Entry): Violation[] {
  const others = entries(find(root, 'on')?.value).filter(({ key }) => key !== 'workflow_call');
  const concurrency = find(root, 'concurrency');
  return [
    ...others.map(({ key, line }) => ({
      line,
      rule: 'triggers',
      reason: `a file that is called is not started by ${key} as well`,
    })),
    ...(concurrency
      ? [{ line: concurrency.line, rule: 'concurrency', reason: 'its callers have the concurrency' }]
      : []),
    ...lintDeclared(root, call),
  ];
}

function lintTriggers(on: TemplateToken | undefined): Violation[] {
  const named = [
    ...entries(on).map(({ key, line }) => ({ name: key, line })),
    ...[on, ...items(on)].flatMap((item) => {
      const name = literal(item);
      return name === null ? [] : [{ name, line: item?.line ?? 1 }];
    }),
  ];
  if (named.length === 0)
    return [{ line: on?.line ?? 1, rule: 'triggers', reason: 'no trigger can be read' }];
  return named
    .filter(({ name }) => !TRIGGERS.includes(name) && !(name === 'push' && onlyMain(on)))
    .map(({ name, line }) => ({
      line,
      rule: 'triggers',
      reason: `${name} lets somebody outside start it; only ${TRIGGERS.join(', ')} and a push to main may`,
    }));
}

/** A push to main is a merge: it was reviewed, and a branch or tag of anybody else starts nothing. */
function onlyMain(on: TemplateToken | undefined): boolean {
  const push = find(on, 'push')?.value;
  const branches = items(find(push, 'branches')?.value).map(literal);
  const others = entries(push).some(({ key }) => key !== 'branches' && key !== 'paths');
  return !others && branches.length === 1 && branches[0] === 'main';
}

function lintTop(root: TemplateToken): Violation[] {
  const permissions = find(root, 'permissions');
  const none = permissions && isMapping(permissions.value) && permissions.value.count === 0;
  return none
    ? []
    : [
        {
          line: permissions?.line ?? 1,
          rule: 'permissions',
          reason: 'needs `permissions: {}` at the top, so that a job has what it names and nothing else',
        },
      ];
}
