// `vigil rejudge`: what today's policy and settings would decide about every proposal in a ledger, read with git alone.
// Must never change anything, and never count an incident when its records are not proved.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type History, originOf, withHistory } from '#adapters/git/ledger-audit';
import { readAllForAudit } from '#adapters/git/ledger-past';
import { type Rejudged, rejudge } from '#core/gate/rejudge';
import { changesIn } from '#core/incident/changes';
import { audit, type Proved } from '#core/ledger/audit';
import { policyVersion } from '#core/policy/version';
import type { Settings } from '#core/settings';
import { visible } from '#core/text/untrusted';
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { settingsFor } from './inventory.ts';
import { columns, count, paint } from './terminal.ts';

const usage = `Usage: npm run -s vigil -- rejudge [options]

Judges every proposal in the ledger again by today's policy and vigil.yml, and shows where the answer would be another
one: what a new rule would have stopped, what a new version of the policy lets through. Only fix.sh and undo.sh are judged
again, as of the time of the first judgement; findings about the runbook or verify.yml are carried over. A lane can only be
lost: whether the auto lane would be earned today is not asked. Nothing is changed.

  --repository URL|PATH  where the ledger is; default: the remote origin of the current directory
  --settings FILE        the vigil.yml to judge by; default: .github/vigil.yml here or in the nearest directory above
  --json                 print one JSON object: policy (version), proposals of {incident, attempt, at, sample, kind, was,
                         today, change, findings}, unproved of {incident, reason}; change is same, stricter or laxer

A private repository on GitHub is read with GITHUB_TOKEN, or with whatever git itself has for the address.
Exit codes: 0 everything would be decided the same way, 1 something differs or is not proved, 2 wrong usage or no such
repository, ledger or settings.

  npm run -s vigil -- rejudge --settings proposed-vigil.yml
`;

type Replayed = { proposals: Rejudged[]; unproved: { incident: string; reason: string }[] };

export const rejudgeCommand: Command = {
  name: 'rejudge',
  summary: 'show where today’s policy would decide past proposals otherwise',
  usage,
  async run(args, shell) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        repository: { type: 'string' },
        settings: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const found = await settingsFor(values.settings, shell);
    if (!found) throw new InputError('no .github/vigil.yml here or above; name one with --settings');
    const url = await ledgerUrl(values.repository, shell);
    const token =
      URL.parse(url)?.origin === URL.parse(shell.config.server)?.origin ? shell.config.token : null;
    const replayed = await withHistory(
      url,
      async () => token,
      (ledger) => rejudgeAll(ledger, found.settings),
    ).catch((error: unknown) => {
      const [reason = 'unknown reason'] = (error instanceof Error ? error.message : String(error)).split(
        '\n',
      );
      throw new InputError(`the repository cannot be read: ${visible(reason.replaceAll(url, shown(url)))}`, {
        cause: error,
      });
    });
    if (replayed === null) throw new InputError(`${shown(url)} has no branch vigil/ledger`);
    return (values.json ? json : table)(replayed, shell);
  },
};

async function ledgerUrl(given: string | undefined, shell: Shell): Promise<string> {
  const url = given ?? (await originOf(shell.cwd));
  if (url === null)
    throw new UsageError('the current directory has no remote origin; say --repository URL-or-path');
  if (url.startsWith('-')) throw new UsageError('a repository does not begin with a dash');
  const path = resolve(shell.cwd, url);
  return existsSync(path) ? path : url;
}

/** The address of a remote may hold a password, which must not be repeated. */
const shown = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');

async function rejudgeAll(ledger: History, settings: Settings): Promise<Replayed> {
  const replayed: Replayed = { proposals: [], unproved: [] };
  const trails: Proved[][] = [];
  for (const input of await readAllForAudit(ledger)) {
    const { key: incident } = input;
    const audited = audit(input);
    if (audited.ok) trails.push(audited.trail);
    else {
      const [first] = audited.findings;
      replayed.unproved.push({ incident, reason: `${first?.file} ${first?.reason}` });
    }
  }
  const changes = changesIn(trails.flatMap((trail) => trail.at(-1)?.incident ?? []));
  replayed.proposals.push(...trails.flatMap((trail) => rejudge(trail, settings, changes)));
  replayed.proposals.sort((a, b) => (a.at < b.at ? -1 : 1));
  return replayed;
}

const exitOf = ({ proposals, unproved }: Replayed): ExitCode =>
  unproved.length > 0 || proposals.some(({ change }) => change !== 'same') ? 1 : 0;

function json(replayed: Replayed, shell: Shell): ExitCode {
  shell.out(`${JSON.stringify({ policy: policyVersion, ...replayed })}\n`);
  return exitOf(replayed);
}

function table(replayed: Replayed, shell: Shell): ExitCode {
  const { proposals, unproved } = replayed;
  const differ = proposals.filter(({ change }) => change !== 'same');
  const said = ({ verdict, risk, lane }: Rejudged['today']) => `${verdict} ${risk} ${lane}`;
  if (differ.length > 0) {
    const rows = differ.map(({ at, incident, kind, was, today, change, findings, sample }) => [
      at,
      visible(incident),
      visible(kind),
      `${said(was)} → ${said(today)}`,
      `${change}${sample ? ' (sample)' : ''}`,
      visible(findings[0]?.sentence ?? ''),
    ]);
    shell.out(`${columns(rows)}\n\n`);
  }
  for (const { incident, reason } of unproved)
    shell.out(`${paint(shell, 'red', 'not proved')}: ${visible(incident)}: ${visible(reason)}\n`);
  const number = (change: Rejudged['change']) => proposals.filter((each) => each.change === change).length;
  shell.out(
    `${count(proposals.length, 'proposal')} judged again by policy ${policyVersion}: ${number('same')} the same, ${number('stricter')} stricter, ${number('laxer')} laxer\n`,
  );
  return exitOf(replayed);
}
