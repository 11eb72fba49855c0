// The kinds of values that tool rules name: each says whether an argument is of that kind, and why not.
// It must never accept an argument known only at run time where its text could change what happens.

import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Arg, literal, shapeOf, show, textOf, type Value } from '../engine/value.ts';
import { checkAwk } from '../languages/awk.ts';
import { checkJq } from '../languages/jq.ts';
import { checkSed } from '../languages/sed.ts';
import { checkSql } from '../languages/sql.ts';
import type { EffectKind } from '../types.ts';
import { checkAmount } from './amounts.ts';
import { checkClient, checkConnection } from './connections.ts';
import { checkHost, checkOwnHost, checkReadUrl, checkServer } from './network.ts';
import { checkLook, checkRead, checkRemove, checkWrite } from './paths.ts';
import { secretWords } from './secrets.ts';

/** What a kind may ask and tell about the command it judges. */
export type Setting = {
  run: Run;
  changes: boolean;
  targets: string[];
  many: boolean;
  effect: EffectKind | null;
};

type Check = (value: Value, argument: string, setting: Setting, arg: Arg) => Issue | null;

const known = (value: Value, setting: Setting): Issue | null => {
  // A pattern that matches no file stays as it is written.
  const fixed = value.every((p) => typeof p === 'string' || (p.shape === 'glob' && !setting.changes));
  if (fixed) return null;
  const sentence = `${show(value)} is known only at run time.`;
  return setting.changes ? refusal('tainted', sentence) : question('tainted', sentence);
};

const matches = (value: Value, form: RegExp, what: string, setting: Setting): Issue | null =>
  known(value, setting) ??
  (form.test(literal(value) ?? '') ? null : question('value', `${show(value)} is not ${what}.`));

/** A program in a small language: what it becomes at run time cannot be judged. */
const code = (value: Value): Issue | null =>
  literal(value) === null ? refusal('runs-code', 'The program text is put together at run time.') : null;

/** Seconds in `30`, `30s`, `5m`, `1h30m`, `100ms`, `2d`; null if it is none of these. */
export function seconds(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|us|s|m|h|d))+$/.test(text)) return null;
  const units: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|s|m|h|d)/g)].reduce(
    (sum, [, n, u]) => sum + Number(n) * (units[u ?? 's'] ?? 1),
    0,
  );
}

/** A value that stays one argument does no harm to a command that only reads, whatever its text. */
const whole = (value: Value, s: Setting, arg: Arg): Issue | null =>
  !arg.splits || /name|number/.test(shapeOf(value)) ? null : known(value, s);

/** Patterns of `like` kinds, made once each. */
const patterns = new Map<string, RegExp>();
function pattern(form: string): RegExp {
  const made = patterns.get(form) ?? new RegExp(`^(?:${form})$`);
  patterns.set(form, made);
  return made;
}

const kinds: Readonly<Record<string, Check>> = {
  any: () => null,
  word: (value, _, s, arg) => (s.changes ? known(value, s) : whole(value, s, arg)),
  literal: (value, _, s) => known(value, s),
  /** Text that says which machine is asked, or what it is asked for. */
  name: (value) =>
    literal(value) === null
      ? refusal('exfiltration', `${show(value)} is known only at run time and would leave this machine.`)
      : null,
  one: (value, options, s) =>
    known(value, s) ??
    (options.split('|').includes(literal(value) ?? '')
      ? null
      : question('value', `${show(value)} is not one of ${options.replaceAll('|', ', ')}.`)),
  like: (value, form, s) => matches(value, pattern(form), 'of the expected form', s),
  int: (value, range, s, arg) => {
    const [low = 0, high = Number.MAX_SAFE_INTEGER] = range ? range.split('..').map(Number) : [];
    // A limit cannot be checked before the run; without one, a wrong number only makes the command fail.
    if (literal(value) === null && !range && !s.changes) return whole(value, s, arg);
    const wrong = matches(value, /^[+-]?\d{1,15}$/, 'a whole number', s);
    const n = Number(literal(value));
    if (wrong || !range || (n >= low && n <= high)) return wrong;
    return refusal('over-cap', `${show(value)} is not between ${low} and ${high}.`);
  },
  amount: (value, range) => checkAmount(value, range),
  duration: (value, most, s) => {
    const unknown = known(value, s);
    const length = seconds(literal(value) ?? '');
    if (/^\+?inf(inity)?$/i.test(literal(value) ?? '')) return refusal('endless', 'This never ends.');
    if (unknown || length === null)
      return unknown ?? question('value', `${show(value)} is not a length of time.`);
    return most && length > Number(most)
      ? refusal('over-cap', `${show(value)} is longer than ${most} seconds.`)
      : null;
  },
  read: (value, _, s) => checkRead(value, s.run),
  look: (value, _, s) => checkLook(value, s.run),
  write: (value, _, s) => {
    if (/^\/dev\/(null|stdout|stderr)$/.test(literal(value) ?? '')) return null;
    s.effect ??= 'files.write';
    s.targets.push(show(value));
    return checkWrite(value, s.run);
  },
  remove: (value, _, s) => {
    s.targets.push(show(value));
    return checkRemove(value, s.run);
  },
  host: (value, _, s) => (s.changes ? checkOwnHost(value, s.run) : null) ?? checkHost(value, s.run),
  /** Servers to which a client brings its credentials, and whole connections. */
  client: (value, _, s) => checkClient(value, s.run),
  connection: (value, _, s) => checkConnection(value, s.run),
  /** A word of dig: an option, a record type, a server or a name that is looked up. */
  lookup: (value, _, s) => {
    const text = literal(value);
    if (text !== null && /^(\+[a-z]+(=\d{1,4})?|[A-Z]{1,10}|[a-z]{1,5})$/.test(text)) return null;
    return checkHost(text === null ? value : [text.replace(/^@/, '')], s.run);
  },
  hostport: (value, _, s) => {
    const text = literal(value);
    return checkHost(text === null ? value : [text.replace(/:\d{1,5}$/, '')], s.run);
  },
  url: (value, _, s) => checkReadUrl(value, s.run),
  server: (value, _, s) => checkServer(value, s.run),
  /** What is searched for; in one known log any word is fine, across many files some words are not. */
  pattern: (value, _, s) =>
    s.many && secretWords.test(show(value))
      ? refusal('secret-search', 'This searches many files for secrets.')
      : null,
  awk: (value) => code(value) ?? checkAwk(literal(value) ?? ''),
  sed: (value) => code(value) ?? checkSed(literal(value) ?? ''),
  jq: (value, dialect) => code(value) ?? checkJq(literal(value) ?? '', dialect),
  sql: (value, dialect, s) => sqlIssue(value, dialect, s),
  target: (value, _, s) => target(value, s),
  /** A program of a supervisor, or what stands in its group: `worker`, `worker:*`, `worker:worker_01`. */
  program: (value, _, s) => {
    const text = literal(value);
    const group = text?.replace(/:(\*|[\w.-]+)$/, '');
    return target(group === undefined || s.run.inventory.values.has(text ?? '') ? value : [group], s);
  },
  /** A configuration of logrotate: of the inventory, or by its name of what the inventory names. */
  rotation: (value, _, s) => {
    const text = literal(value);
    const name = /^\/etc\/logrotate\.d\/([\w.-]+)$/.exec(text ?? '')?.[1];
    if (name === undefined || s.run.inventory.values.has(text ?? '')) return target(value, s);
    s.targets.push(text ?? '');
    return (
      inInventory([name], s) ??
      question(
        'asks',
        `Only its name says that ${text} is the configuration of ${name}; a parameter with the path needs nobody.`,
      )
    );
  },
  /** A file that the tool obeys. */
  settings: (value, _, s) =>
    known(value, { ...s, changes: true }) ??
    (s.run.inventory.values.has(literal(value) ?? '')
      ? null
      : question(
          'unknown-path',
          `What ${show(value)} says is not judged; a file that a parameter of the inventory names needs nobody.`,
        )),
  scope: (value, _, s) =>
    s.changes ? inInventory(value, s) : /name|number/.test(shapeOf(value)) ? null : known(value, s),
};

/** True if the policy has a check for this kind; a test holds the tools' data to it. */
export const isKind = (kind: string): boolean => kind.replace(/^[?*]/, '').replace(/:[\s\S]*$/, '') in kinds;

/** Judges one argument by its kind. */
export function checkKind(kind: string, arg: Arg, setting: Setting): Issue | null {
  const colon = kind.indexOf(':');
  const check = kinds[colon < 0 ? kind : kind.slice(0, colon)];
  if (!check) return refusal('policy', `The policy's own data name the unknown kind ${kind}.`);
  const value =
    arg.splits && textOf(arg) === null && arg.value.some((p) => typeof p === 'object' && p.shape === 'text')
      ? [...arg.value]
      : arg.value;
  return check(value, colon < 0 ? '' : kind.slice(colon + 1), setting, arg);
}

/** What a command changes: it must be a value of the incident's inventory, letter by letter. */
function target(value: Value, setting: Setting): Issue | null {
  if (!setting.changes) return /name|number|path/.test(shapeOf(value)) ? null : known(value, setting);
  setting.targets.push(show(value));
  return inInventory(value, setting);
}

function inInventory(value: Value, setting: Setting): Issue | null {
  const text = literal(value);
  if (text === null)
    return refusal('tainted-target', `What is changed, ${show(value)}, is known only at run time.`);
  const values = setting.run.inventory.values;
  const plain = text.replace(/^[a-z.]+\//, '').replace(/\.(service|timer|socket)$/, '');
  if (values.has(text) || values.has(plain) || values.has(`${plain}.service`)) return null;
  return refusal(
    'foreign-target',
    `${text} is not in the incident's inventory, so it is not this script's to change.`,
  );
}

function sqlIssue(value: Value, dialect: string, setting: Setting): Issue | null {
  const text = literal(value);
  if (text === null) return refusal('tainted', 'The SQL is put together at run time.');
  const found = checkSql(text, dialect === 'mysql' ? 'mysql' : 'pg');
  if (found.effect === null || found.issue?.level === 'refuse') return found.issue;
  setting.effect = found.effect;
  setting.targets.push(...found.targets);
  const foreign = found.named
    ? found.targets.map((name) => inInventory([name], { ...setting, changes: true }))
    : [];
  return foreign.find((issue) => issue !== null) ?? found.issue;
}
