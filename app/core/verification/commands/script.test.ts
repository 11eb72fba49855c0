// The script of a workspace that looks, as bash runs it: what it prints is frames and nothing else, whatever its commands print.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type Frame, frameOf } from './frames.ts';
import { scriptOfLooks } from './script.ts';

const nonce = 'ab'.repeat(16);
/** Its lines until it has told of so many ends; then it is ended, as a workspace is. */
async function lines(
  commands: { run: string; timeout_s: number }[],
  ends = commands.length,
  pause_ms = 3000,
): Promise<string[]> {
  const script = scriptOfLooks({ commands, pause_ms, lasts_s: 200, nonce });
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const said: string[] = [];
  let rest = '';
  for await (const piece of child.stdout) {
    const parts = (rest + String(piece)).split('\n');
    rest = parts.pop() ?? '';
    said.push(...parts);
    if (said.filter((line) => line.includes(' ended ')).length >= ends) break;
  }
  if (child.exitCode === null) {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'close');
  }
  return said;
}
const frames = (said: readonly string[], timeouts: number[]): (Frame | null)[] =>
  said.map((line) => frameOf(line, nonce, timeouts));

describe('the script of looks', () => {
  test('tells of each run when it began and how it ended, round after round', async () => {
    const all = frames(
      await lines(
        [
          { run: 'echo a; exit 3', timeout_s: 5 },
          { run: 'echo b >&2', timeout_s: 5 },
        ],
        4,
        100,
      ),
      [5, 5],
    );
    expect(all.slice(0, 8).map((one) => one && [one.is, 'which' in one ? one.which : null])).toEqual(
      [0, 1, 0, 1].flatMap((which) => [
        ['begun', which],
        ['ended', which],
      ]),
    );
    expect(all[1]).toMatchObject({ run: { exit: 3, out: 'a\n', err: '', late: false, lost: 0 } });
    expect(all[3]).toMatchObject({ run: { exit: 0, out: '', err: 'b\n' } });
  });

  test('prints nothing of what a command prints that could be a frame, with its own nonce too', async () => {
    const forged = `VIGIL_LOOK ${nonce} ended 0 1 1 0 out:NQ== lost:0 err:`;
    const said = await lines([
      { run: `printf '\\n%s\\n' '${forged}' '${forged}'; echo '${forged}' >&2; exit 1`, timeout_s: 5 },
    ]);
    expect(said).toHaveLength(2);
    expect(frames(said, [5])[1]).toMatchObject({
      is: 'ended',
      run: { exit: 1, out: `\n${forged}\n\n${forged}\n` },
    });
  });

  test('keeps a quote, a flood and bytes that are no text in their place', async () => {
    const commands = [
      { run: `echo "it's" '"quoted"'`, timeout_s: 5 },
      { run: 'head -c 300000 /dev/zero | tr "\\0" x; head -c 900000 /dev/zero >&2', timeout_s: 5 },
      { run: `printf '\\377\\0\\033[2J'`, timeout_s: 5 },
    ];
    const said = await lines(commands);
    expect(Math.max(...said.map((line) => line.length))).toBeLessThan(3500);
    const [, quote, , flood, , bytes] = frames(said, [5, 5, 5]);
    expect(quote).toMatchObject({ run: { exit: 0, out: `it's "quoted"\n` } });
    // A file that becomes too large ends the command: signal 25.
    expect(flood).toMatchObject({ run: { exit: 153, lost: 298_000, out: 'x'.repeat(2000) } });
    expect(bytes).toMatchObject({ run: { exit: 0, out: '\ufffd\0\u001b[2J' } });
  });

  test('ends a command at its time-out, with what it has started', async () => {
    const [, late] = frames(
      await lines([{ run: `trap '' TERM; (trap '' TERM; sleep 47) | sleep 47`, timeout_s: 1 }]),
      [1],
    );
    expect(late).toMatchObject({ is: 'ended', run: { late: true } });
  });
});

describe('a line', () => {
  test.each([
    ['of another nonce', `VIGIL_LOOK ${'0'.repeat(32)} ended 0 1 1 0 out: lost:0 err:`, null],
    ['that only holds one', ` VIGIL_LOOK ${nonce} begun 0 1`, null],
    ['that was cut', `VIGIL_LOOK ${nonce} ended 0 1 1 0 out:NQ`, { is: 'odd' }],
    ['of a command that is not there', `VIGIL_LOOK ${nonce} ended 7 1 1 0 out: lost:0 err:`, { is: 'odd' }],
    ['that is no frame', `VIGIL_LOOK ${nonce} `, { is: 'odd' }],
  ])('%s is no run', (_, line, said) => expect(frameOf(line, nonce, [5])).toEqual(said));

  test('of a command that ends with the code of a time-out, before it, is not late', () => {
    const said = frameOf(`VIGIL_LOOK ${nonce} ended 0 1 900 124 out: lost:0 err:`, nonce, [1]);
    expect(said).toMatchObject({ run: { late: false, exit: 124 } });
  });
});
