// `npm run demo` and `npm run sandbox`: Vigil and a stand-in of its outside world on this machine. No account, no network.
// Exit codes: 0 as expected, 1 something failed, 2 wrong usage, 128 + n ended by signal n.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type Ending, runToTheEnd } from './ending.ts';
import { type Engines, type Eyes, engines, eyesOf } from './lightpanda.ts';
import type { Machine } from './preflight.ts';
import { scenarioNames } from './scenarios/names.ts';
import { type KindName, readWeather, weatherKinds } from './weather/kinds.ts';
import { canKeep } from './where-file.ts';

// An incident mostly waits for its next process, so three keep two cores busy without making each other late.
const TOGETHER = 3;
const FIRST = 'checkout-errors';

const DEMO_HELP = `Usage: npm run demo -- [options]

On a terminal it tells one story, ${FIRST}, and stays up for you to look around; anywhere else it plays all of them and ends
with a table. Every story has a world of its own, on this machine alone.

  --scenario NAME    just this one: ${scenarioNames.join(', ')}
  --all              all of them, also on a terminal
  --together N       how many at a time with --all (default ${TOGETHER})
  --weather WEATHER  what goes wrong meanwhile: kinds by name with commas between, or seed:N, which draws some;
                     "--weather list" tells all kinds
  --engine NAME      who looks: both (the default: the Lightpanda of LIGHTPANDA_PATH or LIGHTPANDA_WS_ENDPOINT first where one
                     is given, and Chromium), lightpanda, or chromium
  --no-approve       nobody reviews by themselves: you do, in the sandbox's pages
  --verbose          every record, stage and check
  --json             one line of JSON per story, nothing else (npm run -s leaves out npm's own lines)
  --screenshots DIR  where pictures of issue, pull request and Slack go (default .vigil/demo)
  --no-screenshots   takes none
  --open             opens the sandbox's pages in your browser
`;
const SANDBOX_HELP = `Usage: npm run sandbox -- [options]

Starts the world and the app, prints where everything is, and stays up until Ctrl-C or until whoever started it ends.

Begin with the drive page: it breaks the shop, rings, shows what comes of it, and starts over.

  --json             one line of JSON, for programs: drive, app, pagerduty, github, slack, slackApp, coder, datadog, shop,
                     log, with every token and secret; one more line whenever it starts over
                     (npm run -s leaves out npm's own lines)
  --where FILE       keeps that line in FILE while the sandbox is up
  --weather WEATHER  what goes wrong meanwhile, as in the demo; "--weather list" tells all kinds
  --open             opens the drive page in your browser
`;
const CODES = 'Exit codes: 0 as expected, 1 something failed, 2 wrong usage, 128 + n ended by signal n.\n';
const HELP = `${DEMO_HELP}\n${SANDBOX_HELP}\n${CODES}`;

const root = join(import.meta.dirname, '..');

function usage(problem: string, help: string): never {
  process.stderr.write(`${problem}\n\n${help}`);
  process.exit(2);
}

/** What was asked for; anything that does not apply here is refused with the help. */
function read<const T extends NonNullable<ParseArgsConfig['options']>>(own: T, args: string[], help: string) {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: own });
    const [extra] = positionals;
    if (extra !== undefined) usage(`${JSON.stringify(extra)} is a word too many`, help);
    return values;
  } catch (error) {
    return usage((error as Error).message.replace(/\. To specify a positional.*$/s, ''), help);
  }
}

/** The kinds of weather that were asked for. */
function weatherWanted(wanted: string | undefined, help: string): KindName[] {
  if (wanted === 'list') {
    process.stdout.write(`${weatherKinds().join('\n')}\n`);
    process.exit(0);
  }
  const read = wanted === undefined ? { ok: true as const, names: [] } : readWeather(wanted);
  return read.ok ? read.names : usage(`${read.reason}; --weather list tells all kinds`, help);
}

function opener(wanted: boolean): (url: string) => void {
  return (url) => {
    if (wanted)
      spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true })
        .on('error', () => undefined)
        .unref();
  };
}

/** Looks at the machine first. What is amiss is told; what stops everything ends it. */
async function ready(
  pictures: string | null,
  say: (line: string) => void,
  verbose: boolean,
): Promise<Machine | null> {
  const { preflight, told } = await import('./preflight.ts');
  const machine = await preflight({ pictures }, say);
  const stopped = machine.findings.some(({ stops }) => stops);
  const voice = stopped ? (line: string) => void process.stderr.write(`${line}\n`) : say;
  for (const line of told(machine, verbose)) voice(line);
  return stopped ? null : machine;
}

/** What jobs look with. A Lightpanda that was given and does not answer is said, and nothing begins without it. */
async function eyesWanted(engine: Engines): Promise<Eyes | null> {
  const eyes = await eyesOf(engine);
  if (!('reason' in eyes)) return eyes;
  process.stderr.write(`${eyes.reason}.\n`);
  return null;
}

function demoWork(args: string[]): (ending: Ending) => Promise<number> {
  const help = `${DEMO_HELP}\n${CODES}`;
  const values = read(
    {
      scenario: { type: 'string' },
      all: { type: 'boolean', default: false },
      together: { type: 'string' },
      weather: { type: 'string' },
      engine: { type: 'string', default: 'both' },
      'no-approve': { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      screenshots: { type: 'string' },
      'no-screenshots': { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
    },
    args,
    help,
  );
  const { scenario, all, together, verbose, json, screenshots } = values;
  const one = scenarioNames.find((name) => name === (scenario ?? FIRST));
  if (one === undefined)
    usage(`there is no scenario ${scenario}; there are ${scenarioNames.join(', ')}`, help);
  for (const [first, second] of [
    ['scenario', 'all'],
    ['scenario', 'together'],
    ['screenshots', 'no-screenshots'],
    ['json', 'verbose'],
  ] as const)
    if (values[first] && values[second]) usage(`--${first} and --${second} exclude each other`, help);
  if (together !== undefined && !/^[1-9]\d?$/.test(together))
    usage(`--together ${together} is no number of worlds`, help);
  if (screenshots === '') usage('--screenshots names a folder', help);
  const engine = engines.find((name) => name === values.engine);
  if (engine === undefined) usage(`--engine is one of ${engines.join(', ')}`, help);
  const { CI } = process.env;
  const weather = weatherWanted(values.weather, help);
  const seated = process.stdin.isTTY && process.stdout.isTTY && !json && (!CI || CI === 'false');
  const folder = screenshots ? resolve(standing('demo'), screenshots) : join(root, '.vigil/demo');
  const say = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  return async (ending) => {
    const machine = await ready(values['no-screenshots'] ? null : folder, say, verbose);
    if (machine === null) return 1;
    const eyes = await eyesWanted(engine);
    if (eyes === null) return 1;
    const wishes = {
      eyes,
      root,
      json,
      verbose,
      weather,
      approve: !values['no-approve'],
      open: opener(values.open),
    };
    const [{ demo }, { scenarios }, { unproven }] = await Promise.all([
      import('./demo-command.ts'),
      import('./scenarios/all.ts'),
      import('./scenarios/unproven.ts'),
    ]);
    const chosen = eyes.alone ? scenarios.map(unproven) : scenarios;
    const plays = {
      one:
        scenario !== undefined || (seated && !all) ? (chosen.find(({ name }) => name === one) ?? null) : null,
      chosen,
      stays: seated && !all,
      together: together ? Number(together) : TOGETHER,
    };
    return demo({ ...wishes, ...plays }, machine, ending);
  };
}

function sandboxWork(args: string[]): (ending: Ending) => Promise<number> {
  const {
    json,
    where,
    open,
    weather: wanted,
  } = read(
    {
      json: { type: 'boolean', default: false },
      where: { type: 'string' },
      weather: { type: 'string' },
      open: { type: 'boolean', default: false },
    },
    args,
    `${SANDBOX_HELP}\n${CODES}`,
  );
  const weather = weatherWanted(wanted, `${SANDBOX_HELP}\n${CODES}`);
  const kept = where === undefined ? null : resolve(standing('sandbox'), where);
  return async (ending) => {
    if (kept !== null && !(await canKeep(kept))) return 2;
    const machine = await ready(null, (line) => void process.stderr.write(`${line}\n`), false);
    if (machine === null) return 1;
    const eyes = await eyesWanted('both');
    if (eyes === null) return 1;
    process.stderr.write(`${eyes.line}\n`);
    const { sandbox } = await import('./sandbox-command.ts');
    return sandbox(
      { root, chromium: machine.chromium, eyes: eyes.given, json, where: kept, weather, open: opener(open) },
      ending,
    );
  };
}

/** Where the person stands, from where a relative path is meant: npm runs a script at the top of the package. */
function standing(script: string): string {
  return (process.env['npm_lifecycle_event'] === script && process.env['INIT_CWD']) || process.cwd();
}

const [command, ...rest] = process.argv.slice(2);
const wantsHelp = [command, ...rest].some((word) => word === '--help' || word === '-h');
if (wantsHelp || command === 'help') {
  process.stdout.write(
    command === 'demo'
      ? `${DEMO_HELP}\n${CODES}`
      : command === 'sandbox'
        ? `${SANDBOX_HELP}\n${CODES}`
        : HELP,
  );
  process.exit(0);
}
if (command === 'demo') await runToTheEnd(demoWork(rest));
// A sandbox stays up until it is told to end, so that is no failure.
if (command === 'sandbox') await runToTheEnd(sandboxWork(rest), () => 0);
usage(command ? `there is no command ${command}` : 'say demo or sandbox', HELP);
