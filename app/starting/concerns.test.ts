// What is told of a thing that does not work, over several looks at it.
import { expect, test } from 'vitest';
import { openConcerns } from './concerns.ts';

function told() {
  const lines: string[] = [];
  const line = (level: string) => (first: object | string, words?: string) =>
    void lines.push(`${level}: ${words ?? String(first)}`);
  return { lines, log: { error: line('error'), warn: line('warn'), info: line('info') } };
}

test('the same is told once, another thing when it comes, and the end of it', () => {
  const { lines, log } = told();
  const concerns = openConcerns(log);
  concerns.set('Slack', null);
  concerns.set('Slack', { says: 'refused', stops: false, reason: 'first' });
  concerns.set('Slack', { says: 'refused', stops: false, reason: 'second' });
  concerns.set('PagerDuty', { says: 'no key', stops: true });
  concerns.set('Slack', { says: 'no channel', stops: false });
  expect(concerns.list()).toEqual({ stops: ['no key'], warns: ['no channel'] });
  concerns.set('Slack', null);
  concerns.set('Slack', null);
  concerns.set('Slack', { says: 'refused', stops: false });
  expect(concerns.list()).toEqual({ stops: ['no key'], warns: ['refused'] });
  expect(lines).toEqual([
    'warn: refused',
    'error: no key',
    'warn: no channel',
    'info: Slack: that is mended',
    'warn: refused',
  ]);
});

test('a number that grows is shown and is no news', () => {
  const { lines, log } = told();
  const concerns = openConcerns(log);
  for (const count of [1, 2, 3])
    concerns.set('Doors', { says: `${count} knocks`, stops: false, kind: 'knocks' });
  expect(concerns.list().warns).toEqual(['3 knocks']);
  expect(lines).toEqual(['warn: 1 knocks']);
});
