// The demo where Lightpanda looks without a Chromium: what it cannot prove is told, nothing is changed, and that is no failure.
import { afterEach, expect, test } from 'vitest';
import { type Begun, begin } from '../support/leftovers.ts';

const path = process.env['LIGHTPANDA_PATH'];
if (!path)
  process.stderr.write('!!! LIGHTPANDA_PATH names no Lightpanda: the demo is not tried with it alone\n');
let demo: Begun | null = null;
afterEach(() => demo?.remove());

test.runIf(path)(
  'nobody can buy, and Lightpanda alone cannot tell: people take over, as expected',
  async () => {
    const story = ['--scenario', 'blind-checkout', '--no-screenshots', '--engine', 'lightpanda'];
    demo = await begin(process.execPath, ['sandbox/cli.ts', 'demo', ...story]);
    expect(await demo.ended()).toEqual([0, null]);
    const said = demo.out().replaceAll('\n', ' ');
    expect(said).toMatch(/Lightpanda \S+ looks alone, as asked for\. .* it can prove none of these stories/);
    expect(said).toMatch(
      /cannot prove it, so that people take over\. .*the issue is open: people take over\./,
    );
    expect(said).toMatch(/PASS {2}ESCALATED after [\d.]+ s, as expected; 4 of 4 checks of the outside hold/);
  },
  340_000,
);
