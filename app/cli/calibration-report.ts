// Tells the measure of confidence to people: tables, and a plot made of characters. Must never round a doubt away.
import { rateText } from '#core/trust/interval';
import { ENOUGH, type Measured } from '#core/trust/measure';
import type { Point } from '#core/trust/reliability';
import { columns, count } from './terminal.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const ROWS = 8;
const COLUMNS = 50;

export function calibrationText(measured: Measured): string {
  const { of, outcomes, sample, succeeded, auto } = measured;
  const seeded = sample === 0 ? '' : `, ${sample} of them sample history, which proves nothing`;
  const head = [
    `${of}, measured on ${count(outcomes, 'outcome')}${seeded}`,
    `recovered: ${rateText(succeeded)}`,
    `of those nobody approved (auto lane): ${rateText(auto)}${auto.of > 0 && auto.of < ENOUGH ? `, not enough data to rely on` : ''}`,
  ];
  return [...head, '', ...(measured.enough ? figures(measured) : [measured.reason])].join('\n');
}

function figures({ bins, ece, brier, auroc, coverage }: Extract<Measured, { enough: true }>): string[] {
  const rows = bins.map(({ from, to, said, came }) => [
    `${(from * 100).toFixed(0)} to ${(to * 100).toFixed(0)}`,
    `${came.of}`,
    said === null ? '' : percent(said),
    came.value === null ? '' : percent(came.value),
    came.value === null ? '' : `${percent(came.low)} to ${percent(came.high)}`,
    came.value === null ? '' : '#'.repeat(Math.round(came.value * 20)),
  ]);
  return [
    columns([['said', 'count', 'mean said', 'came true', '95 % interval', ''], ...rows]),
    '',
    `expected calibration error: ${percent(ece.equalWidth)} (bins of equal width), ${percent(ece.equalMass)} (of equal count)`,
    `Brier score: ${brier.score.toFixed(4)} = reliability ${brier.reliability.toFixed(4)} - resolution ${brier.resolution.toFixed(4)} + uncertainty ${brier.uncertainty.toFixed(4)}`,
    `AUROC: ${auroc === null ? 'not defined, since all outcomes are of one kind' : auroc.toFixed(3)}`,
    '',
    'coverage against risk: acting alone from a score upwards, how much one would do and how much of it would fail',
    columns([
      ['from', 'covers', 'fails'],
      ...thinned(coverage).map(({ threshold, coverage: share, risk }) => [
        `${Math.round(threshold * 100)}`,
        percent(share),
        rateText(risk),
      ]),
    ]),
    '',
    plot(coverage),
  ];
}

/** At most a dozen points, with the first and the last. */
function thinned(points: readonly Point[]): Point[] {
  const step = Math.ceil(points.length / 11);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

/** The plot: risk upwards, coverage to the right. */
export function plot(points: readonly Point[]): string {
  const most = Math.max(0.01, ...points.map(({ risk }) => risk.value ?? 0));
  const grid = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => ' '));
  for (const { coverage, risk } of points) {
    const row = grid[ROWS - 1 - Math.round(((risk.value ?? 0) / most) * (ROWS - 1))];
    if (row) row[Math.round(coverage * (COLUMNS - 1))] = '*';
  }
  const label = (index: number): string =>
    (index === 0 ? percent(most) : index === ROWS - 1 ? '0.0 %' : '').padStart(8);
  return [
    ...grid.map((row, index) => `${label(index)} |${row.join('')}`.trimEnd()),
    `${' '.repeat(8)} +${'-'.repeat(COLUMNS)}`,
    `${' '.repeat(10)}0 %${'coverage'.padStart(COLUMNS / 2)}${'100 %'.padStart(COLUMNS / 2 - 3)}`,
  ].join('\n');
}
