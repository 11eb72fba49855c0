// What grows with every commit equals what is computed from all records: the index, and everything that is earned.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { autoRunsSince } from '#core/incident/budget';
import { dueEffects } from '#core/incident/due';
import { holdOnAll } from '#core/incident/hold';
import { decodeIndex, entryOf, INDEX_PATH, isOver } from '#core/incident/open-index';
import { commitText } from '#core/ledger/commit';
import type { Fact } from '#core/ledger/facts';
import { decodeTree, entryAt, type Objects } from '#core/ledger/git-tree';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { decodeSealed, sealedPath } from '#core/ledger/sealed';
import { gitObjectId } from '#core/text/hash';
import { legal } from '../../../test/support/histories.ts';
import { fact, hex, untilVerifying } from '../../../test/support/incidents.ts';
import { trustOf } from './drift.ts';
import { historyOf } from './history.ts';
import { addFact, begin, seal, type Tip, unseal, type Writing } from './ledger-writer.ts';
import { readHistory, type Summary, summaryOf } from './summary.ts';

function memory(): Writing {
  const objects = new Map<string, Buffer>();
  const read = (id: string): Buffer => {
    const found = objects.get(id);
    if (!found) throw new Error(`${id} is not there`);
    return found;
  };
  const write: Objects['write'] = async (type, content) => {
    const id = gitObjectId(type, content);
    objects.set(id, Buffer.from(content));
    return id;
  };
  return {
    tree: async (id) => decodeTree(read(id)),
    blob: async (id) => read(id).toString(),
    write,
    commit: (parts) => write('commit', Buffer.from(commitText(parts))),
  };
}

const DAY = 86_400_000;
const START = Date.parse('2026-11-03T03:00:00Z');
const kinds = ['purge-cache', 'restart'];
/** A run of one of two remediations, to some end, so that there is something to be earned. */
const run = (key: string, kind: number, ok: boolean, lane: 'auto' | 'human'): Fact[] =>
  untilVerifying
    .map((one): Fact => {
      if (one.type === 'incident.opened') return fact('incident.opened', { key });
      if (one.type === 'remediation.approved') return fact('remediation.approved', { lane });
      if (one.type !== 'remediation.proposed') return one;
      const runbook = { id: 'r', path: 'runbooks/r.md', sha256: hex('a'), block: hex(`${kind}`) };
      return fact('remediation.proposed', { kind: kinds[kind] ?? '', runbook });
    })
    .concat(fact(ok ? 'recovery.confirmed' : 'recovery.refuted'));
const step = fc.record({
  who: fc.nat({ max: 5 }),
  pick: fc.nat(),
  text: fc.string({ unit: 'binary', maxLength: 20 }),
  hours: fc.nat({ max: 20 }),
  whole: fc.boolean(),
  ok: fc.boolean(),
  auto: fc.boolean(),
});

/** A ledger that went through these steps, what is over put away on the way; with every incident as it is. */
async function grown(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) {
  const writing = memory();
  const all = new Map<string, Incident>();
  const commits = new Map<string, string[]>();
  const sealed = new Set<string>();
  let tip: Tip = await begin(writing, START / 1000);
  let now = START;
  for (const { who, pick, text, hours, whole, ok, auto } of steps) {
    now += hours * 3_600_000;
    const key = `pd-walk${who}0`;
    const before = all.get(key) ?? null;
    const list =
      before === null && whole
        ? run(key, who % 2, ok, auto ? 'auto' : 'human')
        : [
            before === null
              ? fact('incident.opened', { key, sample: pick % 5 === 0 ? true : undefined })
              : legal(before, pick, text),
          ];
    // What the app owes is done, one effect after the other, so that incidents are really over.
    const queue = [...list];
    for (let one = queue.shift(); one; one = queue.shift()) {
      const incident = all.get(key) ?? null;
      if (incident && sealed.delete(key)) {
        tip = await unseal(writing, tip, { incident, commits: commits.get(key) ?? [], at: now / 1000 });
      }
      const record = nextRecord(incident, one, new Date(now).toISOString(), { kind: 'app' });
      const folded = fold(incident, record);
      if (!folded.ok) throw new Error(folded.reason);
      const named = [...(commits.get(key) ?? [])].reverse();
      tip = await addFact(writing, tip, { record, incident: folded.incident, before: named, at: now / 1000 });
      all.set(key, folded.incident);
      const [owed] = whole && queue.length === 0 ? dueEffects(folded.incident) : [];
      if (owed) queue.push(fact('effect.done', { effect: owed.name, result: 'told' }));
      commits.set(key, [...(commits.get(key) ?? []), tip.commit ?? '']);
    }
    for (const incident of all.values()) {
      if (sealed.has(incident.key) || !isOver(incident, new Date(now))) continue;
      const own = commits.get(incident.key) ?? [];
      tip = await seal(writing, tip, { incident, commits: own, at: now / 1000 });
      sealed.add(incident.key);
    }
  }
  return { writing, tip, all, sealed, commits, now: new Date(now + DAY / 2) };
}

async function textsBelow(writing: Writing, root: string, path: string): Promise<string[]> {
  const entry = await entryAt(writing, root, path);
  if (!entry) return [];
  if (entry.mode !== '40000') return [await writing.blob(entry.id)];
  const names = (await writing.tree(entry.id)).map(({ name }) => `${path}/${name}`);
  return (await Promise.all(names.map((name) => textsBelow(writing, root, name)))).flat();
}

let told = 0;
let lines = 0;
it('of any ledger: the index and the history say what the records say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      const { writing, tip, all, sealed, commits, now } = await grown(steps);
      const root = tip.root ?? '';
      const [text = ''] = await textsBelow(writing, root, INDEX_PATH);
      const decoded = decodeIndex(text);
      if (!decoded.ok) throw new Error(decoded.reason);
      const open = [...all.values()].filter(({ key }) => !sealed.has(key));
      const entries = open.map((incident) => {
        const newest = commits.get(incident.key)?.at(-1) ?? '';
        return [incident.key, entryOf(incident, newest === tip.commit ? null : newest)] as const;
      });
      expect(decoded.index.open).toEqual(Object.fromEntries(entries));
      if (steps.every(({ hours }) => hours > 0)) expect(decoded.index.held).toEqual(holdOnAll(all.values()));

      for (const key of sealed) {
        const read = decodeSealed((await textsBelow(writing, root, sealedPath(key)))[0] ?? '');
        expect(read).toEqual({ ok: true, records: all.get(key)?.records, commits: commits.get(key) });
      }
      const left: Summary[] = (await textsBelow(writing, root, 'history')).flatMap((day) => {
        const read = readHistory(day);
        if (!read.ok) throw new Error(read.reason);
        return read.summaries;
      });
      told += sealed.size;
      lines += left.length;
      const past = [...open, ...left];
      const everything = [...all.values()];
      for (const [index, kind] of kinds.entries())
        for (const account of [
          { alert: 'checkout-error-rate-is-high', kind, block: hex(`${index}`) },
          {
            alert: 'checkout-error-rate-is-high',
            kind,
            bytes: summaryOf(everything[0] as Incident).earned[0]?.bytes ?? '',
          },
        ])
          expect(historyOf(past, account, now)).toEqual(historyOf(everything, account, now));
      for (const block of [null, hex('0'), hex('1')])
        expect(trustOf(past, block, 90, now)).toEqual(trustOf(everything, block, 90, now));
      expect(autoRunsSince(open, now)).toBe(autoRunsSince(everything, now));
    }),
    { numRuns: 60 },
  );
  // Otherwise nothing was compared.
  expect(told).toBeGreaterThan(5);
  expect(lines).toBeGreaterThan(5);
}, 120_000);
