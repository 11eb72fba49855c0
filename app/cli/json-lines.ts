// Reads standard input as JSON Lines, one line at a time. Must never end at a broken line, or hold more than one line.
import type * as z from 'zod';
import type { Shell } from './command.ts';

export type Line<T> =
  | { ok: true; line: number; value: T }
  | { ok: false; answer: { line: number; id: unknown; error: string } };

/** Every line that is not blank: its value by the schema, or what is wrong with it. `line` counts from 1. */
export async function* jsonLines<T>(shell: Shell, schema: z.ZodType<T>): AsyncGenerator<Line<T>> {
  let line = 0;
  for await (const text of lines(shell)) {
    line += 1;
    if (text.trim() !== '') yield read(text, line, schema);
  }
}

function read<T>(text: string, line: number, schema: z.ZodType<T>): Line<T> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { ok: false, answer: { line, id: null, error: 'not JSON' } };
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return { ok: true, line, value: parsed.data };
  const id = typeof data === 'object' && data !== null && 'id' in data ? data.id : null;
  const [issue] = parsed.error.issues;
  const error = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ');
  return {
    ok: false,
    answer: { line, id: typeof id === 'string' || typeof id === 'number' ? id : null, error },
  };
}

/** Only a line feed ends a line, because JSON may hold every other separator. */
async function* lines(shell: Shell): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  for await (const chunk of shell.input()) {
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n');
    rest.push(first);
    for (const next of more) {
      yield rest.join('');
      rest = [next];
    }
  }
  const last = rest.join('') + decoder.decode();
  if (last !== '') yield last;
}
