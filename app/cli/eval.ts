// `vigil eval [DIR]`: takes alerts with a known answer through the pipeline up to the pull request, and counts.
// Must never ask or change anything outside. Only the model is asked, and only when the user says so.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ANTHROPIC_API, openClaude } from '#adapters/claude/client';
import { byModel } from '../eval/by-model.ts';
import { byRunbook, type Decide, through } from '../eval/pipeline.ts';
import { type Evaluation, readEvaluation } from '../eval/read.ts';
import { figures, groupTable, type Report, reportOf } from '../eval/report.ts';
import type { Tried } from '../eval/score.ts';
import { type Command, type ExitCode, InputError, oneWord, type Shell, UsageError } from './command.ts';
import { topOf } from './inventory.ts';
import { columns, count, paint } from './terminal.ts';

const DIR = 'test/eval';
const USUAL_MODEL = 'claude-opus-5-5';
const usage = `Usage: npm run vigil -- eval [DIR] [options]

Takes every case of DIR/cases (default: ${DIR}) through the pipeline up to the pull request, offline: clean, redact,
search the runbooks, decide, rehearse as the case says, judge. A case says which runbook, kind and target should come
out, or that nothing should. Runbooks are those of runbooks/ and DIR/runbooks; the inventory is DIR/vigil.yml, else
.github/vigil.yml. What is not named is looked for in the checkout you stand in.

  --provider NAME    runbook (default): the embedded planner; anthropic: Claude, with ANTHROPIC_API_KEY. That costs money:
                     one call a case, and as many requests leave this machine
  --cases NAME       the folder of DIR with the cases (default cases)
  --only TEXT        only the cases whose id holds this text
  --min-first SHARE  fail below this share of cases whose right runbook is found first, in either half (0 to 1)
  --max-traps N      fail above this number of pull requests where none should be (default 0)
  --json             print one JSON object: provider, all, halves, groups, faults, cases

Printed: every share with its count and its two-sided 95 % Wilson interval; the half that may be looked at while tuning
and the half held out, apart; every case that ended otherwise by name, as careful (no pull request where one was right)
or wrong (another pull request, or one too many).
Exit codes: 0 done, 1 below a bar, 3 wrong usage or a file that cannot be read.

  npm run vigil -- eval --min-first 0.9
`;

export const evalCommand: Command = {
  name: 'eval',
  summary: 'measure what comes of known alerts, up to the pull request',
  usage,
  misused: 3,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        provider: { type: 'string', default: 'runbook' },
        cases: { type: 'string', default: 'cases' },
        only: { type: 'string', default: '' },
        'min-first': { type: 'string' },
        'max-traps': { type: 'string', default: '0' },
        json: { type: 'boolean', default: false },
      },
    });
    const named = oneWord(positionals, 'directory');
    const bars = { first: number(values['min-first'], 1), traps: number(values['max-traps'], 1e6) ?? 0 };
    const top = topOf(shell.cwd);
    const dir = named === null ? resolve(top, DIR) : resolve(shell.cwd, named);
    const read = await readEvaluation(dir, top, values.cases);
    if (!read.ok) throw new InputError(read.reason);
    const decide = provider(values.provider, read.evaluation, shell);
    const cases = read.evaluation.cases.filter(({ id }) => id.includes(values.only));
    if (cases.length === 0) throw new UsageError(`no case has ${JSON.stringify(values.only)} in its id`);
    const tried: Tried[] = [];
    const now = new Date();
    const clock = (): number => performance.now();
    for (const one of cases)
      tried.push({ one, ended: await through(one, read.evaluation, decide, now, clock) });
    const report = reportOf(tried);
    const failed = below(report, bars);
    if (values.json) shell.out(json(values.provider, report, tried, failed));
    else tell(values.provider, read.evaluation, report, failed, shell);
    return failed.length === 0 ? 0 : 1;
  },
};

function provider(name: string, { settings }: Evaluation, { config }: Shell): Decide {
  if (name === 'runbook') return byRunbook;
  if (name !== 'anthropic') throw new UsageError(`there is no provider ${JSON.stringify(name)}`);
  const { anthropic } = config;
  if (!anthropic) throw new InputError('--provider anthropic needs a key in ANTHROPIC_API_KEY');
  const opened = openClaude({
    baseUrl: anthropic.baseUrl ?? ANTHROPIC_API,
    gateways: settings.model.gateways,
    credential: { key: anthropic.key },
  });
  if (!opened.ok) throw new InputError(`${opened.code}: ${opened.reason}`);
  return byModel(opened.client, anthropic.model ?? USUAL_MODEL);
}

function number(text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most))
    throw new UsageError(`${JSON.stringify(text)} is no number from 0 to ${most}`);
  return value;
}

/** Each limit that was not reached, in words. A half without cases reaches none. */
function below({ all, halves }: Report, bars: { first: number | null; traps: number }): string[] {
  const { first, traps } = bars;
  return [
    ...Object.entries(halves).flatMap(([name, half]) =>
      first !== null && !((half.first.value ?? 0) >= first)
        ? [`right runbook first, ${name}: ${half.first.hits} of ${half.first.of} is below ${first}`]
        : [],
    ),
    ...(all.trapPulls > traps ? [`${count(all.trapPulls, 'pull request')} on traps, ${traps} may be`] : []),
  ];
}

function tell(
  name: string,
  { runbooks, inventory }: Evaluation,
  { all, halves, groups, faults }: Report,
  failed: readonly string[],
  shell: Shell,
): ExitCode {
  shell.out(`provider ${name}, ${count(runbooks.length, 'runbook')}, inventory ${inventory}\n\n`);
  for (const [title, half] of [...Object.entries(halves), ['all', all] as const])
    shell.out(`${figures(title, half)}\n\n`);
  shell.out(`${columns(groupTable(groups, faults))}\n\n`);
  for (const { id, group, half, how, what } of faults)
    shell.out(
      `${paint(shell, how === 'wrong' ? 'red' : 'yellow', how)} ${id} (${group}, ${half}): ${what}\n`,
    );
  const cost = all.usd === null ? 'an unknown amount' : `${all.usd.toFixed(4)} USD`;
  const wrong = faults.filter(({ how }) => how === 'wrong').length;
  shell.out(
    `of ${all.cases} cases ${all.cases - faults.length} right, ${faults.length - wrong} too careful, ${wrong} wrong; cost ${cost}\n`,
  );
  for (const reason of failed) shell.out(`${paint(shell, 'red', 'below the bar')}: ${reason}\n`);
  return failed.length === 0 ? 0 : 1;
}

function json(name: string, report: Report, tried: readonly Tried[], failed: readonly string[]): string {
  const cases = tried.map((each) => ({
    ...{ id: each.one.id, group: each.one.group, half: each.one.half, expect: each.one.expect },
    ...each.ended,
  }));
  return `${JSON.stringify({ provider: name, ok: failed.length === 0, failed, ...report, cases })}\n`;
}
