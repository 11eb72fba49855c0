// `vigil ingest DIR`: copies a folder of runbooks into Sanity. A broken runbook is left out and named with its line; the
// others go in. Must never send anything before every file was judged and the difference was shown.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSettings, SETTINGS_PATH } from '#adapters/git/source';
import { type Folder, readRunbookFolder } from '#adapters/retrieval/folder';
import { type IngestPlan, planIngest, runIngest, serviceDocuments } from '#adapters/retrieval/ingest';
import { openSanity, type SanityFailure } from '#adapters/sanity/client';
import type { Written } from '#adapters/sanity/write';
import { sanityAccount } from '#core/knowledge/sanity-account';
import type { Settings } from '#core/settings';
import { type Command, type ExitCode, InputError, oneWord, type Shell, UsageError } from './command.ts';
import { tellDifference, tellFolder } from './ingest-report.ts';

const usage = `Usage: npm run ingest:runbooks -- DIR [--dry-run] [--prune --yes] [--json]
       npm run vigil -- ingest DIR [...]

Brings every runbook (*.md, no README) below DIR into Sanity, with the services of .github/vigil.yml beside DIR. Each file is
judged first: what is broken stays out and is named with line and reason, the rest goes in. Only what differs is written,
in transactions; after a kill or a failure the next call goes on where this one ended. Plain Markdown without front matter
is imported too, for people to read, and every guess is named. Documents of other writers are never changed.

  --dry-run   say what would be written, write nothing
  --prune     also remove what an ingest of this folder wrote and whose file is gone; needs --yes (or --dry-run)
  --json      print one JSON object: ok, dryRun, files, refused, guessed, created, updated, unchanged, foreign, gone,
              written, failure

Settings: SANITY_PROJECT_ID, SANITY_DATASET (default production), SANITY_TOKEN (may write).
Exit codes: 0 all went in, 1 a file is broken or an id is somebody else's (the rest went in), 2 wrong usage or no such
directory, 3 Sanity is not set up or did not take it.

  npm run -s ingest:runbooks -- ./runbooks --dry-run
`;

export type Report = {
  folder: Folder;
  plan: IngestPlan | null;
  written: Written | null;
  failure: Pick<SanityFailure, 'kind' | 'reason'> | null;
  dryRun: boolean;
  prune: boolean;
};

export const ingestCommand: Command = {
  name: 'ingest',
  summary: 'bring a folder of runbooks into Sanity, only what differs',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'dry-run': { type: 'boolean', default: false },
        prune: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const named = oneWord(positionals, 'directory of runbooks');
    if (named === null) throw new UsageError('name one directory of runbooks');
    const dryRun = values['dry-run'];
    if (values.prune && !values.yes && !dryRun)
      throw new UsageError('--prune removes documents: add --yes, or look first with --dry-run');
    const dir = resolve(shell.cwd, named);
    if (!(await stat(dir).catch(() => null))?.isDirectory()) throw new InputError(`${dir} is no directory`);
    const settings = await inventory(dir);
    const services = serviceDocuments(settings);
    const folder = await readRunbookFolder(
      dir,
      services.map(({ name }) => name),
    );
    const report: Report = { folder, plan: null, written: null, failure: null, dryRun, prune: values.prune };
    if (!values.json) tellFolder(folder, shell);
    await bring(report, services, values.json, shell);
    if (values.json) shell.out(`${JSON.stringify(asJson(report))}\n`);
    return codeOf(report);
  },
};

async function bring(
  report: Report,
  services: ReturnType<typeof serviceDocuments>,
  quiet: boolean,
  shell: Shell,
): Promise<void> {
  const account = sanityAccount(shell.config.sanity ?? {});
  if (!account.ok) {
    const { reason } = account;
    report.failure = { kind: 'unauthorised', reason };
    shell.err(`Nothing was sent: ${reason}\n`);
    return;
  }
  const sanity = openSanity(account.account);
  const planned = await planIngest(sanity, report.folder, services);
  if (!planned.ok) {
    report.failure = planned;
    shell.err(`Nothing was written: ${planned.reason}\n`);
    return;
  }
  report.plan = planned.value;
  if (!quiet) tellDifference(report.plan, report, shell);
  if (report.dryRun) return;
  const result = await runIngest(sanity, report.plan, {
    prune: report.prune,
    onProgress: (done, of) => {
      if (of > 200) shell.err(`  ${done} of ${of}\n`);
    },
  });
  report.written = result.written;
  const { created, updated, removed } = result.written;
  if (!quiet) shell.out(`written: ${created} new, ${updated} changed, ${removed} removed\n`);
  if (result.ok) return;
  report.failure = result;
  shell.err(`Sanity stopped taking documents: ${result.reason}. Run it again; it goes on from here.\n`);
}

/** vigil.yml of the checkout that holds the folder. If there is none, or it is broken, no service is known. */
async function inventory(dir: string): Promise<Settings | null> {
  for (let top = dir; ; top = dirname(top)) {
    const text = await readFile(join(top, SETTINGS_PATH), 'utf8').catch(() => null);
    if (text !== null) {
      const parsed = parseSettings(text);
      return parsed.ok ? parsed.value : null;
    }
    const end = (await stat(join(top, '.git')).catch(() => null)) !== null || dirname(top) === top;
    if (end) return null;
  }
}

function codeOf({ folder, plan, failure }: Report): ExitCode {
  if (failure) return 3;
  return folder.refused.length > 0 || (plan?.foreign.length ?? 0) > 0 ? 1 : 0;
}

function asJson(report: Report) {
  const { folder, plan, written, failure, dryRun } = report;
  const changes = plan?.changes ?? [];
  return {
    ok: codeOf(report) === 0,
    dryRun,
    files: folder.files.length,
    refused: folder.refused,
    guessed: folder.guessed,
    created: changes.filter(({ kind }) => kind === 'create').map(({ id, path }) => ({ id, path })),
    updated: changes.flatMap((one) =>
      one.kind === 'update' ? [{ id: one.id, path: one.path, fields: one.fields }] : [],
    ),
    unchanged: plan?.unchanged ?? null,
    foreign: plan?.foreign ?? [],
    gone: plan?.gone ?? [],
    written,
    failure: failure ? { kind: failure.kind, reason: failure.reason } : null,
  };
}
