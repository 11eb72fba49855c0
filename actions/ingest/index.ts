// ingest: mirrors the runbooks of main into Sanity, as `vigil ingest` does from a checkout. Must never write before every file
// was judged, nor say that all went in when a file stayed out.
import { join } from 'node:path';
import * as core from '@actions/core';
import { readRunbookFolder } from '#adapters/retrieval/folder';
import { planIngest, runIngest, serviceDocuments } from '#adapters/retrieval/ingest';
import { openSanity } from '#adapters/sanity/client';
import { sanityAccount } from '#core/knowledge/sanity-account';
import { createRedactor } from '#core/redact/redact';
import { endSoon, openMain } from '../shared/main.ts';
import { print } from '../shared/print.ts';
import { optional } from '../shared/told.ts';

async function ingest(): Promise<void> {
  const { clone, source } = await openMain('ingest');
  const { settings, commit } = source;
  const token = optional('sanity-token') ?? undefined;
  if (token) core.setSecret(token);
  if (!settings.sanity) {
    core.notice('vigil.yml on main names no Sanity project, so there is nothing to mirror');
    return core.setOutput('written', '0');
  }
  const { project: projectId, ...place } = settings.sanity;
  const account = sanityAccount({ projectId, ...place, token });
  if (!account.ok) throw new Error(account.reason);
  await clone.local().raw('checkout', '--quiet', '--force', '--detach', commit);
  const services = serviceDocuments(settings);
  const folder = await readRunbookFolder(
    join(clone.dir, 'runbooks'),
    services.map(({ name }) => name),
  );
  for (const { file, line, reason } of folder.refused)
    core.error(`stays out: ${reason}`, { file, startLine: line });
  const sanity = openSanity(account.account);
  const planned = await planIngest(sanity, folder, services);
  if (!planned.ok) throw new Error(`nothing was written: ${planned.reason}`);
  const { changes, foreign, gone, unchanged } = planned.value;
  // Names of files come from the repository, and the paths of what is gone from Sanity, where others may write too.
  for (const { kind, id, path } of changes) print(`${kind} ${id} (${path})`);
  for (const { id, path } of gone) print(`remove ${id}: ${path} is gone`);
  for (const { id, path } of foreign)
    core.error(`${id} was written in Sanity by somebody else, and is left alone`, { file: path });
  const result = await runIngest(sanity, planned.value, { prune: true });
  const { created, updated, removed } = result.written;
  core.setOutput('written', String(created + updated + removed));
  core.info(`${created} new, ${updated} changed, ${removed} removed; ${unchanged} as they are`);
  if (!result.ok)
    throw new Error(`Sanity stopped taking documents: ${result.reason}; run it again, it goes on`);
  if (folder.refused.length + foreign.length > 0) core.setFailed('not everything went in; the rest did');
}

await ingest().catch((error: unknown) => {
  // Whatever failed may quote what it was given.
  core.setFailed(createRedactor({ key: 'ingest' })(String(error)).text);
});
endSoon();
