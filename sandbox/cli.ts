// `npm run demo` and `npm run sandbox`: Vigil and a stand-in of its outside world on this machine. No account, no network.
// Exit codes: 0 as expected, 1 something failed, 2 wrong usage.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Played, playScenario, report, summary } from './demo.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { paint } from './terminal.ts';
import { startWorld } from './world.ts';

// An incident mostly waits for its next process, so three keep two cores busy without making each other late.
const TOGETHER = 3;

const HELP = `Usage:
  npm run demo -- [--scenario NAME] [--together N] [--no-approve] [--screenshots DIR] [--json] [--open]
      Plays incidents, each on a fresh world, and shows them live: ${scenarios.map(({ name }) => name).join(', ')}
      --scenario NAME   just this one
      --together N      how many worlds at the same time (default ${TOGETHER}; 1 plays one after the other)
      --no-approve      nobody reviews by themselves: click Approve in the sandbox's page
      --screenshots DIR where pictures of issue, pull request and Slack go (default .vigil/demo)
      --no-screenshots  takes none
      --json            one line of JSON per scenario, nothing else
      --open            open the sandbox's pages in your browser
  npm run sandbox -- [--json]
      Starts the world and the app, prints where everything is, stays up until Ctrl-C.
      --json            prints one line of JSON: app, pagerduty, github, slack, coder, shop, log

Exit codes: 0 as expected, 1 something failed, 2 wrong usage.
`;

const root = join(import.meta.dirname, '..');

function usage(problem: string): never {
  process.stderr.write(`${problem}\n\n${HELP}`);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      allowNegative: true,
      options: {
        scenario: { type: 'string' },
        together: { type: 'string', default: String(TOGETHER) },
        approve: { type: 'boolean', default: true },
        screenshots: { type: 'string' },
        'no-screenshots': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return usage((error as Error).message);
  }
}

function opener(wanted: boolean): (url: string) => void {
  return (url) => {
    if (wanted)
      spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true })
        .on('error', () => undefined)
        .unref();
  };
}

const { values, positionals } = parse();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

if (positionals[0] === 'demo') process.exit(await demo());

/** Plays what was asked for, some worlds at a time, and says at the end how each one ended. */
async function demo(): Promise<number> {
  const chosen = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  if (chosen.length === 0) usage(`there is no scenario ${values.scenario}`);
  const together = Number(values.together);
  if (!Number.isInteger(together) || together < 1)
    usage(`--together ${values.together} is not a number of worlds`);
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const print = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));
  const results = new Map<Scenario, Played>();
  const waiting = [...chosen];
  const worker = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
      const label = chosen.length > 1 ? `${paint('bold', scenario.name.padEnd(width))}  ` : '';
      const say = (line: string): void => print(`${label}${line}`);
      const played = await playScenario(scenario, {
        root,
        say,
        approve: values.approve,
        open: opener(values.open),
        screenshots: values['no-screenshots'] ? null : (values.screenshots ?? join(root, '.vigil/demo')),
      });
      results.set(scenario, played);
      for (const line of report(played)) say(line);
      if (values.json) {
        const { verdicts: _, ...line } = played;
        process.stdout.write(`${JSON.stringify(line)}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, chosen.length) }, worker));
  const all = chosen.flatMap((scenario) => results.get(scenario) ?? []);
  print(`\n${summary(all)}`);
  return all.every(({ pass }) => pass) ? 0 : 1;
}

if (positionals[0] !== 'sandbox')
  usage(positionals[0] ? `there is no command ${positionals[0]}` : 'say demo or sandbox');
const world = await startWorld({ root, say: (line) => void process.stderr.write(`${line}\n`) });
const where = {
  app: world.apps[0]?.url ?? '',
  pagerduty: {
    webhook: world.pagerduty.webhook,
    secret: world.pagerduty.secret,
    service: world.pagerduty.service,
    api: world.pagerduty.api,
    events: world.pagerduty.events,
    web: world.pagerduty.web,
  },
  github: {
    api: world.github.api,
    web: world.github.web,
    owner: world.owner,
    repo: world.repo,
    reviewerToken: world.reviewer.token,
  },
  slack: world.slack.web,
  coder: world.coder.web,
  shop: { url: world.shop.url, admin: world.shop.admin },
  log: world.log,
};
process.stdout.write(
  values.json ? `${JSON.stringify(where)}\n` : `${JSON.stringify(where, null, 2)}\nCtrl-C ends it.\n`,
);
const stop = (): void => {
  world.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
