// When a workspace is left behind: never while its script may run or its job may take it away, and then told now and again.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { statusComment } from '#core/messages/issue';
import {
  fact,
  incidentOf,
  KEY,
  untilMerged,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { dueEffects } from './due.ts';
import { isAtWork, leftAsTold, tellLeft } from './left-workspaces.ts';

const FIX = `vigil-${KEY}-1`;
const UNDO = `${FIX}-undo`;
const url = 'https://coder.acme.example';
const healed = [...untilVerifying, fact('recovery.confirmed')];
const executing = [...untilMerged, fact('remediation.started')];
const refutedClean = [...untilVerifying, fact('recovery.refuted'), fact('workspace.deleted')];
const refuted = [...untilVerifying, fact('recovery.refuted')];
const undoFinished = fact('undo.finished', { outcome: 'failed', ok: false, exit: null });
/** Seconds after the newest record. */
const later = (incident: Incident, seconds: number): Date =>
  new Date(Date.parse(incident.records.at(-1)?.at ?? '') + seconds * 1000);
const named = (incident: Incident, seconds: number): string[] =>
  tellLeft(incident, url, later(incident, seconds)).map(
    ({ data }) => (data as { workspace: string }).workspace,
  );

test.each<[what: string, facts: readonly Fact[], after: number, left: string[]]>([
  ['one that its job may still take away', healed, 790, []],
  ['one that its job did not take away', healed, 800, [FIX]],
  ['one that is gone', [...healed, fact('workspace.deleted')], 99_999, []],
  ['one whose script runs', [...untilMerged, fact('remediation.started')], 99_999, []],
  [
    'one whose script is lost',
    [...untilMerged, fact('remediation.started'), fact('remediation.lost')],
    800,
    [FIX],
  ],
  [
    'one that was refused, of which none was made',
    [...executing, fact('remediation.finished', { ok: false, outcome: 'refused', exit: null })],
    99_999,
    [],
  ],
  ['one whose undo runs', [...refutedClean, fact('undo.started')], 99_999, []],
  ['one whose undo nobody saw end', [...refutedClean, fact('undo.started'), undoFinished], 800, [UNDO]],
  [
    'the fix’s beside an undo, which begins when the script of the fix is dead',
    [...refuted, fact('undo.started')],
    800,
    [FIX],
  ],
  ['none at all', untilMerged, 99_999, []],
])('whether the ledger has %s', (_, facts, after, left) => {
  expect(named(incidentOf(facts), after)).toEqual(left);
});

test('an undo of an attempt that is over is left when no job can run it any more', () => {
  const again = withFacts(incidentOf([...refutedClean, fact('undo.started')]), [fact('incident.reopened')]);
  expect(named(again, 90 * 60)).toEqual([]);
  expect(named(again, 90 * 60 + 200)).toEqual([UNDO]);
});

test('only the workspace of the script that runs now is at work', () => {
  const fixing = incidentOf([...untilMerged, fact('remediation.started')]);
  const undoing = incidentOf([...refuted, fact('undo.started')]);
  expect([isAtWork(fixing, FIX), isAtWork(fixing, UNDO)]).toEqual([true, false]);
  expect([isAtWork(undoing, FIX), isAtWork(undoing, UNDO)]).toEqual([false, true]);
  expect(isAtWork(incidentOf(healed), FIX)).toBe(false);
});

test('what stays is told again with growing pauses, eight times at most', () => {
  let incident = incidentOf(healed);
  const told: number[] = [];
  const start = Date.parse(incident.records.at(-1)?.at ?? '');
  for (let hours = 0; hours < 24 * 14; hours++) {
    const now = new Date(start + hours * 3_600_000);
    const news = tellLeft(incident, url, now);
    if (news.length === 0) continue;
    told.push(hours);
    // A record at its own time: withFacts numbers the seconds.
    incident = { ...withFacts(incident, news) };
    const records = incident.records.map((record) =>
      record.seq === incident.seq ? { ...record, at: now.toISOString() } : record,
    );
    incident = { ...incident, records };
  }
  expect(told).toEqual([1, 2, 4, 8, 16, 32, 56, 80]);
});

test('the job that removes it is owed once for each telling, until it is gone, and a hold does not keep it', () => {
  const left = withFacts(incidentOf(healed), [fact('workspace.left')]);
  const owed = (incident: Incident) =>
    dueEffects(incident, true).flatMap(({ kind, name }) => (kind === 'watch.dispatch' ? [name] : []));
  expect(owed(left)).toEqual([`watch.dispatch#1.${left.seq}`]);
  const done = withFacts(left, [
    fact('effect.done', { effect: `watch.dispatch#1.${left.seq}`, result: 'x' }),
  ]);
  expect(owed(done)).toEqual([]);
  const again = withFacts(done, [fact('workspace.left')]);
  expect(owed(again)).toEqual([`watch.dispatch#1.${again.seq}`]);
  expect(owed(withFacts(again, [fact('workspace.deleted')]))).toEqual([]);
});

test('the issue says it with the address of its page, says it again when it stays and then no more, and takes it back when it is gone', () => {
  const page = `${url}/workspaces?filter=name%3A${FIX}`;
  const left = withFacts(incidentOf(healed), [fact('workspace.left', { url: page })]);
  expect(statusComment(left)).toContain(
    `Workspace \`${FIX}\` is still there, although its script is over; it is being removed. [Its page in Coder](${page}).`,
  );
  const tells = (incident: Incident) => dueEffects(incident).filter(({ kind }) => kind === 'issue.tell');
  const name = `issue.tell#1.${left.seq}`;
  expect(tells(left).map((effect) => effect.name)).toEqual([name]);
  const told = withFacts(left, [
    fact('effect.claimed', { effect: name }),
    fact('effect.done', { effect: name, result: '#12' }),
  ]);
  const again = withFacts(told, [fact('workspace.left', { url: page })]);
  expect(statusComment(again)).toContain(
    'it could not be removed yet. The runs of the workflow `watch` say why; somebody may have to remove it by hand.',
  );
  const second = `issue.tell#1.${again.seq}`;
  expect(tells(again).map((effect) => effect.name)).toEqual([second]);
  const both = withFacts(again, [
    fact('effect.claimed', { effect: second }),
    fact('effect.done', { effect: second, result: '#12' }),
  ]);
  expect(tells(withFacts(both, [fact('workspace.left', { url: page })]))).toEqual([]);
  const gone = withFacts(both, [fact('workspace.deleted')]);
  expect(statusComment(gone)).not.toContain('is still there');
  expect(tells(gone)).toHaveLength(1);
  expect(leftAsTold(gone)).toEqual([]);
});

test('of a script that nobody saw end, the issue says that', () => {
  const lost = incidentOf([...untilMerged, fact('remediation.started'), fact('remediation.lost')]);
  expect(statusComment(withFacts(lost, [fact('workspace.left')]))).toContain(
    `Workspace \`${FIX}\` is still there, and nobody has seen its script end; it is being removed.`,
  );
});
