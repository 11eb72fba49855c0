// What is set in a workload (image, variables, resources, number), and a job made from a cron job.
// It must never let a setting decide which code runs in the program, nor hand it a secret.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { allValues, optionValue } from '../engine/parsed.ts';
import { type Issue, question, refusal } from '../engine/run.ts';
import { type Arg, prefix, shapeOf, textOf } from '../engine/value.ts';
import type { Setting } from '../kinds/kinds.ts';
import { isSecretName } from '../kinds/secrets.ts';
import { checkWorkload, inNamespace, objectOf } from './kubernetes.ts';
import { checkScaling } from './scaling.ts';

/** `deployment web`, and behind it what is set. */
function parts(parsed: Parsed): { target: Parsed; set: Arg[] } {
  const at = parsed.operands.findIndex((arg) => /=|[^/]-$/.test(prefix(arg.value)));
  const cut = at < 0 ? parsed.operands.length : at;
  return {
    target: { ...parsed, operands: parsed.operands.slice(0, cut) },
    set: parsed.operands.slice(cut),
  };
}

/** The workload's target with what is set in it, so that an undo is held to the same setting. */
function inWorkload(
  parsed: Parsed,
  setting: Setting,
  what: readonly string[],
): { target: string; issues: Issue[] } {
  const { issues, target = '' } = checkWorkload(parsed, setting);
  const words = [...new Set(what)].toSorted().join(' ');
  const [object = '', space] = target.split(' in ');
  return { issues, target: `${object}${words && ` ${words}`}${space === undefined ? '' : ` in ${space}`}` };
}

export function checkScaleWorkload(parsed: Parsed, setting: Setting): Found {
  const found = checkWorkload(parsed, setting);
  const [, name = ''] = /^[^/]*\/(\S+)/.exec(found.target ?? '') ?? [];
  const scaled = checkScaling(parsed, setting, name);
  return { ...found, ...scaled, issues: [...found.issues, ...scaled.issues] };
}

const image =
  /^([a-z0-9][a-z0-9.-]{0,62}|\*)=[a-z0-9][a-z0-9.:/_-]{0,200}(:[A-Za-z0-9_][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/;

export function checkSetImage(parsed: Parsed, setting: Setting): Found {
  const { target, set } = parts(parsed);
  const found = inWorkload(target, setting, []);
  if (set.length === 0 || !set.every((arg) => image.test(textOf(arg) ?? '')))
    found.issues.push(
      refusal(
        'value',
        'An image is set by container, name and tag or digest: kubectl set image deployment/web web=registry.example/web:1.4.2.',
      ),
    );
  return found;
}

/** Variables by which programs find their code. */
const finds =
  /^(PATH|ENV|BASH_ENV|IFS|LD_\w+|DYLD_\w+|GCONV_PATH|PYTHON\w+|PERL5\w+|RUBY(LIB|OPT)|NODE_PATH|CLASSPATH|GIT_\w+|SHELL|HOME)$/i;
/** Variables by which programs are given further arguments, or led elsewhere. */
const steers = /_(OPTIONS|OPTS|ARGS|PROXY)$/i;

export function checkSetEnv(parsed: Parsed, setting: Setting): Found {
  const { target, set } = parts(parsed);
  const words = [...set, ...allValues(parsed, '-e --env')].map((arg) => textOf(arg) ?? '');
  const names = words.map((word) => word.replace(/(-|=[\s\S]*)$/, ''));
  const found = inWorkload(target, setting, names);
  if (words.length === 0 || !words.every((word) => /^[A-Za-z_]\w{0,99}(-|=[\x20-\x7e]{0,300})$/.test(word)))
    found.issues.push(
      refusal(
        'value',
        'A variable is set by name and value: kubectl set env deployment/web LOG_LEVEL=warn, or taken away by LOG_LEVEL-.',
      ),
    );
  const finding = names.find((name) => finds.test(name));
  if (finding) found.issues.push(refusal('runs-code', `${finding} decides which code the program runs.`));
  const steering = names.find((name) => steers.test(name));
  if (steering)
    found.issues.push(question('asks', `${steering} can load code into the program, or lead it elsewhere.`));
  const secret = words.find((word, at) => word.includes('=') && isSecretName(names[at] ?? ''));
  if (secret)
    found.issues.push(
      refusal('credential', 'Credentials do not belong in a script; a Secret of the cluster holds them.'),
    );
  return found;
}

export function checkSetResources(parsed: Parsed, setting: Setting): Found {
  const { target, set } = parts(parsed);
  const amounts = ['limits', 'requests'].flatMap((which) =>
    allValues(parsed, `--${which}`).flatMap((arg) =>
      (textOf(arg) ?? '').split(',').map((one) => `${which}.${one.replace(/=.*/s, '')}`),
    ),
  );
  const found = inWorkload(target, setting, amounts);
  if (set.length > 0)
    found.issues.push(
      refusal(
        'value',
        'Resources are set by options: kubectl set resources deployment/web --limits=memory=1Gi.',
      ),
    );
  return found;
}

const cronJobs = /^(cj|cronjobs?(\.batch)?)$/;

/** `create job NAME --from=cronjob/X`: the job is the cron job's own, at another time. */
export function checkJobFrom(parsed: Parsed, setting: Setting): Found {
  const from = optionValue(parsed, '--from');
  const { issues, kind, shown } = objectOf({ ...parsed, operands: from ? [from] : [] }, cronJobs, setting);
  if (kind === null)
    issues.push(
      refusal(
        'runs-code',
        'A job runs only what a cron job of the inventory runs: kubectl create job NAME --from=cronjob/NAME --namespace NAMESPACE.',
      ),
    );
  const [name] = parsed.operands;
  if (name && !/^(name|number)$/.test(shapeOf(name.value)))
    issues.push(question('tainted', 'What the job will be called is known only at run time.'));
  return { issues, target: `${shown}${inNamespace(parsed, setting, issues)}` };
}
