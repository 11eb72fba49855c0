// `vigil fmt FILE…`: puts quotes where they are missing and change nothing, and says what is not plain in a script and what to write.
// Must never change what a script does, nor write a file without being told to.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from '#core/policy/format';
import { judge } from '#core/policy/judge';
import { preliminary } from '#core/policy/limits';
import type { Finding } from '#core/policy/types';
import { visible } from '#core/text/untrusted';
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { contextsFor, readScriptFile } from './policy-context.ts';
import { shown } from './policy-report.ts';
import { count } from './terminal.ts';

const usage = `Usage: npm run -s vigil -- fmt FILE [options] > formatted.sh
       npm run -s vigil -- fmt FILE… --write | --check | --json [options]

Puts quotes around what is certain to be one word without blanks and patterns, and changes nothing else of a bash script. What is
not plain, and so cannot be allowed unseen, is told on standard error with what to write instead. FILE - is standard input.

  --write          change the files
  --check          change nothing, and name the files that would change
  --json           print one JSON object: files of {file, added (pairs of quotes), text, findings} and change nothing
  --service NAME   judge for this service of vigil.yml, by name or PagerDuty id; default: an empty inventory
  --settings FILE  the vigil.yml to use; default: .github/vigil.yml here or in the nearest directory above

A finding has line and column (from 1, of the formatted text), command, level, code and sentence. Whether a script may run is what
\`vigil policy\` says.
Exit codes: 0 ok, 1 with --check: a file would change, 2 wrong usage or input that cannot be read or is no script.

  npm run -s vigil -- fmt remediations/pd-q1abc/fix.sh --write
`;

/** What a person has to write in another way. */
const unmended = new Set(['not-plain', 'unset', 'arithmetic-on-data']);
type Formatted = { file: string; added: number; text: string; findings: Finding[] };

export const fmtCommand: Command = {
  name: 'fmt',
  summary: 'put quotes into scripts where they change nothing, and say what is not plain',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        service: { type: 'string' },
        settings: { type: 'string' },
        write: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { write, check, json } = values;
    const how = [write, check, json].filter(Boolean).length;
    if (how > 1) throw new UsageError('--write, --check and --json exclude each other');
    const [first, more] = positionals;
    if (first === undefined) throw new UsageError('name a script');
    if (more !== undefined && how === 0)
      throw new UsageError('of several scripts, --write, --check or --json');
    if (write && positionals.includes('-')) throw new UsageError('--write has no file to change for -');
    const contexts = await contextsFor(values.service, values.settings, shell);
    const files: Formatted[] = [];
    for (const file of positionals) {
      const script = await readScriptFile(file, shell);
      const reject = preliminary(script);
      if (reject) throw new InputError(`${file} cannot be formatted: ${reject.sentence}`);
      const { text, added } = format(script, contexts('fix'));
      const findings = judge(text, contexts('fix')).findings.filter(({ code }) => unmended.has(code));
      files.push({ file, added, text, findings });
    }
    if (json) shell.out(`${JSON.stringify({ files })}\n`);
    else for (const each of files) await tell(each, { write, check }, shell);
    return exitOf(files, check);
  },
};

const exitOf = (files: readonly Formatted[], check: boolean): ExitCode =>
  check && files.some(({ added }) => added > 0) ? 1 : 0;

async function tell(
  { file, added, text, findings }: Formatted,
  { write, check }: { write: boolean; check: boolean },
  shell: Shell,
): Promise<void> {
  const name = visible(file);
  const lines = text.split('\n');
  for (const finding of findings) shell.err(`${shown(name, lines, finding, shell)}\n`);
  if (!write && !check) shell.out(text);
  else if (added > 0) shell.out(`${name}: ${count(added, 'word')} ${check ? 'to quote' : 'quoted'}\n`);
  if (write && added > 0) await writeFile(resolve(shell.cwd, file), text);
}
