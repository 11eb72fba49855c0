// A command line of `vigil`: finds the command and runs it. To add one, write a file that exports a Command and name
// it in `commands`. Must never do a command's work itself.
import about from '../../package.json' with { type: 'json' };
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { nearest } from './nearest.ts';
import { columns } from './terminal.ts';

/** Each command is loaded only when it is called, so that a streaming command does not load the libraries of the others. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  audit: async () => (await import('./audit.ts')).auditCommand,
  calibration: async () => (await import('./calibration.ts')).calibrationCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  erase: async () => (await import('./erase.ts')).eraseCommand,
  eval: async () => (await import('./eval.ts')).evalCommand,
  fmt: async () => (await import('./fmt.ts')).fmtCommand,
  ingest: async () => (await import('./ingest.ts')).ingestCommand,
  match: async () => (await import('./match.ts')).matchCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  patterns: async () => (await import('./patterns.ts')).patternsCommand,
  policy: async () => (await import('./policy.ts')).policyCommand,
  redact: async () => (await import('./redact.ts')).redactCommand,
  rejudge: async () => (await import('./rejudge.ts')).rejudgeCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  run: async () => (await import('./run.ts')).runCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
};

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return `Usage: npm run vigil -- <command> [options]

${columns(all.map(({ name, summary }) => [`  ${name}`, summary]))}

\`npm run vigil -- <command> --help\` explains one; \`--version\` tells which Vigil this is. Paths start where you stand.
\`npm run -s\` leaves out npm's own lines, for programs that read --json.
Exit codes: 0 ok, 1 a fault was found, 2 wrong usage or a file that cannot be read; where a command says otherwise, its
own help tells.
`;
}

/** A text of help with the name by which this program was called. */
const called = (text: string, { installed = false }: Shell): string =>
  installed
    ? text
        .replace(/^`npm run -s`.*\n/m, '')
        .replaceAll('npm run ingest:runbooks -- DIR', 'vigil ingest DIR')
        .replaceAll(/npm run (-s )?ingest:runbooks --/g, 'vigil ingest')
        .replaceAll(/npm run (-s )?vigil --/g, 'vigil')
    : text;

async function commandNamed(name: string | undefined): Promise<Command | null> {
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  return load ? load() : null;
}

/** Runs one command line and gives its exit code. Never throws. */
export async function main(args: readonly string[], shell: Shell): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    shell.err(called(await help(), shell));
    return 2;
  }
  if (name === '--version' || name === '-v') return tellVersion(name, rest, shell);
  if (name === '--help' || name === '-h' || name === 'help') return tellHelp(name, rest, shell);
  const command = await commandNamed(name);
  if (!command) return misused(unknown(name), shell);
  if (rest.includes('--help') || rest.includes('-h')) {
    shell.out(called(command.usage, shell));
    return 0;
  }
  try {
    return await command.run(rest, shell);
  } catch (error) {
    return complain(command, error, shell);
  }
}

function tellVersion(word: string, more: readonly string[], shell: Shell): ExitCode | Promise<ExitCode> {
  if (more[0] !== undefined)
    return misused(`${word} takes no further words, not ${JSON.stringify(more[0])}`, shell);
  shell.out(`vigil ${about.version}\n`);
  return 0;
}

async function tellHelp(word: string, [name, ...more]: readonly string[], shell: Shell): Promise<ExitCode> {
  if (more[0] !== undefined)
    return misused(`${word} takes one command, not also ${JSON.stringify(more[0])}`, shell);
  const command = await commandNamed(name);
  if (name !== undefined && !command) return misused(unknown(name), shell);
  shell.out(called(command?.usage ?? (await help()), shell));
  return 0;
}

function unknown(word: string): string {
  const isOption = word.startsWith('-');
  const near = nearest(word, isOption ? ['--version', '--help'] : Object.keys(commands));
  const fault = isOption ? `there is no option ${word}` : `there is no command ${JSON.stringify(word)}`;
  return near === null ? fault : `${fault}. Did you mean ${near}?`;
}

async function misused(fault: string, shell: Shell): Promise<ExitCode> {
  shell.err(`vigil: ${fault}\n\n${called(await help(), shell)}`);
  return 2;
}

function complain(command: Command, error: unknown, shell: Shell): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) {
    shell.err(`vigil ${command.name}: ${message}\n\n${called(command.usage, shell)}`);
    return command.misused ?? 2;
  }
  shell.err(`vigil ${command.name}: ${message}\n`);
  return error instanceof InputError ? (command.misused ?? 2) : 1;
}
