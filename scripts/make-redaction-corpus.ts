// Makes the labelled redaction corpus from a fixed seed: the same lines on every machine, and no credential in git.
//   node scripts/make-redaction-corpus.ts [folder]     writes operations.jsonl, secrets.jsonl, personal.jsonl
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OPERATIONS } from '../test/corpora/redaction/operations.ts';
import { PERSONAL, type Personal, WRAPPERS } from '../test/corpora/redaction/personal.ts';
import { CARRIERS, NAMED, TOKENS } from '../test/corpora/redaction/secrets.ts';
import { random } from '../test/corpora/redaction/values.ts';

/** `clean` lines hold nothing and must come out as they are; of the others every listed value must be gone. */
export type Labelled = { id: string; text: string; secrets: string[]; pii: Personal[]; clean: boolean };

export function redactionCorpus(seed = 20261101): Labelled[] {
  const r = random(seed);
  const lines: Labelled[] = [];
  const add = (group: string, text: string, secrets: string[], pii: Personal[]) => {
    const clean = secrets.length === 0 && pii.length === 0;
    lines.push({ id: `${group}-${lines.length + 1}`, text, secrets, pii, clean });
  };
  for (let round = 0; round < 12; round += 1) for (const line of OPERATIONS) add('ops', line(r), [], []);
  for (const token of TOKENS) {
    for (let round = 0; round < 4; round += 1) {
      const secret = token(r);
      add('token', r.pick(CARRIERS)(r, secret), [secret], []);
    }
  }
  for (const named of NAMED) {
    for (let round = 0; round < 4; round += 1) {
      const [line, secret] = named(r);
      add('named', line, [secret], []);
    }
  }
  for (const personal of PERSONAL) {
    for (const wrap of WRAPPERS) {
      const [line, pii] = personal(r);
      add('personal', wrap(line), [], pii);
    }
  }
  return lines;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? 'test/corpora/redaction/generated';
  await mkdir(folder, { recursive: true });
  const corpus = redactionCorpus();
  for (const [name, group] of [
    ['operations', /^ops/],
    ['secrets', /^(?:token|named)/],
    ['personal', /^personal/],
  ] as const) {
    const lines = corpus.filter((line) => group.test(line.id)).map((line) => `${JSON.stringify(line)}\n`);
    await writeFile(join(folder, `${name}.jsonl`), lines.join(''));
    process.stdout.write(`${name}: ${lines.length} lines\n`);
  }
}
