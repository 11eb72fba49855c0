// `npm run demo` and `npm run sandbox`: Vigil and a stand-in of its outside world on this machine. No account, no network.
// Exit codes: 0 as expected, 1 something failed, 2 wrong usage.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playScenario } from './demo.ts';
import { first, scenarios } from './scenarios/all.ts';
import { startWorld } from './world.ts';

const HELP = `Usage:
  npm run demo -- [--scenario NAME] [--no-approve] [--json] [--open]
      Plays an incident on a fresh world and shows it live: ${first.map(({ name }) => name).join(', ')}, or
      --scenario NAME   another one: ${scenarios.map(({ name }) => name).join(', ')}; all plays every one
      --no-approve      nobody reviews by themselves: click Approve in the sandbox's page
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
        approve: { type: 'boolean', default: true },
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

if (positionals[0] === 'demo') {
  const { scenario: asked } = values;
  const named = scenarios.filter(({ name }) => asked === 'all' || name === asked);
  const chosen = asked === undefined ? first : named;
  if (chosen.length === 0) usage(`there is no scenario ${values.scenario}`);
  let failed = false;
  for (const scenario of chosen) {
    const played = await playScenario(scenario, {
      root,
      json: values.json,
      approve: values.approve,
      open: opener(values.open),
    });
    failed ||= !played.pass;
    if (values.json) {
      const { verdicts: _, ...line } = played;
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
  process.exit(failed ? 1 : 0);
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
