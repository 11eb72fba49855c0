// Deliveries at the app's doors, as far as what was answered tells whether they were signed.
import { afterEach, expect, test } from 'vitest';
import { type Door, door } from '../../test/support/hearing.ts';
import { answer } from '../webhooks/http.ts';
import { openConcerns } from './concerns.ts';
import { countDeliveries } from './deliveries.ts';

let open: Door | null = null;
afterEach(() => open?.close());

async function counting() {
  const lines: string[] = [];
  const log = {
    error: () => undefined,
    info: () => undefined,
    warn: (_: object, words?: string) => void lines.push(words ?? ''),
  };
  const concerns = openConcerns(log);
  const count = countDeliveries(concerns);
  let status = 200;
  open = await door(async (request, response) => {
    count(request, response);
    return answer(response, status, {});
  });
  const { url } = open;
  const deliver = async (path: string, header: string, answered: number, method = 'POST') => {
    status = answered;
    await (await fetch(`${url}${path}`, { method, headers: { [header]: 'x' } })).text();
  };
  return { deliver, lines, warns: () => concerns.list().warns.map((words) => words.split(' if ')[0]) };
}

test('those without a signature count as well: GitHub signs nothing when no secret is set there', async () => {
  const { deliver, warns, lines } = await counting();
  await deliver('/api/github/webhooks', 'x-github-event', 400);
  await deliver('/api/github/webhooks/', 'x-hub-signature-256', 400); // a stranger's, who knows no more than the path
  await deliver('/api/github/webhooks', 'x-github-event', 400);
  await deliver('/webhooks/slack', 'x-slack-signature', 401);
  expect(warns()).toEqual([
    expect.stringMatching(/^GitHub’s deliveries do not carry the signature of WEBHOOK_SECRET: 2 so far/),
    expect.stringMatching(/^Slack’s deliveries do not carry the signature of SLACK_SIGNING_SECRET: 1 so far/),
  ]);
  expect(lines).toHaveLength(2);
});

test('one that was signed ends it, and for a while after that the others are no news', async () => {
  const { deliver, warns, lines } = await counting();
  await deliver('/webhooks/pagerduty', 'x-pagerduty-signature', 403);
  expect(warns()).toHaveLength(1);
  await deliver('/webhooks/pagerduty', 'x-pagerduty-signature', 202);
  await deliver('/webhooks/pagerduty', 'x-pagerduty-signature', 403);
  expect(warns()).toEqual([]);
  expect(lines).toHaveLength(1);
});

test('what is refused for something else, or is no delivery, does not count', async () => {
  const { deliver, warns } = await counting();
  await deliver('/api/github/webhooks', 'x-github-event', 415);
  await deliver('/api/github/webhooks', 'x-github-event', 503);
  await deliver('/api/github/webhooks', 'x-github-event', 400, 'GET');
  await deliver('/confirm/x', 'x-github-event', 400);
  expect(warns()).toEqual([]);
});
