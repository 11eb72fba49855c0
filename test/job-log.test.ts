// What a job prints of somebody else's text, read as a runner reads it: nothing in it may be obeyed, all of it may be read.
// Each hostile text is printed alone, so that each part of the guard is needed by one of them.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLog } from '../sandbox/github/actions/commands.ts';
import { createMasks } from '../sandbox/github/actions/masking.ts';
import { eachLine } from '../sandbox/github/actions/process.ts';
import { isTest, root, sourceFiles } from './support/files.ts';

const END = 'the next text comes here';
/** What a job writes when it prints each of the texts. */
function printed(texts: readonly string[]): string[] {
  const source = `import { print } from ${JSON.stringify(join(root, 'actions/shared/print.ts'))};
for (const text of JSON.parse(process.env.TEXTS)) { print(text); process.stdout.write('${END}'); }`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], {
    ...{ cwd: root, encoding: 'utf8', env: { ...process.env, TEXTS: JSON.stringify(texts) } },
  });
  return output.split(END).slice(0, -1);
}

type Read = { shown: string[]; did: string[] };
/** What a runner makes of an output, and of a line and a command of the job itself after it. */
async function read(output: string): Promise<Read> {
  const did: string[] = [];
  const step = { log: [] as string[], annotations: [] };
  const log = createLog(step, createMasks(), {
    says: () => true, // as with ACTIONS_ALLOW_UNSECURE_COMMANDS: nothing is refused that could be obeyed
    setEnv: (name, value) => void did.push(`env ${name}=${value}`),
    addPath: (path) => void did.push(`path ${path}`),
    setOutput: (name, value) => void did.push(`output ${name}=${value}`),
    saveState: (name, value) => void did.push(`state ${name}=${value}`),
  });
  await eachLine(Readable.from([output, 'the job goes on\n::set-output name=own::yes\n']), log.write);
  return { shown: step.log, did: [...did, ...(log.failed() ? ['failed'] : [])] };
}
const OWN = 'output own=yes';
const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/);
/** The part of a log that stands between the guards. */
const between = ({ shown }: Read): string[] => {
  const end = shown.indexOf('the job goes on');
  return shown.slice(0, end).filter((line) => !/^::(stop-commands::)?\*\*\*(::)?$/.test(line));
};

const hostile: Record<string, string> = {
  'a command at the start of a line': '::set-output name=due::false',
  'a command behind blanks': ' \t ::save-state name=workspace::other',
  'a command in capitals': '::SET-OUTPUT name=due::false',
  'a command on a later line': 'done\n::set-env name=A::1',
  'a command behind CR and LF': 'done\r\n::set-output name=due::false\r\n',
  'a command behind a lone CR': 'done\r::set-output name=due::false',
  'a mask': '::add-mask::the job',
  'an annotation': '::error::carried out',
  'a stop': '::stop-commands::quiet',
  'a stop in capitals, for ever': '::Stop-Commands::0123456789abcdef',
  'a stop without a token': '::stop-commands::',
  'the old spelling at the start': '##[set-output name=due]false',
  'the old spelling in the middle of a line': '200 OK ##[set-env name=A]1',
  'the old spelling in capitals': 'x ##[ADD-PATH]/evil',
  'the old spelling behind a lone CR': 'done\r##[save-state name=workspace]other',
  'the old spelling of a mask': '##[add-mask]the job',
  'the old spelling of a stop': '##[stop-commands]quiet',
  'both spellings in one line': '::unknown:: ##[set-output name=due]false',
};

const outputs = printed(Object.values(hostile));

describe.each(Object.entries(hostile))('%s', (what, text) => {
  test('as it is, would be obeyed', async () => {
    const seen = await read(`${text}\n`);
    expect(
      seen.did.length === 1 && seen.did[0] === OWN && between(seen).join() === linesOf(text).join(),
    ).toBe(false);
  });

  test('printed, is text, and the job’s own commands work again after it', async () => {
    const seen = await read(outputs[Object.keys(hostile).indexOf(what)] ?? '');
    expect(seen.did).toEqual([OWN]);
    expect(between(seen).join('\n').trimEnd()).toBe(linesOf(text).join('\n').trimEnd());
    expect(seen.shown).toContain('the job goes on');
  });
});

test('the word that ends one text does not end the next', () => {
  const words = outputs.map((output) => /^::stop-commands::(\S+)$/m.exec(output)?.[1]);
  expect(words.every((word) => word !== undefined && word.length > 30)).toBe(true);
  expect(new Set(words).size).toBe(words.length);
});

test('ordinary output stands alone', () => {
  const text = 'Purging the price cache\n{"orders":1}';
  expect(printed([text])).toEqual([`${text}\n`]);
});

/** Who may write a line as it is, and why nothing from outside is in it. What warns, or fails, is escaped by the toolkit. */
const plain: Readonly<Record<string, string>> = {
  'actions/shared/job.ts': 'names of our own facts',
  'actions/conclude/index.ts': 'an id that this code has made',
  'actions/ingest/index.ts': 'counts',
};

test('only these files of the jobs write a line without the guard, once each', () => {
  const writes = sourceFiles()
    .filter(({ path }) => path.startsWith('actions/') && !isTest(path) && path !== 'actions/shared/print.ts')
    .flatMap(({ path, text }) =>
      [...text.matchAll(/core\.info\(|console\.\w+\(|std(?:out|err)\.write\(/g)].map(() => path),
    );
  expect(writes.sort()).toEqual(Object.keys(plain).sort());
});
