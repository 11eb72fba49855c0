// What may be ended: a table over names, ages and what the ledger says. What is not certain stays.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  KEY,
  OPENED,
  untilMerged,
  untilVerifying,
} from '../../../test/support/incidents.ts';
import { judgeWorkspace, type Owner } from './janitor.ts';

const FIX = `vigil-${KEY}-1`;
const executing = [...untilMerged, fact('remediation.started')];
const lost = [...executing, fact('remediation.lost')];
const healed = [...untilVerifying, fact('recovery.confirmed')];
const refuted = [...untilVerifying, fact('recovery.refuted')];
const hours = (count: number): Date => new Date(OPENED.getTime() + count * 3_600_000);
const of = (facts: readonly Fact[]): Owner => ({ ok: true, incident: incidentOf(facts) });
const nobody: Owner = { ok: true, incident: null };
const since = OPENED.toISOString();

test.each<[name: string, since: string | null, owner: Owner, at: Date, ends: boolean, because: string]>([
  [
    'olgas-desk',
    since,
    null,
    hours(99),
    false,
    'its name is not one that Vigil gives to the workspace of an incident',
  ],
  [FIX, since, of(executing), hours(99), false, 'its script is at work'],
  [`${FIX}-undo`, since, of([...refuted, fact('undo.started')]), hours(99), false, 'its script is at work'],
  [FIX, since, of(healed), hours(0.1), false, 'its job may still be taking it away'],
  [
    FIX,
    since,
    of(healed),
    hours(1),
    true,
    'its script is over or lost, and nobody has confirmed that it is gone',
  ],
  [
    FIX,
    since,
    of(lost),
    hours(1),
    true,
    'its script is over or lost, and nobody has confirmed that it is gone',
  ],
  [
    `${FIX}-undo`,
    since,
    of([...refuted, fact('undo.started'), fact('incident.retried')]),
    hours(1),
    false,
    'its script may be at work',
  ],
  [
    `${FIX}-undo`,
    since,
    of([...refuted, fact('undo.started'), fact('incident.retried')]),
    hours(2),
    true,
    'its script was started longer ago than any may last',
  ],
  [FIX, since, of(untilMerged), hours(1), false, 'it is young, and the ledger may not have heard of it yet'],
  [
    FIX,
    since,
    of(untilMerged),
    hours(2),
    true,
    'the ledger has no script in it, and it is older than any may last',
  ],
  [FIX, since, nobody, hours(2), true, 'the ledger has no script in it, and it is older than any may last'],
  [
    FIX,
    since,
    of([...healed, fact('workspace.deleted')]),
    hours(2),
    true,
    'the ledger has no script in it, and it is older than any may last',
  ],
  [
    FIX,
    null,
    nobody,
    hours(99),
    false,
    'its place does not say how old it is, and the ledger says nothing of it',
  ],
  [
    FIX,
    'soon',
    nobody,
    hours(99),
    false,
    'its place does not say how old it is, and the ledger says nothing of it',
  ],
  [
    FIX,
    since,
    { ok: false, reason: 'record 3 was changed' },
    hours(99),
    false,
    'the ledger of its incident cannot be believed: record 3 was changed',
  ],
])('%s since %s', (name, made, owner, at, ends, because) => {
  expect(judgeWorkspace({ name, since: made }, owner, at)).toEqual({ ends, because });
});
