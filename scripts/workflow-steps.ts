// The rules of one step: no expression reaches a shell, only this project's own actions or pinned ones run, and an own
// action gets exactly the inputs it declares. Must never judge an action.yml that the parser refuses.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import {
  convertActionTemplate,
  isBasicExpression,
  parseAction,
  trace,
} from '../sandbox/github/actions/load.ts';
import type { Violation } from './workflow-rules.ts';
import { entries, find, literal } from './workflow-tokens.ts';

const OWN = /^\$\/(actions\/[a-z][a-z0-9-]*)$/;
const PINNED = /^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/;

/** `root` is the checkout in which `$/actions/NAME` is looked up. */
export function lintStep(step: TemplateToken, root: string): Violation[] {
  const run = find(step, 'run');
  const uses = find(step, 'uses');
  const written = literal(run?.value);
  if (run && (written === null || isBasicExpression(run.value) || written.includes('${{')))
    return [
      { line: run.line, rule: 'run', reason: 'an expression would become part of a script; pass it by env' },
    ];
  return [
    ...lintShell(step),
    ...lintEnvironment(find(step, 'env')?.value),
    ...(uses ? lintUses(step, uses.line, literal(uses.value), root) : []),
  ];
}

/** What decides how a script is run is written here, not computed; also below `defaults.run`. */
export function lintShell(token: TemplateToken | undefined): Violation[] {
  return ['shell', 'working-directory']
    .flatMap((key) => find(token, key) ?? [])
    .filter(({ value }) => literal(value) === null)
    .map(({ key, line }) => ({ line, rule: 'run', reason: `an expression would decide the ${key}` }));
}

// Variables that make a shell, a loader or Node run something else, whatever the script says.
const STEERING =
  /^(PATH|IFS|ENV|SHELLOPTS|BASHOPTS|BASH_.*|LD_.*|DYLD_.*|NODE_.*|GIT_.*|PERL5.*|PYTHON.*|RUBY.*|npm_.*)$/i;

/** No step gets a variable that could replace what it runs. */
export function lintEnvironment(env: TemplateToken | undefined): Violation[] {
  return entries(env)
    .filter(({ key }) => STEERING.test(key))
    .map(({ key, line }) => ({
      line,
      rule: 'env',
      reason: `${key} decides what is run, not what it is told`,
    }));
}

function lintUses(step: TemplateToken, line: number, uses: string | null, root: string): Violation[] {
  const folder = OWN.exec(uses ?? '')?.[1];
  if (!folder) {
    return PINNED.test(uses ?? '')
      ? lintForeign(find(step, 'with')?.value, line, uses ?? '')
      : [
          {
            line,
            rule: 'uses',
            reason: `${uses ?? 'an expression'} is neither $/actions/NAME nor pinned by a full commit SHA`,
          },
        ];
  }
  const file = join(root, folder, 'action.yml');
  if (!existsSync(file)) return [{ line, rule: 'uses', reason: `${folder}/action.yml does not exist` }];
  const declared = declaredInputs(readFileSync(file, 'utf8'), file);
  const given = entries(find(step, 'with')?.value);
  return [
    ...given
      .filter(({ key }) => !declared.has(key))
      .map(({ key, line: at }) => ({ line: at, rule: 'inputs', reason: `${uses} has no input ${key}` })),
    ...[...declared]
      .filter(([name, required]) => required && !given.some(({ key }) => key === name))
      .map(([name]) => ({ line, rule: 'inputs', reason: `${uses} requires the input ${name}` })),
  ];
}

/** Of others' actions: no code by expression, and of the repository only the commit the workflow itself comes from. */
function lintForeign(given: TemplateToken | undefined, line: number, uses: string): Violation[] {
  const code = ['script', 'run', 'args', 'entrypoint']
    .flatMap((key) => find(given, key) ?? [])
    .filter(({ value }) => literal(value) === null)
    .map(({ key, line: at }) => ({
      line: at,
      rule: 'run',
      reason: `an expression would become part of ${key}`,
    }));
  if (!/^actions\/checkout@/i.test(uses)) return code;
  const ref = find(given, 'ref')?.value;
  const exact = ref && isBasicExpression(ref) && ref.expression.trim() === 'github.workflow_sha';
  const kept = String(find(given, 'persist-credentials')?.value ?? 'true') !== 'false';
  return [
    ...code,
    ...(exact
      ? []
      : [{ line, rule: 'checkout', reason: 'checks out something other than github.workflow_sha' }]),
    ...(kept
      ? [{ line, rule: 'checkout', reason: 'leaves its token on disk: persist-credentials: false' }]
      : []),
  ];
}

/** Names to whether they are required. */
function declaredInputs(content: string, name: string): Map<string, boolean> {
  const { context, value } = parseAction({ name, content }, trace);
  const action = value && convertActionTemplate(context, value);
  const [problem] = context.errors.getErrors();
  if (!action || problem) throw new Error(`${name}: ${problem?.message ?? 'is empty'}`);
  return new Map((action.inputs ?? []).map((input) => [input.id, input.required === true]));
}
