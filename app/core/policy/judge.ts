// Judges a script before anything may run it: limits, then the parser, then a walk over every command in every
// context. It must never answer `allow` when a command, an argument or a construct was not understood.
// This room holds what a script may do, as rules over its text; it must not run anything or know people and lanes.
import { withCosts } from './cost.ts';
import { effects, higher } from './effects.ts';
import { noInput } from './engine/redirect.ts';
import { type Inventory, type Notebook, question, type Run, refusal, report } from './engine/run.ts';
import { emptyScope } from './engine/scope.ts';
import { walk } from './engine/walk.ts';
import { holdsCredential } from './kinds/secrets.ts';
import { limits, preliminary } from './limits.ts';
import { inForce, organisationIssues } from './organisation.ts';
import { locator } from './parse/reader.ts';
import { readScript } from './parse/statements.ts';
import type { Effect, EffectKind, Level, PolicyContext, Risk, Verdict } from './types.ts';

/** Sleeping longer than this in total leaves no time for the fix within the script's own time limit. */
const longestWait = 900;

/** Judges one script; pure, and answers every input: an accident inside, or in the policy's own data, is a refusal. */
export function judge(script: string, context: PolicyContext): Verdict {
  try {
    return withCosts(judged(script, context), context.targets);
  } catch (error) {
    const sentence = `The policy failed on this script (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}), so it is refused.`;
    const finding = { line: 1, column: 1, command: '', ...refusal('policy-broken', sentence) };
    return { verdict: 'refuse', risk: 'HIGH', effects: [], commands: [], findings: [finding] };
  }
}

function judged(script: string, context: PolicyContext): Verdict {
  const notebook: Notebook = {
    commands: [],
    findings: [],
    steps: 0,
    waits: 0,
    seen: new Set(),
    regions: new Set(),
    defined: new Set(),
    called: new Set(),
  };
  const run: Run = {
    context,
    inventory: inventoryOf(context),
    notebook,
    scope: emptyScope(),
    input: noInput,
    bounded: false,
    turning: false,
    wrapped: 0,
    loops: [],
    returns: null,
    times: 1,
    calls: [],
    elsewhere: false,
    maybe: false,
    last: true,
    heard: /^[ \t]{0,20}set -[a-z]{0,9}e/m.test(script),
  };
  judgeInto(script, run);
  return verdictOf(notebook);
}

function judgeInto(script: string, run: Run): void {
  const top = { at: { line: 1, column: 1 }, source: script.slice(0, 80) };
  const reject = preliminary(script);
  if (reject) {
    report(run, { at: locator(script)(reject.offset), source: '' }, reject);
    return;
  }
  const parsed = readScript(script);
  for (const problem of parsed.problems) report(run, problem, refusal(problem.code, problem.sentence));
  if (parsed.commands > limits.commands) {
    report(
      run,
      top,
      refusal('too-many-commands', `The script holds ${parsed.commands} commands; 64 is the most.`),
    );
    return;
  }
  if (holdsCredential(script)) {
    const line = script.split('\n').findIndex((text) => holdsCredential(text));
    const site = { at: { line: Math.max(line, 0) + 1, column: 1 }, source: '' };
    report(run, site, refusal('credential', 'A credential stands in the script.'));
  }
  walk(parsed.body, run);
  // Bash may still find a way to call what the script does not.
  for (const own of run.notebook.defined) {
    if (!run.notebook.called.has(own)) walk([own.body], { ...run, scope: emptyScope(), maybe: true });
  }
  const { organisation } = run.context;
  const rules = organisation ? inForce(organisation) : [];
  for (const command of organisation ? run.notebook.commands : []) {
    const { line, column, argv } = command;
    const site = { at: { line, column }, source: argv.join(' ') };
    if (organisation)
      for (const issue of organisationIssues(command, organisation, rules)) report(run, site, issue);
  }
  if (run.notebook.commands.length === 0) report(run, top, question('empty', 'The script does nothing.'));
  if (run.notebook.waits > longestWait) {
    report(
      run,
      top,
      refusal(
        'over-cap',
        `The script may sleep for ${Math.round(run.notebook.waits)} seconds; 900 is the most.`,
      ),
    );
  }
}

function inventoryOf(context: PolicyContext): Inventory {
  const values = new Set(Object.values(context.parameters).filter((value) => value !== ''));
  const hosts = new Set<string>();
  for (const value of values) {
    const url = URL.parse(value);
    if (url && /^https?:$/.test(url.protocol)) hosts.add(url.host);
    else if (/^[\w.-]+(:\d+)?$/.test(value) && /[.:]|^localhost$/.test(value)) hosts.add(value);
  }
  for (const action of context.actions) {
    const host = URL.parse(action.url)?.host;
    if (host) hosts.add(host);
  }
  return { values, hosts };
}

/** The table's risk; a table without one is broken, and must not pass for harmless. */
function riskOf(effect: EffectKind): Risk {
  const { risk } = effects[effect];
  if (!['LOW', 'MEDIUM', 'HIGH'].includes(risk)) throw new Error(`the effect ${effect} has no risk`);
  return risk;
}

function verdictOf(notebook: Notebook): Verdict {
  const level = notebook.findings.reduce<'allow' | Level>(
    (worst, f) => (worst !== 'refuse' && f.level === 'review' ? 'review' : 'refuse'),
    'allow',
  );
  const byEffect = new Map<string, Effect>();
  for (const { effect, target, selfRestoring } of notebook.commands) {
    if (effect !== 'read') byEffect.set(`${effect} ${target}`, { kind: effect, target, selfRestoring });
  }
  const start: Risk = level === 'allow' ? 'LOW' : level === 'refuse' ? 'HIGH' : 'MEDIUM';
  return {
    verdict: level,
    risk: notebook.commands.reduce<Risk>((risk, c) => higher(risk, riskOf(c.effect)), start),
    effects: [...byEffect.values()],
    commands: notebook.commands,
    findings: notebook.findings.toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
}
