// `vigil patterns export|import`: gives to others what was learned here, and brings for review what others learned.
// Must never overwrite a file or send anything. Must never make a runbook of a pattern without a trusted signature.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { load as parseYaml } from 'js-yaml';
import { readRunbookFolder } from '#adapters/retrieval/folder';
import { anonymise } from '#core/knowledge/patterns/anonymise';
import { patternId, patternText, readPattern } from '#core/knowledge/patterns/pattern';
import { runbookOfPattern } from '#core/knowledge/patterns/runbook-of';
import { opened, signed } from '#core/knowledge/patterns/sign';
import { splitRunbook } from '#core/knowledge/runbook';
import type { Settings } from '#core/settings';
import { visible } from '#core/text/untrusted';
import type { RunOutcome } from '#core/trust/outcomes';
import { past } from './calibration.ts';
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { serviceNamed, settingsFor, topOf } from './inventory.ts';
import { repository } from './ledger-at.ts';
import { count } from './terminal.ts';

const usage = `Usage: npm run -s vigil -- patterns export [--runbooks DIR] [--out DIR] [--key FILE] [--min N] [--repository URL|PATH]
       npm run -s vigil -- patterns import FILE... --service NAME [--trust FILE]... [--out DIR]

export  writes one Markdown file per runbook whose remediation was verified at least N times in the ledger: kind, scripts,
        verification and how often it helped, without the service's name, values, addresses or comments. A runbook in
        which something of yours still stands is named and left out. Read the files before you share them.
  --runbooks DIR   default: runbooks/ of the checkout
  --out DIR        default: patterns
  --key FILE       an Ed25519 private key (PEM); without it the files are not signed and nobody can import them
  --min N          verified successes needed; default 3, 0 takes runbooks that never ran too
  --with-sample    count seeded sample history too
import  checks the signature, and writes a runbook for review: approval human, no history, named after your service.
  --service NAME   the service of vigil.yml that it is for
  --trust FILE     a public key (PEM) whose patterns you accept; may be given several times
  --out DIR        default: runbooks/imported of the checkout

  --dry-run        say what would be written, write nothing
Make a key with: openssl genpkey -algorithm ed25519 -out pattern-key.pem
Exit codes: 0 all done, 1 some were left out (each is named), 2 wrong usage or a file that cannot be read.
`;

const options = {
  runbooks: { type: 'string' },
  out: { type: 'string' },
  key: { type: 'string' },
  min: { type: 'string', default: '3' },
  repository: { type: 'string' },
  service: { type: 'string' },
  trust: { type: 'string', multiple: true, default: [] as string[] },
  'with-sample': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
} as const;
const shared = ['out', 'dry-run'];
const ownOptions: Readonly<Record<string, readonly string[]>> = {
  export: [...shared, 'runbooks', 'key', 'min', 'repository', 'with-sample'],
  import: [...shared, 'service', 'trust'],
};
type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

export const patternsCommand: Command = {
  name: 'patterns',
  summary: 'share what heals with other organisations, and review what they share',
  usage,
  async run(args, shell) {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options, tokens: true });
    const { values, positionals, tokens } = parsed;
    const [what = '', ...files] = positionals;
    const own = Object.hasOwn(ownOptions, what) ? ownOptions[what] : undefined;
    if (!own) throw new UsageError('say export, or import and the files');
    const foreign = tokens.find((token) => token.kind === 'option' && !own.includes(token.name));
    if (foreign?.kind === 'option') throw new UsageError(`${what} has no option --${foreign.name}`);
    if (what === 'import' && files.length === 0) throw new UsageError('name the files to import');
    if (what === 'export' && files[0] !== undefined)
      throw new UsageError(`export takes no files, not ${JSON.stringify(files[0])}`);
    const found = await settingsFor(undefined, shell);
    if (!found) throw new InputError('no .github/vigil.yml here or above: it says what is yours');
    return what === 'export'
      ? exportAll(values, found.settings, shell)
      : importAll(files, values, found.settings, shell);
  },
};

async function exportAll(values: Values, settings: Settings, shell: Shell): Promise<ExitCode> {
  const min = Number(values.min);
  if (!Number.isInteger(min) || min < 0) throw new UsageError('--min is a whole number');
  const key = values.key === undefined ? null : await keyFrom(values.key, createPrivateKey, shell);
  const url = await repository(values.repository, shell);
  const { outcomes } = await past(url, shell);
  const counted = values['with-sample'] ? outcomes : outcomes.filter(({ sample }) => !sample);
  const folder = await readRunbookFolder(
    values.runbooks === undefined ? join(topOf(shell.cwd), 'runbooks') : resolve(shell.cwd, values.runbooks),
  );
  const names = [...Object.values(settings.services).map(({ name }) => name), ...ownersIn(url)];
  let left = 0;
  let written = 0;
  for (const runbook of folder.runbooks) {
    const { helped, failed } = tally(counted, runbook.block);
    if (!runbook.remediation || helped < min) continue;
    const service = serviceNamed(runbook.service, settings);
    const made = service
      ? anonymise(
          runbook,
          service,
          { helped, failed },
          names.filter((name) => name !== runbook.service),
        )
      : { ok: false as const, reason: `its service ${runbook.service} is not in the inventory` };
    if (!made.ok) {
      left += 1;
      shell.err(`${runbook.path}: left out, ${made.reason}\n`);
      continue;
    }
    const text = patternText(made.pattern);
    const path = join(values.out ?? 'patterns', `${made.pattern.head.kind}-${patternId(made.pattern)}.md`);
    if (await save(path, key ? signed(text, key) : text, values, shell)) written += 1;
    else left += 1;
  }
  shell.out(`${count(written, 'pattern')}${key ? ', signed' : ', not signed: nobody can import them'}\n`);
  return left > 0 ? 1 : 0;
}

function tally(outcomes: readonly RunOutcome[], block: string | null): { helped: number; failed: number } {
  // Sample history proves nothing.
  const own = outcomes.filter((one) => !one.sample && block !== null && one.block === block);
  const helped = own.filter(({ ok }) => ok).length;
  return { helped, failed: own.length - helped };
}

/** The organisation in the repository's address. No pattern may name it. */
function ownersIn(url: string): string[] {
  const owner = /[/:]([\w.-]+)\/[\w.-]+?(?:\.git)?$/.exec(url)?.[1];
  return owner === undefined ? [] : [owner];
}

async function importAll(
  files: readonly string[],
  values: Values,
  settings: Settings,
  shell: Shell,
): Promise<ExitCode> {
  if (values.service === undefined) throw new UsageError('say for which --service');
  const service = serviceNamed(values.service, settings);
  if (!service) throw new InputError(`vigil.yml has no service ${values.service}`);
  const trusted = await Promise.all(values.trust.map((file) => keyFrom(file, createPublicKey, shell)));
  let left = 0;
  for (const file of files) {
    const text = await readText(file, shell);
    const sealed = opened(text, trusted);
    const split = sealed.ok ? splitRunbook(sealed.text) : null;
    const read = sealed.ok && split?.ok ? readPattern(sealed.text, parsed(split.frontMatter)) : null;
    if (!sealed.ok || !read?.ok) {
      left += 1;
      const reason = !sealed.ok ? sealed.reason : (read && !read.ok && read.reason) || 'it is no pattern';
      shell.err(`${visible(file)}: left out, ${visible(reason)}\n`);
      continue;
    }
    const name = `${service.name}-${basename(file).replace(/[^a-z0-9.-]/g, '')}`;
    const path = join(values.out ?? ownRunbooks(shell), name);
    if (!(await save(path, runbookOfPattern(read.pattern, service.name, sealed.by), values, shell)))
      left += 1;
  }
  return left > 0 ? 1 : 0;
}

/** Where reviewed runbooks belong, as one would name it from where one stands. */
const ownRunbooks = ({ cwd }: Shell): string => relative(cwd, join(topOf(cwd), 'runbooks/imported'));

function parsed(yaml: string): unknown {
  try {
    return parseYaml(yaml);
  } catch {
    return null;
  }
}

async function save(path: string, text: string, values: Values, shell: Shell): Promise<boolean> {
  const target = resolve(shell.cwd, path);
  if (!values['dry-run']) {
    await mkdir(resolve(target, '..'), { recursive: true });
    const refused = await writeFile(target, text, { flag: 'wx' }).then(
      () => null,
      (error: NodeJS.ErrnoException) => error,
    );
    if (refused?.code === 'EEXIST') {
      const same = (await readText(path, shell)) === text;
      shell.err(
        `${path}: ${same ? 'is there already' : 'left out, another file is there; move it away first'}\n`,
      );
      return same;
    }
    if (refused) throw new InputError(`${path} cannot be written: ${refused.message}`, { cause: refused });
  }
  shell.out(`${values['dry-run'] ? 'would write' : 'wrote'} ${path}\n`);
  return true;
}

async function readText(file: string, shell: Shell): Promise<string> {
  return readFile(resolve(shell.cwd, file), 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
}

async function keyFrom(file: string, make: (pem: string) => KeyObject, shell: Shell): Promise<KeyObject> {
  const pem = await readText(file, shell);
  try {
    const key = make(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What OpenSSL says about a key may hold parts of it.
  }
  throw new InputError(`${file} is not an Ed25519 key in PEM form`);
}
