// Runs a command line of `vigil` in this process and keeps what it says. It must never print.
import type { Shell } from '../../app/cli/command.ts';
import { main } from '../../app/cli/main.ts';

export async function vigil(
  cwd: string,
  args: readonly string[],
  token: string | null = null,
  input = '',
  more: Partial<Shell> = {},
) {
  let out = '';
  let err = '';
  const code = await main(args, {
    cwd,
    config: { colour: false, token, server: 'https://github.com' },
    colour: false,
    out: (text) => {
      out += text;
    },
    taken: async () => {},
    input: async function* () {
      yield Buffer.from(input);
    },
    err: (text) => {
      err += text;
    },
    ...more,
  });
  return { out, err, code };
}
