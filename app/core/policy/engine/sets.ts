// Variables that a script sets. Nothing is handed on to commands unless it is exported, so that most names mean nothing to them.
// Must never let a name through that the shell itself, or the fixed environment, gives a meaning.
import { mayAssign, mayExport } from '../assignments.ts';
import { holdsCredential, isSecretName } from '../kinds/secrets.ts';
import type { Assign } from '../plain/tree.ts';
import { expandOne, expandWords, picks } from './expand.ts';
import { question, type Run, refusal, report } from './run.ts';
import { literal, show, type Value } from './value.ts';

/** Where a cloud's tool acts when no option says it. */
const region = /^AWS_(DEFAULT_)?REGION$/;

/** `handsOn`: by `export`, or before a command, whose environment it becomes part of. */
export function judgeSets(sets: readonly Assign[], handsOn: boolean, run: Run): void {
  const { values: inventory } = run.inventory;
  for (const set of sets) {
    if (Array.isArray(set.value)) expandWords(set.value, run);
    const word = set.value === null || Array.isArray(set.value) ? null : set.value;
    if (word && grows(set.name, run)) {
      const sentence = `${set.name} holds itself more than once, so that it may grow beyond all memory. Use another variable.`;
      report(run, set, refusal('growth', sentence));
    }
    const values = word ? picks([word], run).map((pick) => expandOne(word, run, pick)) : [];
    for (const value of values) checkSecret(set, value, run);
    if (region.test(set.name)) for (const value of values) run.notebook.regions.add(show(value));
    if (handsOn && word === null)
      report(
        run,
        set,
        question('environment', `Write export ${set.name}=value, so that its value stands with it.`),
      );
    const judge = handsOn ? mayExport : mayAssign;
    for (const value of values.length === 0 ? [null] : values) {
      const said = judge(set.name, value === null ? null : literal(value), inventory);
      if (said !== 'harmless') report(run, set, said);
    }
  }
}

/** What it is made of leads back to it by more ways than one, or by a way round. */
function grows(name: string, run: Run): boolean {
  const made = (of: string): string[] =>
    (run.facts.given.get(of) ?? []).flatMap(({ by }) =>
      by.is === 'word' ? by.word.parts.flatMap((part) => (part.is === 'value' ? [part.name] : [])) : [],
    );
  const seen = new Set<string>();
  const round = (from: string): boolean =>
    made(from).some((next) => {
      if (next === name) return from !== name;
      if (seen.has(next)) return false;
      seen.add(next);
      return round(next);
    });
  const own = run.facts.given.get(name) ?? [];
  return (
    own.some(
      ({ by }) =>
        by.is === 'word' &&
        by.word.parts.filter((part) => part.is === 'value' && part.name === name).length > 1,
    ) || round(name)
  );
}

function checkSecret(set: Assign, value: Value, run: Run): void {
  const text = literal(value) ?? '';
  if (run.inventory.values.has(text)) return;
  if (holdsCredential(text) || (isSecretName(set.name) && /^[^\s/]{6,}$/.test(text)))
    report(run, set, refusal('credential', 'A credential stands in the script.'));
}
