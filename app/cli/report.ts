// `vigil report`: what fixes left out of its usual state, and what is open and held, read from the ledger with git alone.
// Must never leave out what it could not read without saying so.
import { parseArgs } from 'node:util';
import { type Auditable, withLedger } from '#adapters/git/ledger-audit';
import type { OpenIndex } from '#core/incident/open-index';
import type { OutOfState } from '#core/incident/out-of-state';
import { hasEnded } from '#core/ledger/lifecycle';
import { lasted, outLine } from '#core/messages/put-back';
import { visible } from '#core/text/untrusted';
import { stillOut } from '#core/trust/summary';
import { type Command, oneWord, type Shell, UsageError } from './command.ts';
import { found, repository, tokenFor } from './ledger-at.ts';
import { columns, count, paint } from './terminal.ts';

const usage = `Usage: npm run -s vigil -- report [options]

Lists everything that fixes left out of its usual state and that nobody undid or said to keep, oldest first: what, on
which target, since when, until when, of which incident, who approved it. Before that, what is open and whether a hold
keeps everything. The branch vigil/ledger is read with git alone; its own summary lines are believed, as the app believes
them (\`vigil audit\` proves them).

  --repository URL|PATH  where the ledger is; default: the remote origin of the current directory
  --json                 print one JSON object: out_of_state, open, held, unread

A private repository on GitHub is read with GITHUB_TOKEN, or with whatever git itself has for the address.
Exit codes: 0 read, 1 an open incident's records are broken, so that something may be missing; 2 wrong usage or no such
repository or ledger.

  npm run -s vigil -- report --json
`;

type Found = { out: OutOfState[]; index: OpenIndex; unread: string[] };

export const reportCommand: Command = {
  name: 'report',
  summary: 'list what fixes left out of its usual state, with git alone',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { repository: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    if (oneWord(positionals, 'nothing') !== null) throw new UsageError('report takes options only');
    const url = await repository(values.repository, shell);
    const left = await found(
      url,
      shell,
      withLedger(url, async () => tokenFor(url, shell), leftIn),
    );
    if (values.json) shell.out(`${JSON.stringify(forPrograms(left))}\n`);
    else forPeople(left, shell);
    return left.unread.length > 0 ? 1 : 0;
  },
};

async function leftIn({ look }: Auditable): Promise<Found> {
  const past = await look.past();
  const readable = new Set(past.flatMap((told) => ('records' in told ? [told.key] : [])));
  const unread = Object.keys(look.index.open).filter((key) => !readable.has(key));
  return { out: stillOut(past), index: look.index, unread };
}

const openOf = ({ open }: OpenIndex): { incident: string; stage: string }[] =>
  Object.entries(open)
    .filter(([, entry]) => !hasEnded(entry))
    .map(([incident, { stage }]) => ({ incident, stage }));

const forPrograms = ({ out, index, unread }: Found) => ({
  ...{ out_of_state: out, open: openOf(index), held: index.held, unread },
});

function forPeople({ out, index, unread }: Found, shell: Shell): void {
  const open = openOf(index);
  const hold = index.held;
  if (hold)
    shell.out(
      `${paint(shell, 'red', 'held')}: everything, by ${visible(hold.by)}: ${visible(hold.reason)}\n`,
    );
  shell.out(`open: ${open.length === 0 ? 'no incident' : count(open.length, 'incident')}\n`);
  if (open.length > 0) shell.out(`${columns(open.map(({ incident, stage }) => [`  ${incident}`, stage]))}\n`);
  if (out.length === 0) shell.out('out of its usual state: nothing that the ledger knows of\n');
  else {
    shell.out(`out of its usual state: ${count(out.length, 'act')}\n`);
    for (const act of out)
      shell.out(
        `  ${visible(act.issue === null ? act.incident : `#${act.issue}`)} ${visible(outLine(act))}, for ${lasted(Date.now() - Date.parse(act.since))}\n`,
      );
  }
  for (const key of unread)
    shell.out(
      `${paint(shell, 'red', 'not read')}: ${visible(key)}, whose records are broken; \`vigil audit\` says why\n`,
    );
}
