// How a story about an ending is told: what happens, and what everybody sees afterwards. It must never look into the app:
// only at GitHub, Slack, PagerDuty and the ledger branch.
import { expect } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { type Alert, outside, ring, settled } from './quick-people.ts';
import type { QuickWorld } from './quick-world.ts';
import { writesMore } from './sky.ts';

/** What every alert of these stories is called; the flag runbook, whose fix can be undone, matches it. */
export const TITLE = 'Checkout fails after a flag change';

export type Seen = {
  stage: 'RESOLVED' | 'ESCALATED';
  /** What the issue, Slack and PagerDuty all say. */
  why: RegExp;
  /** State of each pull request, oldest first: merged or closed. */
  pulls: string[];
  runs: string[];
  page: 'resolved' | 'triggered';
  attempt?: number;
  /** The stages it went through. */
  stages?: string[];
  /** Where nobody can say anything: the issue is locked, the channel is archived. */
  silent?: 'issue' | 'slack';
  /** Writes beside the usual ten, where a lost answer makes one more look necessary. */
  more?: number;
};
export type Story = {
  name: string;
  happens(world: QuickWorld, alert: Alert): Promise<unknown>;
  seen: Seen;
};

export const EARLY = [
  'TRIGGERED',
  'INVESTIGATING',
  'HYPOTHESIS_RECEIVED',
  'CONTEXT_RETRIEVED',
  'SYNTHESIZING',
];

/** Of an incident whose script ran. */
export const BOTH = { pulls: ['merged'], runs: ['respond 1', 'remediate 1'] };
export const RAN = [...EARLY, 'EXECUTING'];

/** Rings, lets it happen, and holds everything people can look at against what should be there. */
export async function tell(world: QuickWorld, { happens, seen }: Story): Promise<Incident> {
  const alert = await ring(world, TITLE);
  await happens(world, alert);
  const incident = await settled(world, alert.key, seen.attempt ?? 1);
  await everybodySees(world, alert, incident, seen);
  return incident;
}

export async function everybodySees(
  world: QuickWorld,
  alert: Alert,
  incident: Incident,
  seen: Seen,
): Promise<void> {
  const found = await outside(world, alert);
  const resolved = seen.stage === 'RESOLVED';
  expect(incident.stage).toBe(seen.stage);
  if (seen.stages) expect(incident.history.map(({ stage }) => stage)).toEqual(seen.stages);
  expect(found.pulls.map(({ merged, state }) => (merged ? 'merged' : state))).toEqual(seen.pulls);
  expect(found.runs).toEqual(seen.runs);
  expect(found.page.status).toBe(seen.page);

  const [issue] = found.issues;
  expect(found.issues).toHaveLength(1);
  expect(issue?.state).toBe(resolved ? 'closed' : 'open');
  expect(issue?.labels).toEqual([`vigil:${seen.stage.toLowerCase()}`]);
  expect(issue?.comments).toHaveLength(seen.silent === 'issue' ? 0 : 1);
  for (const comment of issue?.comments ?? []) {
    expect(comment).toMatch(new RegExp(`^\\*\\*${seen.stage}\\.\\*\\* `));
    expect(comment.split('\n')[0]).toMatch(seen.why);
  }

  expect(found.slack).toHaveLength(seen.silent === 'slack' ? 0 : 1);
  for (const message of found.slack) {
    expect(message).toMatch(resolved ? /^Resolved: shop-/ : /^A person is needed: shop-/);
    expect(message).toMatch(seen.why);
  }
  const notes = found.page.notes.filter((note) => note.startsWith(`Vigil: ${seen.stage}. `));
  expect(notes.at(-1)).toMatch(seen.why);
  expect(new Set(found.page.notes).size).toBe(found.page.notes.length);
  expect(found.writes, 'writes that people are told of').toBeLessThanOrEqual(
    10 * (seen.attempt ?? 1) + (seen.more ?? writesMore),
  );
}
