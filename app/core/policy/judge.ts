// Judges a script before anything may run it: limits, then the parser, then a walk over every command in every
// context. It must never answer `allow` when a command, an argument or a construct was not understood.
// This room holds what a script may do, as rules over its text; it must not run anything or know people and lanes.
import { withCosts } from './cost.ts';
import { effects, higher } from './effects.ts';
import { factsOf } from './engine/facts.ts';
import { type Inventory, type Notebook, noInput, question, type Run, refusal, report } from './engine/run.ts';
import { callFunction, walk } from './engine/walk.ts';
import { holdsCredential } from './kinds/secrets.ts';
import { limits, preliminary, shebangNotes } from './limits.ts';
import { inForce, organisationIssues } from './organisation.ts';
import { readScript } from './plain/read.ts';
import { locator } from './plain/reader.ts';
import type { Script } from './plain/tree.ts';
import type { Effect, EffectKind, Level, PolicyContext, Risk, Verdict } from './types.ts';

/** Sleeping longer than this in total leaves no time for the fix within the script's own time limit. */
const longestWait = 900;

/** Judges one script; pure, and answers every input: an accident inside, or in the policy's own data, is a refusal. */
export function judge(script: string, context: PolicyContext): Verdict {
  try {
    const verdict = withCosts(judged(script, context), context.targets);
    const notes = shebangNotes(script);
    return notes.length === 0 ? verdict : { ...verdict, notes };
  } catch (error) {
    const sentence = `The policy failed on this script (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}), so it is refused.`;
    const finding = { line: 1, column: 1, command: '', ...refusal('policy-broken', sentence) };
    return { verdict: 'refuse', risk: 'HIGH', effects: [], commands: [], findings: [finding] };
  }
}

/** A script that was read, and what the engine carries along when it begins to walk it. */
export function startOf(script: string, context: PolicyContext): Script & { run: Run } {
  const parsed = readScript(script);
  const facts = factsOf(parsed.body);
  const notebook: Notebook = {
    ...{ commands: [], findings: [], steps: 0, waits: 0, seen: new Set(), regions: new Set() },
    ...{ walked: new Map(), values: new Map(), outputs: new Map(), expanding: new Set() },
  };
  const run: Run = {
    ...{
      context,
      inventory: inventoryOf(context),
      notebook,
      facts,
      at: locator(script),
      directory: facts.directory,
    },
    ...{ input: noInput, loops: [], calls: [], times: 1, wrapped: 0 },
    ...{ valuing: false, bounded: false, elsewhere: false, maybe: false, last: true },
  };
  return { ...parsed, run };
}

function judged(script: string, context: PolicyContext): Verdict {
  const reject = preliminary(script);
  if (reject) {
    const { run } = startOf('', context);
    report(run, { at: locator(script)(reject.offset), source: '' }, reject);
    return verdictOf(run.notebook);
  }
  const start = startOf(script, context);
  judgeInto(script, start);
  return verdictOf(start.run.notebook);
}

function judgeInto(
  script: string,
  { run, body, problems, commands, words }: ReturnType<typeof startOf>,
): void {
  const top = { at: { line: 1, column: 1 }, source: script.slice(0, 80) };
  for (const problem of problems) report(run, problem, problem);
  if (words > limits.words) {
    const sentence = `The script has more than ${limits.words} words and assignments. Split it.`;
    report(run, top, refusal('too-many-words', sentence));
    return;
  }
  if (commands > limits.commands) {
    const sentence = `The script holds ${commands} commands; ${limits.commands} is the most. Split it, or leave out what only looks.`;
    report(run, top, refusal('too-many-commands', sentence));
    return;
  }
  if (holdsCredential(script)) {
    const line = script.split('\n').findIndex((text) => holdsCredential(text));
    const site = { at: { line: Math.max(line, 0) + 1, column: 1 }, source: '' };
    report(
      run,
      site,
      refusal(
        'credential',
        'A credential stands in the script. Leave it out: a tool has the identity of its workspace.',
      ),
    );
  }
  walk(body, run);
  // What the script does not call is read all the same.
  for (const fun of run.facts.functions.values()) {
    if (!run.notebook.walked.has(fun.name)) callFunction(fun, { ...run, maybe: true });
    if (body.includes(fun)) continue;
    const sentence = `Whether ${fun.name} is defined depends on what stands around it; if it is not, bash looks for a program of that name. Define it at the beginning.`;
    report(run, fun, question('not-plain', sentence));
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
    const sentence = `The script may sleep for ${Math.round(run.notebook.waits)} seconds; ${longestWait} is the most. Wait less often, or for less long.`;
    report(run, top, refusal('over-cap', sentence));
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
