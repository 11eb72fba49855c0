// watch: ends the workspaces that no open incident owns, and tells the app which of its incidents' workspaces are proved gone.
// It belongs to no incident and starts no script. Must never end what a script may be at work in, and never end green while a
// workspace stays that should be gone.
import { setTimeout as delay } from 'node:timers/promises';
import * as core from '@actions/core';
import { deliver } from '#adapters/desk-client';
import { lookAtLedger } from '#adapters/git/ledger-look';
import { SETTINGS_PATH } from '#adapters/git/source';
import { openStore } from '#adapters/git/store';
import { FACTS_AUDIENCE } from '#adapters/github/job-identity';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import { tidiedTable, tidyingAlarms } from '#core/messages/tidied';
import { createRedactor } from '#core/redact/redact';
import { endSoon, openMain } from '../shared/main.ts';
import { placeOf } from '../shared/place.ts';
import { print } from '../shared/print.ts';
import { mayProve, optional } from '../shared/told.ts';
import { type Reader, type Row, tidy } from './tidy.ts';

async function watch(): Promise<void> {
  const dryRun = optional('dry-run') === 'true';
  const { source, token, from } = await openMain('watch');
  const { settings } = source;
  if (!settings.coder) {
    core.setOutput('ended', '0');
    return core.notice(`${SETTINGS_PATH} on main names no coder.url, so there is no workspace to look for`);
  }
  const place = placeOf(settings);
  const url = settings.vigil?.url;
  if (url === undefined)
    throw new Error(`${SETTINGS_PATH} on main names no vigil.url: nobody could be told anything`);
  if (!dryRun) mayProve();
  const redactor = createRedactor({ key: 'watch', knownSecrets: [token, core.getInput('coder-api-token')] });
  const redact = (text: string): string => redactor(text).text;
  const store = await openStore({ ...from, dir: `${from.dir}-ledger` });
  const rows = await tidy({
    workspaces: place,
    ledger: readerOf(store),
    watch: { now: Date.now, pause: (ms) => delay(ms), tell: (sentence) => print(redact(sentence)) },
    dryRun,
    async post({ key, attempt }, workspace) {
      const facts = [{ type: 'workspace.deleted' as const, data: { workspace } }];
      const token = () => core.getIDToken(FACTS_AUDIENCE);
      const told = await deliver(url, token, { incident: key, attempt, facts });
      return told.ok ? null : told.reason;
    },
  }).finally(() => store.close());
  await tell(
    rows.map((row) => ({ ...row, because: redact(row.because) })),
    settings.coder.url,
    dryRun,
  );
}

/** The ledger as the remote has it at each look. */
function readerOf(store: Awaited<ReturnType<typeof openStore>>): Reader {
  const look = async () => {
    const now = await lookAtLedger(store, LEDGER_BRANCH);
    if (!now) throw new Error('the ledger branch does not exist');
    return now;
  };
  // One clone does one thing at a time.
  let before: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = before.then(act);
    before = mine.catch(() => undefined);
    return mine;
  };
  return {
    async owner(key) {
      const loaded = await inTurn(async () => (await look()).load(key));
      if (!loaded) return { ok: true, incident: null };
      return loaded.ok
        ? { ok: true, incident: loaded.incident }
        : { ok: false, reason: `${loaded.file}: ${loaded.reason}` };
    },
    async open() {
      const now = await look();
      const loaded = await Promise.all(Object.keys(now.index.open).map((key) => now.load(key)));
      return loaded.flatMap((one) => (one?.ok && !one.incident.opened.sample ? [one.incident] : []));
    },
  };
}

async function tell(rows: readonly Row[], coderUrl: string, dryRun: boolean): Promise<void> {
  for (const { name, done, because } of rows) print(`${name}: ${done}: ${because}`);
  const table = tidiedTable(rows, dryRun);
  // A runner without a place for it shows the log all the same.
  await core.summary
    .addRaw(table, true)
    .write()
    .catch(() => undefined);
  core.setOutput('ended', String(rows.filter(({ done }) => done === 'ended' || done === 'not told').length));
  for (const alarm of tidyingAlarms(rows, coderUrl)) core.error(alarm);
  if (tidyingAlarms(rows, coderUrl).length > 0)
    core.setFailed('not everything that should be gone is known to be gone');
}

await watch().catch((error: unknown) => {
  // Whatever failed may quote what it was given.
  core.setFailed(createRedactor({ key: 'watch' })(String(error)).text);
});
endSoon();
