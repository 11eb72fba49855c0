// Which events come in: those of this repository, heard by this installation, and no others, whatever they lack.
import { expect, test } from 'vitest';
import { isOwn, type Listener, ownEvents } from './own-events.ts';

const own = { repositoryId: 11, installationId: 22 };
const payload = { repository: { id: 11 }, installation: { id: 22 } };

test.each([
  [payload, true],
  [{ ...payload, repository: { id: 12 } }, false],
  [{ ...payload, installation: { id: 23 } }, false],
  [{ installation: { id: 22 } }, false],
  [{ repository: { id: 11 } }, false],
  [{ ...payload, repository: null }, false],
  [{ ...payload, repository: { id: '11' } }, false],
  [{ repository: { full_name: 'acme/production' }, installation: { id: 22 } }, false],
  [{}, false],
])('%j is one of ours: %s', (event, expected) => {
  expect(isOwn(event, own)).toBe(expected);
});

test('a handler hears of our own events only', async () => {
  const handlers: ((context: { payload: object }) => Promise<void>)[] = [];
  const app = { on: (_: unknown, handle: (typeof handlers)[number]) => void handlers.push(handle) };
  const heard: object[] = [];
  ownEvents(app as unknown as Listener, own).on('push', (context) => void heard.push(context.payload));
  const [handle] = handlers;
  await handle?.({ payload: { ...payload, repository: { id: 12 } } });
  await handle?.({ payload });
  expect(heard).toEqual([payload]);
});
