// `vigil run FILE`: judges one script, says what would happen, asks, and runs it once in a workspace that is gone afterwards. Must never
// run what the policy refuses, nor anything outside of a workspace, nor without a yes.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Stream } from '#adapters/workspace/bubblewrap/output';
import type { Ran, Watch } from '#adapters/workspace/port';
import { visible } from '#core/text/untrusted';
import { type Command, oneWord, type Shell, UsageError } from './command.ts';
import { settingsFor } from './inventory.ts';
import { coderOf, hereOf, type Place } from './run-place.ts';
import { dryCodes, ending, placeText, refusedText, verdictText } from './run-report.ts';
import { type JudgedScript, judgedScript, parametersOf } from './run-script.ts';

const usage = `Usage: npm run -s vigil -- run FILE [--param NAME=VALUE …] [options]

Runs one script once, in a workspace that is gone afterwards, and passes its output and its exit code on. First the policy
judges it, exactly as it judges a proposal. What it refuses does not run, also with --yes; for the rest you are asked.

FILE is a runbook (.md): its fix, with the parameters of its service from vigil.yml, as Vigil would propose it. Or it is a
script (.sh): its bytes as they are, with no parameter unless one is given.

  --param NAME=VALUE  stands for what vigil.yml says, in this run alone; the policy judges as if it stood there. A script
                      gets it as a constant in front of its first line, as a runbook's fix does. May be repeated
  --service NAME      the service, by name or PagerDuty id; a runbook names its own. A script without one has an empty
                      inventory: whatever changes something is refused
  --settings FILE     the vigil.yml to use; default: .github/vigil.yml here or in the nearest directory above
  --here              run it on this machine, closed off by bubblewrap, also where vigil.yml names a workspace.test_template.
                      Without --here that template of Coder's takes it, with the CODER_API_TOKEN of the environment
  --network           give it this machine's whole network; without it, it has none
  --dry-run           judge only
  --yes               do not ask
  --json              print one JSON object at the end: file, verdict, risk, effects, findings, costs, ran, place, outcome,
                      exit, output, ms, reason

On this machine it can read /usr and nothing of yours, write to a home and a /tmp of its own, and lasts no longer than
timeouts.script_seconds of vigil.yml (default: 900). Ctrl-C ends it, and the workspace with it.
Exit codes: the script's own; 2 nothing ran (wrong usage, refused, nobody to ask, no place to run it); 124 timed out; 125 what
became of it is not known; 128 + signal when it was stopped. --json tells a script's code from these: it has an outcome.
With --dry-run: 0 allow, 1 review, 2 refuse.

  npm run -s vigil -- run runbooks/shop-worker-exhaustion.md --dry-run
`;

/** Somebody stopped it by Ctrl-C, or ended this process. */
class StoppedError extends Error {
  override name = 'StoppedError';
  readonly code: number;
  constructor(code: number) {
    super('it was stopped');
    this.code = code;
  }
}

export const runCommand: Command = {
  name: 'run',
  summary: 'judge a script or a runbook’s fix, and run it once in a workspace',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        param: { type: 'string', multiple: true, default: [] },
        service: { type: 'string' },
        settings: { type: 'string' },
        here: { type: 'boolean', default: false },
        network: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const file = oneWord(positionals, 'script or runbook');
    if (file === null) throw new UsageError('name a script or a runbook');
    const found = await settingsFor(values.settings, shell);
    const given = parametersOf(values.param);
    const judged = await judgedScript({ file, service: values.service, given }, found, shell);
    const dry = values['dry-run'];
    const painting = { colour: shell.colour && (dry || shell.person === true) };
    if (values.network && !values.here && found?.settings.workspace.test_template)
      throw new UsageError('--network is of this machine: say --here as well');
    const hear = (stream: Stream, line: string): void => {
      if (!values.json) (stream === 'out' ? shell.out : shell.err)(`${visible(line)}\n`);
    };
    const token = dry ? 'not used' : shell.config.coderToken;
    const place =
      (values.here ? null : coderOf(found?.settings, token, hear)) ?? hereOf(values.network, hear);
    const limit = found?.settings.timeouts.script_seconds ?? 900;
    /** The end of it: a sentence for people, or the object for programs. */
    const done = (code: number, text: string, ran: Ran | null, reason = ''): number => {
      if (values.json) shell.out(`${JSON.stringify(objectOf(file, judged, place, ran, reason))}\n`);
      else shell.err(text);
      return code;
    };
    if (!values.json) (dry ? shell.out : shell.err)(verdictText(file, judged, painting));
    if (!values.json && judged.verdict !== 'refuse') (dry ? shell.out : shell.err)(placeText(place, limit));
    if (dry) return done(dryCodes[judged.verdict], '', null, 'dry run');
    if (judged.verdict === 'refuse') return done(2, refusedText(judged), null, 'the policy refuses it');
    const ready = await place.workspaces.ready();
    if (!ready.ok) return done(2, `There is no place to run it: ${ready.reason}\n`, null, ready.reason);
    const no = values.yes ? null : await dissent(shell);
    if (no !== null) return done(2, `${no}\n`, null, no);
    try {
      const ran = await runIn(
        place,
        { file, script: judged.script, seconds: limit, json: values.json },
        shell,
      );
      const { code, text } = ending(ran, painting);
      return done(code, text, ran);
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      return done(error.code, 'Stopped. What it did before is not known.\n', {
        known: false,
        reason: 'it was stopped',
        output: '',
      });
    }
  },
};

/** Null when somebody agreed; else why it does not run. */
async function dissent(shell: Shell): Promise<string | null> {
  if (shell.person !== true) return 'Nobody can be asked here, since there is no terminal: agree with --yes.';
  shell.err('Run it? [y/N] ');
  let said = '';
  const decoder = new TextDecoder();
  for await (const piece of shell.input()) {
    said += decoder.decode(piece, { stream: true });
    if (said.includes('\n')) break;
  }
  return /^\s*y(es)?\s*\n/i.test(said) ? null : 'Not agreed, so it does not run.';
}

/** Runs it, and takes the workspace away however that ends. */
async function runIn(
  { workspaces }: Place,
  { file, script, seconds, json }: { file: string; script: string; seconds: number; json: boolean },
  shell: Shell,
): Promise<Ran> {
  const name = `vigil-run-${randomBytes(5).toString('hex')}`;
  let stopped: number | null = null;
  const deaf = shell.onStop?.((code) => {
    stopped = code;
  });
  const tell = (sentence: string): void => {
    if (!json) shell.err(`${visible(sentence.charAt(0).toUpperCase() + sentence.slice(1))}.\n`);
  };
  const watch: Watch = { now: Date.now, pause: (ms) => sleep(ms), tell };
  const stoppable: Watch = {
    ...watch,
    async pause(ms) {
      await sleep(ms);
      if (stopped !== null) throw new StoppedError(stopped);
    },
  };
  try {
    const from = { incident: 'run', commit: '0'.repeat(40), path: file };
    const nonce = randomBytes(16).toString('hex');
    return await workspaces.run({ name, script, nonce, timeoutSeconds: seconds, from }, stoppable);
  } finally {
    const ended = await workspaces.end(name, watch);
    if (!ended.gone) shell.err(`The workspace ${name} could not be taken away: ${ended.reason}\n`);
    deaf?.();
  }
}

function objectOf(file: string, judged: JudgedScript, place: Place, ran: Ran | null, reason: string) {
  const { verdict, risk, effects, findings, costs } = judged;
  const began = ran !== null && !(ran.known && ['refused', 'provision_failed'].includes(ran.outcome));
  const what = ran?.known
    ? { outcome: ran.outcome, exit: ran.exit, output: ran.output, ms: ran.ms, reason }
    : {
        outcome: ran ? 'unknown' : null,
        exit: null,
        output: ran?.output ?? '',
        ms: null,
        reason: ran?.reason ?? reason,
      };
  return { file, verdict, risk, effects, findings, costs, ran: began, place: place.name, ...what };
}
