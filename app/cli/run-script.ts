// What `vigil run FILE` would run: the script that FILE means, with its parameters, and what the policy says of it. Must never judge by
// other code than the desk and `vigil policy` use, and never give a script whose bytes were not judged.
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseRunbook } from '#adapters/git/source';
import { judgeScripts } from '#core/gate/judged-scripts';
import type { Runbook } from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import type { Judged } from '#core/ledger/facts';
import { judge } from '#core/policy/judge';
import { bindParameters, renderScript } from '#core/proposal/remediation';
import { Service, type Settings } from '#core/settings';
import { InputError, type Shell, UsageError } from './command.ts';
import { type Found, serviceNamed } from './inventory.ts';

export type Asked = { file: string; service: string | undefined; given: Readonly<Record<string, string>> };
export type JudgedScript = Pick<Judged, 'verdict' | 'risk' | 'effects' | 'findings'> & {
  script: string;
  service: string | null;
  parameters: Record<string, string>;
  /** What its changes cost beyond their effects, and who sets them back: whole sentences. */
  costs: string[];
};
const nothing = Service.parse({ name: 'none' });

/** `--param K=V`, or another option, each held to what vigil.yml would take. */
export function parametersOf(words: readonly string[], option = '--param'): Record<string, string> {
  const given: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`${option} is NAME=VALUE, not ${JSON.stringify(word)}`);
    const name = word.slice(0, at);
    if (Object.hasOwn(given, name)) throw new UsageError(`${option} ${name} is given twice`);
    given[name] = word.slice(at + 1);
  }
  const parsed = Service.shape.parameters.safeParse(given);
  if (parsed.success) return given;
  const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'it is wrong' };
  throw new UsageError(`${option} ${path.join('.')}: vigil.yml would not take this: ${message}`);
}

export async function judgedScript(asked: Asked, found: Found | null, shell: Shell): Promise<JudgedScript> {
  const text = await readFile(resolve(shell.cwd, asked.file), 'utf8').catch((error: Error) => {
    throw new InputError(`${asked.file} cannot be read: ${error.message}`, { cause: error });
  });
  if (!asked.file.endsWith('.md')) return plain(text, asked, found);
  const parsed = parseRunbook(text, asked.file);
  if (!parsed.ok)
    throw new InputError(
      `${asked.file}:${parsed.problem.line}: ${parsed.problem.reason}; \`vigil check\` says more`,
    );
  return ofRunbook(parsed.value, asked, found);
}

export function serviceFor(name: string, found: Found | null): Service {
  if (!found) throw new InputError('no .github/vigil.yml here or above; name one with --settings');
  const service = serviceNamed(name, found.settings);
  if (!service) throw new InputError(`no service of ${found.path} is called ${JSON.stringify(name)}`);
  return service;
}

/** The service as it would be if the inventory said what `--param` says. */
const withGiven = (service: Service, given: Asked['given']): Service => ({
  ...service,
  parameters: { ...service.parameters, ...given },
});

function ofRunbook(runbook: Runbook, asked: Asked, found: Found | null): JudgedScript {
  const { remediation } = runbook;
  if (!remediation) throw new InputError(`${asked.file} has no fix: its front matter has no remediation`);
  const stray = Object.keys(asked.given).find((name) => !remediation.parameters.includes(name));
  if (stray !== undefined)
    throw new UsageError(
      `${asked.file} has no parameter ${stray}, only ${remediation.parameters.join(', ') || 'none'}`,
    );
  const service = withGiven(serviceFor(asked.service ?? runbook.service, found), asked.given);
  const bound = bindParameters(remediation.parameters, service.parameters);
  if (!bound.ok) throw new InputError(`${bound.reason}; give it in vigil.yml, or with --param`);
  const { parameters } = bound;
  const script = renderScript(remediation.fix, parameters);
  const undo = remediation.undo === null ? {} : { 'undo.sh': renderScript(remediation.undo, parameters) };
  const judged = judgeScripts(
    {
      ...{ by: 'runbook', kind: remediation.kind, runbook: null, target: service.name, parameters },
      ...{ risk: remediation.risk, confidence: null, summary: runbook.title, quotes: [] },
      impossible: impossibleOf(remediation.undoing),
      files: { 'fix.sh': script, ...undo, 'verify.yml': remediation.verify, 'remediation.yml': '' },
    },
    service,
    settingsOf(found),
    new Date(),
    [],
  );
  const { opinions, managed, fix: _, reconcile_s: _never, commands: _all, ...opinion } = judged;
  const costs = opinions.flatMap(({ cost, why }) => (cost ? [why] : []));
  return { ...opinion, costs: [...costs, ...managed], script, parameters, service: service.name };
}

/** A script as its bytes are. Only with `--param` it gets the header that Vigil writes. */
function plain(text: string, { file, service: name, given }: Asked, found: Found | null): JudgedScript {
  const named = name === undefined ? nothing : serviceFor(name, found);
  const service = withGiven(named, given);
  const script = Object.keys(given).length === 0 ? text : renderScript(text, given);
  const {
    verdict,
    risk,
    effects,
    findings,
    notes = [],
    costs = [],
  } = judge(script, {
    kind: basename(file) === 'undo.sh' ? 'undo' : 'fix',
    parameters: service.parameters,
    actions: service.actions,
    targets: service,
    organisation: {
      rules: settingsOf(found).policy.rules,
      service: name === undefined ? '' : service.name,
      now: new Date(),
      changes: [],
    },
  });
  const own = [...findings, ...notes].map(({ line, code, sentence }) => ({
    file: basename(file),
    line,
    code,
    sentence,
  }));
  return {
    verdict,
    risk,
    effects,
    findings: own,
    costs: costs.map(({ sentence }) => sentence),
    script,
    parameters: { ...given },
    service: name === undefined ? null : service.name,
  };
}

const settingsOf = (found: Found | null): Pick<Settings, 'policy'> =>
  found?.settings ?? { policy: { rules: [] } };
