// What people read of pictures that they cannot see here.
import { expect, test } from 'vitest';
import { pictureLines } from './pictures.ts';

const at = Date.UTC(2026, 10, 3, 2, 14, 5);
const run = { id: 7, url: 'https://github.example/acme/production/actions/runs/7' };

test('of one and of several, where they are and for how long', () => {
  expect(pictureLines(undefined)).toEqual([]);
  expect(pictureLines({ run, of: [{ check: 'home', at, outcome: 'fail' }] })).toEqual([
    'A picture of `home` (failed, 02:14:05 UTC) was taken. It stays with [the run](https://github.example/acme/production/actions/runs/7), among its artifacts, for 7 days: pixels cannot be redacted, so none is shown here.',
    '',
  ]);
  const two = {
    run,
    of: [
      { check: 'home', at, outcome: 'pass' as const },
      { check: 'order', at, outcome: 'pass' as const },
    ],
  };
  expect(pictureLines(two)[0]).toContain(
    'Pictures of `home` (passed, 02:14:05 UTC), `order` (passed, 02:14:05 UTC) were taken. They stay',
  );
});
