// How long a verdict takes, beside peers over the same bytes in the same run: JSON.parse of a document of that size
// (the floor for reading anything) and `bash -n` (which only parses, and has to start a process). Ends with 1 when a
// budget is broken.
//   node test/bench/policy.ts
import { spawnSync } from 'node:child_process';
import { judge } from '#core/policy/judge';
import { hostileScripts } from '../support/hostile-scripts.ts';
import { corpus, shopContext } from '../support/scripts.ts';

/** Budgets: the median verdict of an ordinary script of 100 lines, and the worst of 64 kB of anything. */
const MEDIAN_MS = 1;
const WORST_MS = 100;

/** 100 lines put together from the safe corpus, as long as the policy's own limit on commands allows. */
function ordinary(from: number): string {
  const pool = corpus('safe').filter(({ script }) => !/\n|[|;&(]/.test(script));
  const lines = ['#!/usr/bin/env bash', 'set -euo pipefail', "readonly UNIT='nginx'", ''];
  for (let i = 0; lines.length < 100; i++) {
    const line = pool[(from * 31 + i) % pool.length]?.script ?? 'uptime';
    lines.push(i < 58 ? line : `# step ${i}: look at the next thing`);
  }
  return lines.join('\n');
}

function time(run: () => unknown): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const at99 = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;

const scripts = Array.from({ length: 50 }, (_, i) => ordinary(i));
const documents = scripts.map((script) => JSON.stringify({ lines: script.split('\n') }));
for (let warm = 0; warm < 10; warm++) for (const script of scripts) judge(script, shopContext);

const verdicts = Array.from({ length: 20 }, () => scripts)
  .flat()
  .map((script) => time(() => judge(script, shopContext)));
const parses = Array.from({ length: 20 }, () => documents)
  .flat()
  .map((text) => time(() => JSON.parse(text)));
const shells = scripts.map((input) => time(() => spawnSync('bash', ['-n'], { input })));

console.log(
  `scripts of 100 lines, ${scripts[0]?.length} bytes and more, verdict ${judge(scripts[0] ?? '', shopContext).verdict}`,
);
console.log(`  verdict      median ${median(verdicts).toFixed(3)} ms, 99 % ${at99(verdicts).toFixed(3)} ms`);
console.log(`  JSON.parse   median ${median(parses).toFixed(3)} ms`);
console.log(`  bash -n      median ${median(shells).toFixed(3)} ms`);

let worst = { ms: 0, name: '' };
for (const { name, script } of hostileScripts(65_536)) {
  const ms = Math.min(...Array.from({ length: 3 }, () => time(() => judge(script, shopContext))));
  if (ms > worst.ms) worst = { ms, name };
}
for (const { name, script } of hostileScripts(16_000)) {
  const ms = Math.min(...Array.from({ length: 3 }, () => time(() => judge(script, shopContext))));
  if (ms > worst.ms) worst = { ms, name: `${name}, just under the limit` };
}
console.log(
  `  hostile text of up to 64 kB: worst ${worst.ms.toFixed(1)} ms (${worst.name}), budget ${WORST_MS} ms`,
);
process.exitCode = median(verdicts) <= MEDIAN_MS && worst.ms <= WORST_MS ? 0 : 1;
