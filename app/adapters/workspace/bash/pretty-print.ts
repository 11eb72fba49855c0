// Asks bash how it reads a script, by `--pretty-print`: it parses the text and prints what it understood. It must never let bash run
// anything of it, nor wait for bash without end.
import { spawn } from 'node:child_process';
import type { Reading } from '#core/policy/second-witness';

const PATIENCE_MS = 10_000;
/** Bash adds blanks and lines; a script has 16 kB at most. */
const MOST_BYTES = 1_000_000;
const CURE = 'bash 5.2 or newer must stand at';

/**
 * The text as the body of a function: there bash prints each command on a line of its own, without comments and empty lines, however
 * the text was laid out. Here-documents and quoted text stay as they are.
 */
const HEAD = 'vigil ()\n{\n';
const LINES_OF_HEAD = 2;
const asBody = (script: string): string => `${HEAD}${script}\n}\n`;
/** Of the body, with its last command ended as the others are. */
const body = (printed: string): string =>
  printed.split('\n').slice(LINES_OF_HEAD).join('\n').trimEnd().replace(/\n}$/, ';\n');

/** `bash`: the path of the program. Nothing of this process's environment reaches it. */
export function prettyPrint(script: string, bash = '/bin/bash'): Promise<Reading> {
  return new Promise((resolve) => {
    const child = spawn(bash, ['--noprofile', '--norc', '--pretty-print'], {
      ...{ env: {}, cwd: '/', stdio: 'pipe', timeout: PATIENCE_MS, killSignal: 'SIGKILL' },
    });
    const out: Buffer[] = [];
    let [bytes, said] = [0, ''];
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MOST_BYTES) child.kill('SIGKILL');
      else out.push(piece);
    });
    child.stderr.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(0, 2000);
    });
    child.once('error', ({ message }) =>
      resolve({ is: 'absent', reason: `bash cannot be asked (${message}): ${CURE} ${bash}` }),
    );
    child.once('close', (code, signal) => {
      const first = said.trim().split('\n')[0] ?? '';
      if (code === 0 && said === '') resolve({ is: 'read', text: body(Buffer.concat(out).toString()) });
      else if (/--pretty-print: invalid option|unrecognized option/.test(said))
        resolve({ is: 'absent', reason: `bash is too old here (${first}): ${CURE} ${bash}` });
      else resolve({ is: 'unreadable', reason: complaint(first) || endedBy(code, signal, bytes) });
    });
    child.stdin.on('error', () => undefined); // it may end before it has read all; its exit code tells
    child.stdin.end(asBody(script));
  });
}

/** Bash's words without the path of bash, and with the line of the script. */
const complaint = (words: string): string =>
  words.replace(
    /^.*?: line (\d+): /,
    (_, line: string) => `line ${Math.max(1, Number(line) - LINES_OF_HEAD)}: `,
  );

function endedBy(code: number | null, signal: string | null, bytes: number): string {
  if (bytes > MOST_BYTES) return `its own print is longer than ${MOST_BYTES} bytes`;
  return signal === null
    ? `it ended with ${code} and said nothing`
    : `it was not done after ${PATIENCE_MS / 1000} s`;
}
