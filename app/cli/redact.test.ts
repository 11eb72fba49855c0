// What somebody sees who pipes text through `vigil redact`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objects, spawned } from '../../test/support/spawned.ts';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redact-test-'));
  await writeFile(join(dir, 'key'), 'a key of enough characters\n');
  await writeFile(join(dir, 'short'), 'short\n');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const redact = (args: string[], input = '') => spawned(dir, ['redact', ...args], input);

describe('vigil redact', () => {
  it('takes secrets and personal data out of text and leaves the rest as it was', async () => {
    const text = `2026-11-03 pod web-7d9f 500\r\nmail bob@example.com and bob@example.com\ntoken ${TOKEN}\nno newline at the end`;
    const { out, err, code } = await redact([], text);
    expect(out).toMatch(
      /^2026-11-03 pod web-7d9f 500\r\nmail (\[EMAIL_\d+\]) and \1\ntoken \[REDACTED:[a-z-]+\]\nno newline at the end$/,
    );
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  it('gives nothing for nothing', async () => {
    expect(await redact([])).toEqual({ out: '', err: '', code: 0 });
  });

  it('answers each line of JSON, offsets in UTF-16 units of the original, and goes on after a bad one', async () => {
    const first = { id: 'a', text: `😀 ${TOKEN} is bob@example.com` };
    const input = `${JSON.stringify(first)}\n{broken\n\n{"id":7}\n{"id":2,"text":"GET /health 200\u2028"}`;
    const { out, code } = await redact(['--jsonl'], input);
    const [one, two, three, four, ...more] = objects(out);
    expect(one).toMatchObject({
      id: 'a',
      text: expect.stringMatching(/^😀 \[REDACTED:[a-z-]+\] is \[EMAIL_\d+\]$/),
      found: [
        { start: 3, end: 43 },
        { kind: 'email', start: 47, end: 62 },
      ],
    });
    expect(two).toEqual({ line: 2, id: null, error: 'not JSON' });
    expect(three).toMatchObject({ line: 4, id: 7, error: expect.stringMatching(/^text: /) });
    expect(four).toEqual({ id: 2, text: 'GET /health 200\u2028', found: [] });
    expect(more).toEqual([]);
    expect(code).toBe(1);
  });

  it('makes the same placeholders with the same key, and others without', async () => {
    const text = 'mail bob@example.com\n';
    const runs = await Promise.all([
      redact(['--key-file', 'key'], text),
      redact(['--key-file', 'key'], text),
      redact([], text),
    ]);
    const [first, second, third] = runs.map(({ out }) => out);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it('says what is wrong with a call, and prints nothing of the text', async () => {
    for (const args of [['--nonsense'], ['--key-file', 'nowhere'], ['--key-file', 'short'], ['file.txt']]) {
      const { out, err, code } = await redact(args, TOKEN);
      expect({ out, code }).toEqual({ out: '', code: 2 });
      expect(err).toMatch(/^vigil redact: /);
      expect(err).not.toContain(TOKEN);
    }
    expect((await redact(['--help'])).out).toContain('UTF-16 code units');
  });
});
