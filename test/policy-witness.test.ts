// The second witness over everything that is plain: bash reads the script and Vigil's print of it alike, so that Vigil's parser cannot
// have misread. Bash prints what it reads, and runs nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prettyPrint } from '#adapters/workspace/bash/pretty-print';
import { secondWitness } from '#adapters/workspace/bash/second-witness';
import { format } from '#core/policy/format';
import { print } from '#core/policy/second-witness';
import { plainScript } from './support/plain-scripts.ts';
import { corpus, repairs, shopContext } from './support/scripts.ts';

// Two starts of bash a script: VIGIL_TEST_WITNESS=all tries each, as CI does in a step of its own; otherwise one in so many.
const every = process.env['VIGIL_TEST_WITNESS'] === 'all' ? 1 : 10;
const asked = await prettyPrint(':');
const absent = asked.is === 'read' ? null : asked.reason;
const required = process.env['CI'] === 'true';
if (absent !== null && !required) process.stderr.write(`\nSECOND WITNESS NOT HEARD: ${absent}.\n\n`);

test('bash is there where it must be', () => {
  if (required) expect(absent).toBeNull();
});

describe.skipIf(absent !== null)('bash reads the script and what Vigil has understood alike', () => {
  test('for every plain script of the corpora', async () => {
    const all = [...corpus('safe'), ...corpus('dangerous'), ...repairs('unseen'), ...repairs('yes')];
    const known = all.filter(({ script }) => print(script).is === 'plain');
    expect(known.length).toBeGreaterThan(2000);
    const plain = known.filter((_, at) => at % every === 0);
    const found: string[] = [];
    for (let at = 0; at < plain.length; at += 8)
      await Promise.all(
        plain.slice(at, at + 8).map(async ({ id, script }) => {
          const said = await secondWitness(script);
          if (said.is !== 'agrees') found.push(`${id}: ${JSON.stringify(said)}`);
        }),
      );

    process.stdout.write(`witness: ${plain.length} of ${known.length} plain scripts of ${all.length}\n`);
    expect(found).toEqual([]);
  }, 120_000);

  test('for every script that was formatted, but for the quotes', async () => {
    const all = [...corpus('safe'), ...corpus('dangerous'), ...repairs('unseen'), ...repairs('yes')];
    const changed = all.flatMap(({ id, script }) => {
      const { text, added } = format(script, shopContext);
      return added > 0 ? [{ id, script, text }] : [];
    });
    const bare = async (script: string) => {
      const read = await prettyPrint(script);
      return read.is === 'read' ? read.text.replaceAll('"', '') : 'bash cannot read it';
    };
    expect(changed.length).toBeGreaterThan(10);
    for (const { id, script, text } of changed) expect(await bare(text), id).toBe(await bare(script));
  });

  test('for random scripts of the plain form', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(plainScript, async (script) => {
        const said = await secondWitness(script);
        if (said.is === 'not-plain') return;
        plain += 1;
        expect(said).toEqual({ is: 'agrees' });
      }),
      { numRuns: 500 / every, seed: 20_261_130 },
    );

    process.stdout.write(`witness: ${plain} plain scripts of ${500 / every} random ones\n`);
    expect(plain).toBeGreaterThan(400 / every);
  }, 120_000);
});
