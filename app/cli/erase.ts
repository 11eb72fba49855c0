// `vigil erase`: takes the evidence of an incident, or of old months, away from GitHub's branches. It says what it would do
// until it is told to do it. Must never touch the ledger: its hashes stay, so that what was erased can still be known.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Erasure, erase, evidenceOf, oldEvidence } from '#adapters/git/evidence-erase';
import type { Credentials } from '#adapters/git/remote';
import { openStore, type Store } from '#adapters/git/store';
import { installationToken } from '#adapters/github/token';
import { incidentKey, isIncidentKey } from '#core/ledger/incident-key';
import { type Command, InputError, type Shell, UsageError } from './command.ts';
import { repository, shown, tokenFor, unreadable } from './ledger-at.ts';
import { count } from './terminal.ts';

const usage = `Usage: npm run vigil -- erase <incident> [--yes]
       npm run vigil -- erase --older-than DAYS [--yes]

Erases evidence, the redacted texts on the branches vigil/evidence-YYYY-MM. Of an incident (a ledger key, pd-q1abc, or a
PagerDuty id, Q1ABC) everything in every month: each such branch begins a new history without it. With --older-than, whole
months of which the last day is so many days ago. The ledger keeps the hashes. The app itself erases what is older than 90
days, once a day.

  --yes                   do it; without this, only what would be done is said
  --repository URL|PATH   where the branches are; default: the remote origin of the current directory
  --json                  print one JSON object: done, erasures of {branch, at, without}

Only the app may write there: set APP_ID and PRIVATE_KEY as the app has them (the installation is asked for a token that
lives an hour), or GITHUB_TOKEN to a token that the ruleset lets through. GitHub keeps commits that no branch holds for a
while, and serves them to whoever knows their ids; its support removes them at once.
Exit codes: 0 erased, or said what would be; 1 a branch moved meanwhile, run it again; 2 wrong usage or no such repository.

  npm run vigil -- erase Q1ABC --yes
`;

export const eraseCommand: Command = {
  name: 'erase',
  summary: 'erase the evidence of an incident or of old months; the ledger keeps the hashes',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'older-than': { type: 'string' },
        yes: { type: 'boolean', default: false },
        repository: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [wanted, ...more] = positionals;
    const days = values['older-than'] === undefined ? null : Number(values['older-than']);
    if (more.length > 0 || (wanted === undefined) === (days === null))
      throw new UsageError('name one incident, or say --older-than DAYS');
    if (days !== null && (!Number.isInteger(days) || days < 0))
      throw new UsageError('--older-than is a number of days');
    const url = await repository(values.repository, shell);
    const find = (store: Store): Promise<Erasure[]> =>
      wanted === undefined ? oldEvidence(store, new Date(), days ?? 0) : evidenceOf(store, keyOf(wanted));
    return inStore(url, credentialsFor(url, shell), async (store) => {
      const erasures = await find(store).catch((error: unknown) => {
        throw unreadable(url, error, shell);
      });
      const moved: string[] = [];
      if (values.yes)
        for (const erasure of erasures)
          if (!(await erase(store, erasure, new Date()))) moved.push(erasure.branch);
      if (values.json) shell.out(`${JSON.stringify({ done: values.yes && moved.length === 0, erasures })}\n`);
      else tell(erasures, moved, values.yes, url, shell);
      return moved.length > 0 ? 1 : 0;
    });
  },
};

function tell(
  erasures: readonly Erasure[],
  moved: readonly string[],
  done: boolean,
  url: string,
  shell: Shell,
): void {
  if (erasures.length === 0) {
    shell.out(`${shown(url)} holds no such evidence\n`);
    return;
  }
  for (const { branch, without } of erasures) {
    if (moved.includes(branch)) shell.err(`${branch} moved meanwhile; run this again\n`);
    else if (without === null) shell.out(`${done ? 'deleted' : 'would delete'} ${branch}\n`);
    else
      shell.out(
        `${done ? 'erased' : 'would erase'} ${count(without.files, 'text')} of ${without.incident} from ${branch}\n`,
      );
  }
  if (!done) shell.out('nothing was changed; --yes does it\n');
}

function keyOf(wanted: string): string {
  if (isIncidentKey(wanted)) return wanted;
  if (/^#?\d+$/.test(wanted)) throw new UsageError('name it by its ledger key or its PagerDuty id');
  return incidentKey(/^[a-z0-9]{5,14}$/i.test(wanted) ? wanted.toUpperCase() : wanted);
}

/** The app's own, where its key is there. */
function credentialsFor(url: string, shell: Shell): Credentials {
  const { app } = shell.config;
  if (!app || URL.parse(url)?.origin !== URL.parse(shell.config.server)?.origin)
    return async () => tokenFor(url, shell);
  const [, owner = '', repo = ''] = /\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(new URL(url).pathname) ?? [];
  return () =>
    installationToken(app, owner, repo).catch((error: Error) => {
      throw new InputError(`GitHub gives the app no token for ${owner}/${repo}: ${error.message}`, {
        cause: error,
      });
    });
}

async function inStore<T>(
  url: string,
  credentials: Credentials,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-erase-'));
  const store = await openStore({ dir, url, credentials });
  try {
    return await work(store);
  } finally {
    store.close();
    await rm(dir, { recursive: true, force: true });
  }
}
