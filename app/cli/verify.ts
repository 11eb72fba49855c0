// `vigil verify FILE…`: looks at a service by a plan, as the jobs do, before anybody relies on it. Must never judge by other eyes or
// rules than a job has, nor look anywhere that the inventory does not name.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { settingsFor } from './inventory.ts';
import { parametersOf } from './run-script.ts';
import { engines, eyesFor, monitoringOf, secretsOf } from './verify-eyes.ts';
import { rules } from './verify-look.ts';
import { plannedIn } from './verify-plan.ts';
import { watched } from './verify-rounds.ts';

const usage = `Usage: npm run -s vigil -- verify FILE… [options]

Looks at a service by the checks of a plan, with the same eyes and the same rules as Vigil's jobs. FILE is a verify.yml, a
runbook (.md) with a verify block, or the folder of a remediation; several are taken one after the other. Parameters come
from the service in vigil.yml, which a runbook and a remediation name themselves. An address whose origin is no parameter's
is refused, as in a job. Nothing is written anywhere but to --html and --screenshots; a journey clicks and types in the service itself.

  --rule RULE       once (default): one look at each check, in the order of the plan
                    red: the plan's whole rule for "it is broken", as before a fix. green: that for "it works", as after one
  --engine ENGINE   both (default): Lightpanda looks first and Chromium decides, of those that are here; or lightpanda, or
                    chromium, alone. Where they are: browser of vigil.yml, else LIGHTPANDA_PATH or LIGHTPANDA_WS_ENDPOINT,
                    CHROMIUM_PATH, or an installed Chromium. What Lightpanda alone saw is inconclusive, unless vigil.yml
                    says accepts_lightpanda_alone
  --service NAME    the service, by name or PagerDuty id, for a verify.yml that lies alone
  --here            run commands on this machine, closed off by bubblewrap. Without it they run in workspace.measure_template of
                    vigil.yml, with the CODER_API_TOKEN of the environment; where there is neither, nothing is seen of them
  --network         give them this machine's whole network; without it, they have none here
  --settings FILE   the vigil.yml to use; default: .github/vigil.yml here or in the nearest directory above
  --set NAME=VALUE  stands for what the inventory says, in this run alone, and the report says so. May be repeated
  --watch           look again every 10 s until Ctrl-C; what changed is marked
  --json            JSON Lines: {"type": "look", file, service, round, check, kind, at, ms, outcome, engine, engines, reason,
                    overruled, counts, was} for each look, and {"type": "result", …} at the end of each file
  --html FILE       write one page, complete in itself: what each check showed over time, and how long it took
  --screenshots FOLDER  write pictures of the checks that say \`screenshot: true\`: of each the first look that failed and the first
                    that passed, four at most, as Chromium shows them. Nothing in them is redacted; nobody else may read them
  --before FILE     for the page: looks of an earlier run (its --json), as what was before

Outcomes are pass, fail and inconclusive (nothing was seen: no evidence for either side). Where two engines saw different
things, both are told. Words of a page are cut to one line, control characters are taken out, and they are redacted as
\`vigil redact\` would. A check of monitoring needs DD_API_KEY and DD_APP_KEY,
and one that names a secret VIGIL_CHECK_SECRETS: an object of names and texts, as JSON or YAML.
Exit codes: 0 all passed, or the rule says what was asked (it is red; it is green); 1 something failed, or the rule says the
opposite; 2 wrong usage, or a file that cannot be read or bound; 3 inconclusive; 128 + signal when it was stopped. Of
several files a failure counts most. Ctrl-C ends --watch with the code of its last round.

  npm run -s vigil -- verify runbooks/shop-checkout-errors.md
  npm run -s vigil -- verify verify.yml --service shop --set SHOP_URL=http://127.0.0.1:4600 --engine chromium
  npm run -s vigil -- verify runbooks/shop-checkout-errors.md --rule red --json
  npm run -s vigil -- verify remediations/pd-q1abc --watch --html page.html
`;

/** One of these words, or wrong usage. */
function oneOf<W extends string>(option: string, words: readonly W[], said: string | undefined, first: W): W {
  const word = said === undefined ? first : words.find((one) => one === said);
  if (word === undefined) throw new UsageError(`${option} is one of ${words.join(', ')}`);
  return word;
}

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'look at a service by a plan, with the eyes and rules of a job',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        service: { type: 'string' },
        settings: { type: 'string' },
        here: { type: 'boolean', default: false },
        network: { type: 'boolean', default: false },
        engine: { type: 'string' },
        rule: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        watch: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        html: { type: 'string' },
        before: { type: 'string' },
        screenshots: { type: 'string' },
      },
    });
    if (positionals.length === 0) throw new UsageError('name a verify.yml, a runbook or a folder');
    const rule = oneOf('--rule', rules, values.rule, 'once');
    const engine = oneOf('--engine', engines, values.engine, 'both');
    // A plan or a runbook in its place would be gone.
    if (values.html !== undefined && !/\.html?$/.test(values.html))
      throw new UsageError(`--html is a page, FILE.html, not ${JSON.stringify(values.html)}`);
    if (values.network && !values.here)
      throw new UsageError('--network is of this machine: say --here as well');
    const given = parametersOf(values.set, '--set');
    const found = await settingsFor(values.settings, shell);
    const settings = found?.settings ?? null;
    const plans = await plannedIn(
      positionals.map((file) => ({ file, service: values.service, given })),
      found,
      shell,
    );
    const browser = await eyesFor(engine, settings, shell.config);
    const { html, before, watch, json, screenshots, here, network } = values;
    return watched(
      {
        ...{ plans, rule, browser, watch, json, own: Object.keys(given).sort() },
        ...{ html, before, screenshots, datadog: monitoringOf(settings, shell.config) },
        secrets: secretsOf(settings, shell.config),
        place: { settings, token: shell.config.coderToken, here, network },
        key: randomBytes(32).toString('hex'),
      },
      shell,
    );
  },
};
