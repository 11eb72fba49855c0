// Which events come in: those of this repository, heard by this installation, and no others, whatever they lack.
import { Probot } from 'probot';
import { expect, test } from 'vitest';
import { APP } from '../../sandbox/github/test-forge.ts';
import { isOwn, ownEvents } from './own-events.ts';

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
  const { id, privateKey } = APP;
  const app = new Probot({ appId: id, privateKey, secret: 'a secret of nobody', logLevel: 'fatal' });
  await app.ready();
  const heard: string[] = [];
  ownEvents(app, own).on('push', ({ id: delivery }) => void heard.push(delivery));
  const push = (delivery: string, of: object) =>
    app.receive({ id: delivery, name: 'push', payload: of as never });
  await push('another', { ...payload, repository: { id: 12 } });
  await push('ours', payload);
  expect(heard).toEqual(['ours']);
});
