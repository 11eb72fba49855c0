// `npm run vigil -- <command>`: finds the command and runs it. To add one, write a file that exports a Command and name
// it in `commands`. Must never do a command's work itself.
import { cliConfig } from '../config.ts';
import { auditCommand } from './audit.ts';
import { checkCommand } from './check.ts';
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { columns } from './terminal.ts';

const commands: readonly Command[] = [auditCommand, checkCommand];

const HELP = `Usage: npm run vigil -- <command> [options]

${columns(commands.map(({ name, summary }) => [`  ${name}`, summary]))}

\`npm run vigil -- <command> --help\` explains one. \`npm run -s\` leaves out npm's own lines, for programs that read --json.
Exit codes: 0 ok, 1 a fault was found, 2 wrong usage or a file that cannot be read.
`;

/** Runs one command line and gives its exit code. Never throws. */
export async function main(args: readonly string[], shell: Shell): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const wanted = commands.find((command) => command.name === rest[0]);
    (name === undefined ? shell.err : shell.out)(wanted?.usage ?? HELP);
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    shell.err(`vigil: there is no command ${JSON.stringify(name)}\n\n${HELP}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    shell.out(command.usage);
    return 0;
  }
  try {
    return await command.run(rest, shell);
  } catch (error) {
    return complain(command, error, shell);
  }
}

function complain(command: Command, error: unknown, shell: Shell): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) {
    shell.err(`vigil ${command.name}: ${message}\n\n${command.usage}`);
    return 2;
  }
  shell.err(`vigil ${command.name}: ${message}\n`);
  return error instanceof InputError ? 2 : 1;
}

if (import.meta.main) {
  const config = cliConfig(process.env);
  process.exitCode = await main(process.argv.slice(2), {
    cwd: process.cwd(),
    config,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    colour: config.colour && process.stdout.isTTY,
  });
}
