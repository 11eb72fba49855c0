// `vigil redact`: removes secrets and personal data from text, by the same code as all that Vigil sends anywhere.
// Must never hold a whole stream in memory, and never print a line that was not read.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import * as z from 'zod';
import { createRedactor } from '#core/redact/redact';
import { createRedactionStream } from '#core/redact/stream';
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { jsonLines } from './json-lines.ts';

const usage = `Usage: npm run -s vigil -- redact [options] < text > redacted
       npm run -s vigil -- redact --jsonl < texts.jsonl

Takes secrets and personal data out of UTF-8 text. Secrets become [REDACTED:<kind>] and are gone for good; personal data
becomes a placeholder such as [EMAIL_482131], the same for the same value. Text streams: memory does not grow with it.
Names of people are not recognised. What cannot be read safely becomes [REDACTED:withheld].

  --jsonl          read JSON Lines {id, text} and print one for each: {id, text, found: [{kind, start, end}]}, or
                   {line, id, error}. start and end count UTF-16 code units, as JavaScript's and Java's strings do, of the
                   original text, end being the first that is not part of it
  --key-file FILE  make placeholders with the key in this file, so that they are the same in another run; default: a new
                   key in each run, so that nobody can try values against a placeholder

Exit codes: 0 redacted (found or not), 1 a line could not be read, 2 wrong usage or no such file.

  kubectl logs deploy/web | npm run -s vigil -- redact | less
`;

const Line = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

export const redactCommand: Command = {
  name: 'redact',
  summary: 'take secrets and personal data out of text, streaming',
  usage,
  async run(args, shell) {
    const { values } = parseArgs({
      args: [...args],
      options: { jsonl: { type: 'boolean', default: false }, 'key-file': { type: 'string' } },
    });
    const key = await keyFrom(values['key-file'], shell);
    // By default V8 lets its heap grow by tens of megabytes, even when little is in it. Streaming needs none of it.
    setFlagsFromString('--optimize-for-size');
    return values.jsonl ? redactLines(key, shell) : redactText(key, shell);
  },
};

async function keyFrom(file: string | undefined, shell: Shell): Promise<string> {
  if (file === undefined) return randomBytes(32).toString('hex');
  const key = await readFile(resolve(shell.cwd, file), 'utf8').catch((error: Error) => {
    throw new InputError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
  if (key.trim().length < 16) throw new UsageError('a key has at least 16 characters');
  return key.trim();
}

async function redactText(key: string, shell: Shell): Promise<ExitCode> {
  const stream = createRedactionStream({ key });
  for await (const text of ReadableStream.from(shell.input()).pipeThrough(stream)) {
    shell.out(text);
    await shell.taken();
  }
  return 0;
}

async function redactLines(key: string, shell: Shell): Promise<ExitCode> {
  const redact = createRedactor({ key });
  let code: ExitCode = 0;
  for await (const line of jsonLines(shell, Line)) {
    if (!line.ok) code = 1;
    const answer = line.ok ? { id: line.value.id, ...redact(line.value.text) } : line.answer;
    shell.out(`${JSON.stringify(answer)}\n`);
    await shell.taken();
  }
  return code;
}
