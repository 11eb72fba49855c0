// The app's doors without the house: a real HTTP server, a ledger in memory, a configuration as an operator would write it.
// It must never answer anything itself: only the handler under test does.
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dump } from 'js-yaml';
import { pino } from 'pino';
import type { Decide, Ledger, View } from '#adapters/git/ledger';
import { parseSettings, type Source } from '#adapters/git/source';
import { holdOnAll } from '#core/incident/hold';
import { indexOf, leaseHolder } from '#core/incident/open-index';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { createRedactor } from '#core/redact/redact';
import { type Config, readConfig } from '../../app/config.ts';
import type { Hearing, World } from '../../app/desk/world.ts';

export const secrets = ['an old pagerduty secret', 'a new pagerduty secret'];
export const NOW = new Date('2026-11-03T03:10:00.000Z');

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

/** What an operator must set, and whatever `more` sets besides. */
export function testConfig(more: Record<string, string> = {}): Config {
  const read = readConfig({
    APP_ID: '1',
    PRIVATE_KEY: pem,
    WEBHOOK_SECRET: 'a webhook secret of enough length',
    VIGIL_REPOSITORY: 'acme/production',
    VIGIL_URL: 'https://vigil.acme.example',
    PAGERDUTY_WEBHOOK_SECRET: secrets.join(','),
    PAGERDUTY_API_KEY: 'key',
    PAGERDUTY_FROM_EMAIL: 'vigil@acme.example',
    PAGERDUTY_API_URL: 'http://127.0.0.1:9', // nobody listens on the discard port
    ...more,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}

/** A ledger without git, for what decides and not for how it is stored. */
export function memoryLedger(start: readonly Incident[] = []): Ledger {
  const states = new Map(start.map((incident) => [incident.key, incident]));
  const index = () => indexOf(states.values(), null, new Date(0));
  const view: View = {
    get: (key) => states.get(key) ?? null,
    open: () => states.values(),
    held: () => holdOnAll(states.values()),
    leaseHolder: (target, except) => leaseHolder(index(), target, except),
  };
  return {
    ...view,
    find: async (key) => states.get(key) ?? null,
    numbered: async () => [...states.values()],
    past: async () => [...states.values()],
    tidy: async () => 0,
    health: () => ({ heard: Date.now(), deaf: null, failing: null }),
    lookForRoom: async () => undefined,
    close: () => undefined,
    head: () => 'memory',
    broken: () => new Map(),
    refresh: async () => [],
    async append(key: string, decide: Decide) {
      let incident = states.get(key) ?? null;
      const wanted = decide(incident, view);
      if ('standDown' in wanted) return { ok: false, reason: wanted.standDown };
      for (const fact of wanted.facts) {
        const folded = fold(incident, nextRecord(incident, fact, wanted.at.toISOString(), wanted.actor));
        if (!folded.ok) return folded;
        incident = folded.incident;
      }
      if (!incident) return { ok: false, reason: 'nothing to write' };
      states.set(key, incident);
      return { ok: true, incident };
    },
  };
}

/** main's settings, with the one service that alerts of tests are about. */
export function testSource(services: readonly string[] = ['PSHOP01'], pagerduty: object = {}): Source {
  const parsed = parseSettings(
    dump({
      ...{ v: 1, pagerduty, services: Object.fromEntries(services.map((id) => [id, { name: 'shop' }])) },
      workspace: { template: 'heal', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' },
    }),
  );
  if (!parsed.ok) throw new Error(parsed.problem.reason);
  return { commit: '0'.repeat(40), settings: parsed.value, settingsSha256: '', runbooks: [], problems: [] };
}

export function hearing(
  ledger: Ledger,
  config = testConfig(),
  source = testSource(),
): Hearing & Pick<World, 'cachedSource'> {
  return {
    cachedSource: async () => source,
    config,
    ledger,
    redact: (key, text) => createRedactor({ key })(text).text,
    clean: async (key, texts) => ({
      ok: true,
      texts: texts.map((text) => createRedactor({ key })(text).text),
    }),
    log: pino({ level: 'silent' }),
    now: () => NOW,
  };
}

export type Door = { url: string; close(): Promise<void> };

/** Serves one handler on a free port. */
export async function door(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<true>,
): Promise<Door> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sign(body: string, secret: string): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
