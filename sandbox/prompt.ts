// Asks somebody at a terminal what comes next, with one key. It must never leave the terminal in another mode than it was.
import { emitKeypressEvents } from 'node:readline';

export type Choice = 'next' | 'all' | 'quit';
type Key = { name?: string; ctrl?: boolean };

/** Waits for a key; Ctrl-C, the end of the input and a wish to end all quit. */
export async function choose(more: boolean, ended: Promise<unknown>): Promise<Choice> {
  const { stdin, stdout } = process;
  stdout.write(`${more ? 'Enter: next story · ' : ''}a: all · q: quit\n`);
  const calm = (): void => void (stdin.isTTY && stdin.setRawMode(false));
  const answer = Promise.withResolvers<Choice>();
  const onKey = (text: string | undefined, { name, ctrl }: Key): void => {
    if (name === 'q' || (ctrl && (name === 'c' || name === 'd'))) answer.resolve('quit');
    if (text === 'a') answer.resolve('all');
    if (more && (name === 'return' || name === 'enter')) answer.resolve('next');
  };
  const onEnd = (): void => answer.resolve('quit');
  emitKeypressEvents(stdin);
  stdin.on('keypress', onKey).once('end', onEnd).once('error', onEnd);
  process.once('exit', calm);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.resume();
  try {
    return await Promise.race([answer.promise, ended.then((): Choice => 'quit')]);
  } finally {
    calm();
    process.removeListener('exit', calm);
    stdin.off('keypress', onKey).off('end', onEnd).off('error', onEnd).pause();
  }
}
