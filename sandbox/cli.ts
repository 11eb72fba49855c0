// `npm run demo` and `npm run sandbox`: Vigil and a stand-in of its outside world on this machine. No account, no network.
// Exit codes: 0 as expected, 1 something failed, 2 wrong usage.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demo } from './demo-command.ts';
import { sandbox } from './sandbox-command.ts';
import { scenarios } from './scenarios/all.ts';

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

if (positionals[0] === 'demo') {
  const chosen = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  if (chosen.length === 0) usage(`there is no scenario ${values.scenario}`);
  const together = Number(values.together);
  if (!Number.isInteger(together) || together < 1)
    usage(`--together ${values.together} is not a number of worlds`);
  process.exit(
    await demo({
      root,
      chosen,
      together,
      approve: values.approve,
      screenshots: values['no-screenshots'] ? null : (values.screenshots ?? join(root, '.vigil/demo')),
      json: values.json,
      open: opener(values.open),
    }),
  );
}
if (positionals[0] !== 'sandbox')
  usage(positionals[0] ? `there is no command ${positionals[0]}` : 'say demo or sandbox');
await sandbox({ root, json: values.json });
