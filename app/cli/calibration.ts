// `vigil calibration`: whether confidence means what it says, from what the ledger tells of past runs, read with git alone.
// Must never call proved what was not, and never count sample history without saying so.
import { parseArgs } from 'node:util';
import { type Auditable, type History, withHistory, withLedger } from '#adapters/git/ledger-audit';
import { readAllForAudit } from '#adapters/git/ledger-past';
import { audit } from '#core/ledger/audit';
import { visible } from '#core/text/untrusted';
import { laneHolds } from '#core/trust/drift';
import { measure } from '#core/trust/measure';
import { outcomesOf, type RunOutcome } from '#core/trust/outcomes';
import { summaryOf } from '#core/trust/summary';
import { calibrationText } from './calibration-report.ts';
import { type Command, type Shell, UsageError } from './command.ts';
import { settingsFor } from './inventory.ts';
import { found, repository, tokenFor } from './ledger-at.ts';
import { count, paint } from './terminal.ts';

const COMPONENTS = ['confidence', 'evidence', 'history', 'model', 'consistency', 'quotes'];
const DEFAULT_CONFIDENCE = 90;
const usage = `Usage: npm run -s vigil -- calibration [options]

Compares how sure Vigil was before each run with what came of it: recoveries that were verified, against those refuted,
failed, lost or undone. Runs that never began, and those whose effect nobody could see, are left out. Below 30 outcomes
only counts are given.

  --repository URL|PATH  where the ledger is; default: the remote origin of the current directory
  --of NAME              ${COMPONENTS.join(', ')}; default: confidence, the smallest of the others
  --prove                fetch the whole ledger and prove every record first; incidents that are not proved are named and
                         left out. Without it the ledger's own history lines are believed, as the app believes them
  --with-sample          count seeded sample history too, and say how much of it there is; else it is left out
  --json                 print one JSON object: measured, proved, left_out, unproved, auto_lane

Printed: a reliability table in ten bins with counts and 95 % intervals; expected calibration error by equal width and by
equal count; Brier score with its parts; AUROC; coverage against risk; precision of the auto lane with its interval, and
whether the auto lane still holds what it promises.

A private repository on GitHub is read with GITHUB_TOKEN, or with whatever git itself has for the address.
Exit codes: 0 measured, or too little to measure; 1 the records of an incident are not proved; 2 wrong usage or no such
repository or ledger.

  npm run -s vigil -- calibration --of model
`;

type Found = { outcomes: RunOutcome[]; samples: number; unproved: { incident: string; reason: string }[] };

export const calibrationCommand: Command = {
  name: 'calibration',
  summary: 'compare how sure Vigil was with what came of it',
  usage,
  async run(args, shell) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        repository: { type: 'string' },
        of: { type: 'string', default: 'confidence' },
        'with-sample': { type: 'boolean', default: false },
        prove: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    if (!COMPONENTS.includes(values.of))
      throw new UsageError(`--of is one of ${COMPONENTS.join(', ')}, not ${JSON.stringify(values.of)}`);
    const { outcomes, samples, unproved } = await (values.prove ? past : told)(
      await repository(values.repository, shell),
      shell,
    );
    const settings = await settingsFor(undefined, shell);
    const threshold = settings?.settings.auto.confidence ?? DEFAULT_CONFIDENCE;
    const counted = values['with-sample'] ? outcomes : outcomes.filter(({ sample }) => !sample);
    const leftOut = values['with-sample'] ? 0 : samples;
    const measured = measure(counted, values.of);
    const lane = laneHolds(outcomes, threshold, new Date());
    if (values.json) {
      const auto_lane = { open: lane.ok, reason: lane.reason, threshold };
      shell.out(
        `${JSON.stringify({ measured, proved: values.prove, left_out: leftOut, unproved, auto_lane })}\n`,
      );
    } else {
      shell.out(`${calibrationText(measured)}\n\n`);
      const holds = lane.ok ? 'yes' : paint(shell, 'red', 'no');
      shell.out(`${lane.name}: ${holds}, ${lane.reason}\n`);
      if (!values.prove) shell.out('not checked: whether the records say the same: give --prove\n');
      if (leftOut > 0) shell.out(`left out: ${count(leftOut, 'incident')} of sample history\n`);
      for (const { incident, reason } of unproved)
        shell.out(`${paint(shell, 'red', 'not proved')}: ${visible(incident)}: ${visible(reason)}\n`);
    }
    return unproved.length > 0 ? 1 : 0;
  },
};

/** Every outcome that open incidents and the lines of sealed ones tell. */
async function told(url: string, shell: Shell): Promise<Found> {
  const outcomes = async ({ look }: Auditable): Promise<Found> => {
    const summaries = (await look.past()).map(summaryOf);
    const samples = summaries.filter(({ runs }) => runs.some(({ sample }) => sample)).length;
    return { outcomes: summaries.flatMap(({ runs }) => runs), samples, unproved: [] };
  };
  return found(
    url,
    shell,
    withLedger(url, async () => tokenFor(url, shell), outcomes),
  );
}

/** Every proved outcome of a ledger. Throws an InputError when there is none to read. */
export async function past(url: string, shell: Shell): Promise<Found> {
  return found(
    url,
    shell,
    withHistory(url, async () => tokenFor(url, shell), outcomesIn),
  );
}

async function outcomesIn(ledger: History): Promise<Found> {
  const found: Found = { outcomes: [], samples: 0, unproved: [] };
  for (const input of await readAllForAudit(ledger)) {
    const audited = audit(input);
    const incident = audited.ok ? audited.trail.at(-1)?.incident : undefined;
    if (incident?.opened.sample) found.samples += 1;
    if (incident) found.outcomes.push(...outcomesOf(incident));
    else if (!audited.ok) {
      const [first] = audited.findings;
      found.unproved.push({ incident: input.key, reason: `${first?.file} ${first?.reason}` });
    }
  }
  return found;
}
