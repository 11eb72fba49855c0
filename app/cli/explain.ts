// `vigil explain <incident>`: the whole approval tree of a remediation, from the ledger and main, read with git alone.
// Must never call a condition met when git cannot show it. Such a condition is named as not seen.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Clone, openClone } from '#adapters/git/clone';
import { type Auditable, withLedger } from '#adapters/git/ledger-audit';
import { readFolder, readSource, type Source } from '#adapters/git/source';
import { condition, type Decision, decisionText } from '#core/decision';
import { autoLane } from '#core/gate/approval';
import { wholeTree } from '#core/gate/approval-tree';
import { mayRun } from '#core/gate/gate';
import { matchOf } from '#core/gate/judgement';
import { autoRunsSince } from '#core/incident/budget';
import { changesIn } from '#core/incident/changes';
import { isDoubtful } from '#core/incident/heard';
import { holdOn } from '#core/incident/hold';
import { leaseHolder, type OpenIndex } from '#core/incident/open-index';
import { askedAnew } from '#core/incident/pushes';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { mayRunAlone } from '#core/proposal/model/answer-lane';
import { visible } from '#core/text/untrusted';
import { trustOf } from '#core/trust/drift';
import type { Told } from '#core/trust/summary';
import { keyOf } from './audit.ts';
import { type Command, type ExitCode, InputError, oneWord, type Shell, UsageError } from './command.ts';
import { BrokenError, found, repository, tokenFor } from './ledger-at.ts';

const usage = `Usage: npm run vigil -- explain <incident> [options]

Prints every condition that stands between a proposal and its run, with its reason: the auto lane, the approval by people,
and the gate of the job that runs it. ✓ holds, ✗ does not, ? cannot be seen from git. <incident> is an issue number (12), a
ledger key (pd-q1abc) or a PagerDuty id (Q1ABC). The ledger and main are fetched with git into a temporary clone.

  --repository URL|PATH   where they are; default: the remote origin of the current directory
  --json                  print one JSON object: incident, stage, attempt, proposed, asked (anew since when and why, or null),
                          head (of the records), main (commit), tree of {name, ok, reason, children, unseen}, unseen (texts)

Reviews as they are now, the service and Coder are asked by nobody here; \`/vigil explain\` on the issue sees the reviews.
A private repository on GitHub is read with GITHUB_TOKEN, or with whatever git itself has for the address.
Exit codes: 0 explained, 1 a ledger that cannot be read, 2 wrong usage, or no such repository, ledger or incident.

  npm run vigil -- explain Q1ABC
`;

type Explained = { incident: Incident; main: string; tree: Decision };

export const explainCommand: Command = {
  name: 'explain',
  summary: 'print every condition of approval and run of one incident, each with its reason',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { repository: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const wanted = oneWord(positionals, 'incident');
    if (wanted === null) throw new UsageError('name one incident');
    const url = await repository(values.repository, shell);
    const explained = await found(
      url,
      shell,
      withLedger(
        url,
        async () => tokenFor(url, shell),
        (ledger) => explainFrom(ledger, url, wanted, shell),
      ),
    );
    return values.json ? asJson(explained, shell) : asText(explained, shell);
  },
};

async function explainFrom(ledger: Auditable, url: string, wanted: string, shell: Shell): Promise<Explained> {
  const { look } = ledger;
  const key = await keyOf(ledger, wanted);
  const loaded = await look.load(key);
  if (!loaded) throw new InputError(`the ledger has no incident ${key}`);
  if (!loaded.ok) throw new BrokenError(`the ledger of ${key} is broken at ${loaded.file}: ${loaded.reason}`);
  const dir = join(ledger.store.dir, 'main');
  const clone = await openClone({ dir, url, credentials: async () => tokenFor(url, shell), depth: 1 });
  const source = await readSource(clone);
  const { incident } = loaded;
  const tree = await treeOf(clone, incident, look.index, await look.past(), source, new Date());
  return { incident, main: source.commit, tree };
}

async function treeOf(
  clone: Clone,
  incident: Incident,
  index: OpenIndex,
  past: readonly Told[],
  { commit, settings, settingsSha256, runbooks }: Source,
  now: Date,
): Promise<Decision> {
  const proposal = latestOf(incident, 'remediation.proposed');
  const judged = latestOf(incident, 'remediation.judged');
  if (!proposal || !judged)
    return condition('may this remediation run', false, 'there is no judged proposal');
  const runbook = runbooks.find(({ id }) => id === proposal.runbook?.id) ?? null;
  const held = holdOn(index.held, incident) !== null;
  const auto = autoLane({
    judged,
    runbook,
    match: matchOf(incident, runbook),
    rehearsed: latestOf(incident, 'remediation.rehearsed') !== null,
    settings,
    held,
    runsToday: autoRunsSince(
      past.filter((told) => 'records' in told),
      now,
    ),
    eligible: mayRunAlone(proposal, runbook),
    doubtful: isDoubtful(incident),
    trust: trustOf(past, runbook?.block ?? null, settings.auto.confidence, now),
  });
  const files = (await readFolder(clone, commit, remediationFolder(incident.key))) ?? {};
  const onMain = runbooks.find(({ path }) => path === proposal.runbook?.path);
  const gate = mayRun({
    incident,
    onMain: { files, runbookSha256: onMain?.sha256 ?? null },
    settings,
    settingsSha256,
    held,
    leasedTo: leaseHolder(index, proposal.target, incident.key),
    changes: changesIn(past),
    now,
  });
  return wholeTree(incident, { auto, human: null, gate });
}

const THRESHOLDS = 'stricter thresholds of the app’s own environment: only vigil.yml is seen';

function unseenIn(decision: Decision): string[] {
  const own =
    decision.unseen && decision.children.length === 0 ? [`${decision.name}: ${decision.reason}`] : [];
  return [...own, ...decision.children.flatMap(unseenIn)];
}

function asText({ incident, main, tree }: Explained, shell: Shell): ExitCode {
  const asked = askedAnew(incident);
  const { key, stage, attempt, seq } = incident;
  shell.out(`${key} is ${stage}, attempt ${attempt}, record ${seq}; main is ${main.slice(0, 12)}\n`);
  if (asked) shell.out(visible(`asked anew since ${asked.at}: ${asked.reason}`).concat('\n'));
  const lines = decisionText(tree).split('\n');
  shell.out(`\n${lines.map((line) => visible(line)).join('\n')}\n\n`);
  for (const what of [...unseenIn(tree), THRESHOLDS]) shell.out(`not seen from git: ${visible(what)}\n`);
  return 0;
}

function asJson({ incident, main, tree }: Explained, shell: Shell): ExitCode {
  const { key, stage, attempt, head } = incident;
  const proposed = latestOf(incident, 'remediation.proposed') !== null;
  const unseen = [...unseenIn(tree), THRESHOLDS];
  const asked = askedAnew(incident);
  shell.out(
    `${JSON.stringify({ incident: key, stage, attempt, proposed, asked, head, main, tree, unseen })}\n`,
  );
  return 0;
}
