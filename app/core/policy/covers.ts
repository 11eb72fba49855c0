// Whether an undo covers its fix: each lasting act has its inverse on the same object, in a place that certainly runs.
// Must never take a command for an undo that nobody described: a person has to know what it does.
import { type Act, actsOf } from './acts.ts';
import { irreversible } from './effects.ts';
import { final, inverses, twoStates } from './inverses.ts';
import type { JudgedCommand, Level } from './types.ts';

/** A lasting act of the fix that nothing in the undo is known to put back. */
export type Uncovered = {
  command: JudgedCommand;
  level: Level;
  /** `uncovered`: an undo is missing. `irreversible`: there can be none. `undo-unknown`: only a person can tell. */
  code: 'uncovered' | 'irreversible' | 'undo-unknown';
  sentence: string;
};

/** Every lasting act without an inverse, in the order of the fix. `undo`: null when there is no undo. */
export function uncovered(fix: readonly JudgedCommand[], undo: readonly JudgedCommand[] | null): Uncovered[] {
  const lasting = fix.filter(({ effect, selfRestoring }) => effect !== 'read' && !selfRestoring);
  const acts = lasting.filter(({ effect }) => effect !== 'unknown').flatMap(actsOf);
  const back = (undo ?? []).flatMap(actsOf);
  const strange = (undo ?? []).filter(({ effect, maybe }) => effect === 'unknown' && !maybe);
  const missing = acts
    .filter((act, at) => !putsBackEarlier(act, acts.slice(0, at)))
    .flatMap((act) => judgeAct(act, acts, back, strange, undo === null));
  return [...missing, ...lasting.filter(({ effect }) => effect === 'unknown').map(unknownAct)].toSorted(
    (a, b) => a.command.line - b.command.line || a.command.column - b.command.column,
  );
}

/** `systemctl stop` and then `start` of one unit: the start is the stop's inverse already. The stop still needs one, for a fix that breaks off. */
const putsBackEarlier = (act: Act, before: readonly Act[]): boolean =>
  act.part !== null &&
  twoStates.has(act.part) &&
  before.some((one) => !one.command.maybe && sameObject(act, one) && undoes(act, one));

function judgeAct(
  act: Act,
  all: readonly Act[],
  back: readonly Act[],
  strange: readonly JudgedCommand[],
  none: boolean,
): Uncovered[] {
  const { command, effect } = act;
  const say = (level: Level, code: Uncovered['code'], sentence: string): Uncovered[] => [
    { command, level, code, sentence },
  ];
  if (irreversible.has(effect))
    return say('review', 'irreversible', `Nothing can undo ${shown(command)}: ${final[effect]}.`);
  const why = lacks(act, all, back, none);
  if (why === null) return [];
  const meant = strange.find((one) => one.argv.some((word) => named(word, act.name)));
  if (meant)
    return say(
      'review',
      'undo-unknown',
      `Nobody described ${shown(meant)} to the policy, so only a person can tell whether it undoes ${shown(command)}.`,
    );
  const inverse = inverses[effect];
  const would = act.action?.undone_by ? `the action ${act.action.undone_by}` : (inverse?.would ?? null);
  return say(
    'refuse',
    'uncovered',
    would
      ? `${why} What would: ${would}, by a command that always runs. If nothing can, say so with undo: { impossible: … }.`
      : `Nothing can undo ${shown(command)}: ${final[effect] ?? 'no inverse of it is known'}. Say so with undo: { impossible: … }, and a person decides.`,
  );
}

/** Why nothing in the undo is this act's inverse; null: it has one. */
function lacks(act: Act, all: readonly Act[], back: readonly Act[], none: boolean): string | null {
  const what = shown(act.command);
  if (none) return `There is no undo, and ${what} changes something that does not restore itself.`;
  const same = back.filter((one) => paired(one, act) || (sameObject(one, act) && one.part === act.part));
  if (act.part === null || same.length === 0) {
    const other = back.find((one) => one.part === act.part && act.part !== null);
    return other
      ? `The undo does not put back ${what}: its line ${other.command.line} acts on ${told(other.object)}, not on ${told(act.object)}.`
      : `The undo does not put back ${what}.`;
  }
  const again = same.find((one) => !undoes(one, act));
  if (again)
    return `The undo does not put back ${what}: its line ${again.command.line} sets the same once more, or something else.`;
  const spare = same.every((one) => one.command.maybe);
  if (spare)
    return `The undo does not put back ${what} for certain: its line ${same[0]?.command.line} may be left out, or fail unheard.`;
  const turns = all.filter((one) => sameObject(one, act) && one.part === act.part);
  if (act.toggle && act.value === null && same.some((one) => one.toggle && one.value === null)) {
    if (turns.length > 1 || same.length > 1 || [...turns, ...same].some((one) => one.command.again))
      return `${what} runs more than once, so nobody can tell where the undo leads.`;
  }
  return null;
}

/** Two actions of which vigil.yml says that one undoes the other. */
const paired = (a: Act, b: Act): boolean =>
  a.action !== null &&
  b.action !== null &&
  (a.action.undone_by === b.action.id || b.action.undone_by === a.action.id);

const sameObject = (a: Act, b: Act): boolean =>
  a.object === b.object && (a.action === null) === (b.action === null);

/** Whether `undo` puts back what `act` did, given that both are about the same object. */
function undoes(undo: Act, act: Act): boolean {
  if (paired(undo, act)) return true;
  if (act.action?.undone_by || !inverses[act.effect]?.by.includes(undo.effect)) return false;
  if (undo.effect !== act.effect) return true;
  if (act.toggle && undo.toggle && act.value === null && undo.value === null) return true;
  if (act.unsure || undo.unsure) return false;
  if (act.way !== null && undo.way !== null) return act.way !== undo.way;
  // An action that names no state may set any, unless one of the two deletes what the other makes.
  if (act.action && (act.value === null || undo.value === null))
    return [act.value, undo.value].includes('DELETE') && act.value !== undo.value;
  return act.value !== undo.value && settingsOf(act) === settingsOf(undo);
}

/** What is set by `name=value` words: another container's image is not this one's. */
const settingsOf = ({ value }: Act): string =>
  (value ?? '')
    .split(' ')
    .flatMap((word) => (/^[^-=][^=]*=/.test(word) ? [word.slice(0, word.indexOf('='))] : []))
    .toSorted()
    .join(' ');

function unknownAct(command: JudgedCommand): Uncovered {
  return {
    command,
    level: 'review',
    code: 'undo-unknown',
    sentence: `Nobody described ${shown(command)} to the policy, so only a person can tell whether it lasts and what undoes it.`,
  };
}

/** Whether a word holds a name as a whole: `flags/new-pricing` holds `new-pricing`, and `pricing` too. */
const named = (word: string, name: string): boolean =>
  plainWords(name) !== '  ' && plainWords(word).includes(plainWords(name));
const plainWords = (text: string): string =>
  ` ${text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
    .join(' ')} `;

const shown = ({ argv }: JudgedCommand): string => {
  const text = argv.join(' ');
  return `\`${text.length > 160 ? `${text.slice(0, 159)}…` : text}\``;
};

/** An object without the tool's name. */
const told = (object: string): string => object.replace(/^\S+ /, '');
