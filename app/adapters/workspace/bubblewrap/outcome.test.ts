// What is said of a script after its two witnesses: never a success that only one of them tells, never a failure where nobody saw.
import { expect, test } from 'vitest';
import { outcomeOf, type Seen } from './outcome.ts';

const line = { ran: true, rc: 0, late: false } as const;
const seen: Seen = { exit: 0, last: line, begun: true, late: false, ms: 5, output: 'said' };

test.each<[string, Partial<Seen>, object]>([
  ['both say 0', {}, { outcome: 'succeeded', exit: 0, said: 'both' }],
  ['both say 3', { exit: 3, last: { ...line, rc: 3 } }, { outcome: 'failed', exit: 3, said: 'both' }],
  [
    'they contradict each other',
    { exit: 1 },
    { known: false, reason: 'the exit code was 1, the wrapper’s last line says 0' },
  ],
  [
    'there is no last line',
    { last: null },
    { known: false, reason: 'the wrapper ended with 0 and without its last line' },
  ],
  ['it was killed without a word', { exit: null, last: null }, { known: false }],
  ['it was killed after its last line', { exit: null }, { outcome: 'succeeded', said: 'last line' }],
  [
    'the wrapper says that time was up',
    { exit: 124, last: { ...line, rc: 124, late: true } },
    { outcome: 'timed_out', exit: 124 },
  ],
  [
    'the script ends with 124 by itself',
    { exit: 124, last: { ...line, rc: 124, late: false } },
    { outcome: 'failed', exit: 124 },
  ],
  [
    'it was ended here, long after its time',
    { exit: null, last: null, late: true },
    { outcome: 'timed_out', exit: null },
  ],
  [
    'the walls never stood',
    { exit: 1, last: null, begun: false },
    { outcome: 'provision_failed', exit: null, said: 'place' },
  ],
  ['it was killed before the walls stood', { exit: null, last: null, begun: false }, { known: false }],
  [
    'the wrapper did not begin it',
    { exit: 98, last: { ran: false, before: false, why: 'not what was approved' } },
    { outcome: 'refused', output: 'not what was approved' },
  ],
  [
    'it had begun before',
    { exit: 97, last: { ran: false, before: true, why: 'it began before' } },
    { known: false, reason: 'it began before' },
  ],
])('when %s', (_, change, said) => {
  expect(outcomeOf({ ...seen, ...change })).toMatchObject(said);
});
