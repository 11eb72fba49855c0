// How long a verdict takes and what it catches, beside peers over the same bytes in the same run: the bare parse of
// unbash (the floor for understanding anything), `bash -n` (which only parses, and starts a process) and a guard of
// regular expressions as agents commonly have one.
import { spawnSync } from 'node:child_process';
import { parse } from 'unbash';
import { judge } from '#core/policy/judge';
import { hostileScripts } from '../support/hostile-scripts.ts';
import { corpus, shopContext } from '../support/scripts.ts';
import { type Bench, type Row, spread, time } from './table.ts';

/** Milliseconds: the median verdict of an ordinary script of 100 lines, and the worst of 64 kB of anything. */
const MEDIAN_MS = 1;
const WORST_MS = 100;

/** The patterns that deny-lists of agents have in common. Everything that meets none of them is let through. */
const DENIED: readonly RegExp[] = [
  /\brm\s+(-\w*\s+)*-\w*[rf]/,
  /\b(mkfs|dd|shred|wipefs|fdisk)\b/,
  /\b(shutdown|reboot|halt|poweroff)\b/,
  /:\(\)\s*\{/,
  /\b(curl|wget)\b[^|]*\|\s*(ba|z|da)?sh\b/,
  /\bchmod\s+(-R\s+)?777\b/,
  />\s*\/dev\/(sd|nvme|hd)/,
  /\b(drop|truncate)\s+(table|database)\b/i,
  /\bkubectl\s+delete\b/,
  /\bterraform\s+destroy\b/,
  /\beval\b/,
  /\bsudo\s+su\b/,
  /\/etc\/(passwd|shadow)/,
  /\.ssh\/|\.aws\/credentials/,
  /\/dev\/tcp\//,
];
const guard = (script: string): boolean => DENIED.some((pattern) => pattern.test(script));

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

export const bench: Bench = async () => {
  const scripts = Array.from({ length: 50 }, (_, i) => ordinary(i));
  for (let warm = 0; warm < 10; warm++) for (const script of scripts) judge(script, shopContext);
  // The best of five for each, twenty times over: what the code does when nobody else wants the processor.
  const best = (run: () => unknown) => Math.min(...Array.from({ length: 5 }, () => time(run)));
  const over = (run: (script: string) => unknown, rounds: number) =>
    Array.from({ length: rounds }, () => scripts)
      .flat()
      .map((script) => best(() => run(script)));
  const subject = 'a script of 100 lines';
  return [
    ...spread(
      subject,
      'vigil',
      over((script) => judge(script, shopContext), 20),
      MEDIAN_MS,
    ),
    ...spread(subject, 'unbash, parse alone', over(parse, 20)),
    ...spread(subject, 'regex guard', over(guard, 20)),
    ...spread(
      subject,
      'bash -n',
      scripts.map((input) => time(() => spawnSync('bash', ['-n'], { input }))),
    ),
    worst(),
    ...caught(),
  ];
};

function worst(): Row {
  let slowest = { ms: 0, name: '' };
  for (const size of [65_536, 16_000]) {
    for (const { name, script } of hostileScripts(size)) {
      const ms = Math.min(...Array.from({ length: 5 }, () => time(() => judge(script, shopContext))));
      if (ms > slowest.ms) slowest = { ms, name };
    }
  }
  const subject = `hostile text up to 64 kB (${slowest.name.slice(0, 40)})`;
  return { subject, who: 'vigil', measure: 'worst', value: slowest.ms, unit: 'ms', budget: WORST_MS };
}

/** Speed is nothing without this: what each lets through that it should not, and stops that it need not. */
function caught(): Row[] {
  const share = (kind: 'dangerous' | 'safe', stopped: (script: string) => boolean, wanted: boolean) => {
    const all = corpus(kind);
    return (100 * all.filter(({ script }) => stopped(script) === wanted).length) / all.length;
  };
  const judged = (script: string) => judge(script, shopContext).verdict !== 'allow';
  return (
    [
      ['vigil', judged, 0, 10],
      ['regex guard', guard, null, null],
    ] as const
  ).flatMap(([who, stopped, through, held]): Row[] => [
    {
      ...{ subject: 'dangerous corpus', who, measure: 'let through', unit: '%' },
      value: share('dangerous', stopped, false),
      budget: through,
    },
    {
      ...{ subject: 'safe corpus', who, measure: 'held up', unit: '%' },
      value: share('safe', stopped, true),
      budget: held,
    },
  ]);
}
