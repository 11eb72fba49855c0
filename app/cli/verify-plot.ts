// How long looks took, and what they showed, drawn as SVG. Must never hold a script, a link or a style of its own, nor tell an outcome by
// colour alone.
import { type Html, html } from '#core/text/html';
import type { Sample } from '#core/verification/plan';

type Seen = Pick<Sample, 'at' | 'ms' | 'outcome'>;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 170, 60, 24, 10];
const INSIDE = { width: WIDTH - LEFT - 12, height: HEIGHT - BOTTOM - TOP };
const MOST_CELL = 16;
const SIGNS = { pass: '✓', fail: '✗', inconclusive: '?' } as const;

export const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

/** Outcomes in their order, each a cell with its sign where there is room for one. */
export function strip(looks: readonly Seen[]): Html {
  const cell = Math.min(MOST_CELL, WIDTH / Math.max(1, looks.length));
  const cells = looks.map(({ outcome, at, ms }, index) => {
    const x = index * cell;
    const sign =
      cell < MOST_CELL
        ? null
        : html`<text class="sign" x="${round(x + cell / 2)}" y="12" text-anchor="middle">${SIGNS[outcome]}</text>`;
    return html`<g><title>${told({ outcome, at, ms })}</title><rect class="${outcome}" x="${round(x)}" y="0" width="${round(Math.max(0.5, cell - 1))}" height="16"/>${sign}</g>`;
  });
  return html`<svg class="strip" role="img" aria-label="${spoken(looks)}" viewBox="0 0 ${WIDTH} 16">${cells}</svg>`;
}

/** Milliseconds over time. `most`: the top of the scale, so that two plots can be compared. */
export function plot(looks: readonly Seen[], most: number): Html {
  const top = ceiling(most);
  const [first, last] = [looks[0]?.at ?? 0, looks.at(-1)?.at ?? 0];
  const span = last - first;
  const x = (at: number): number =>
    round(LEFT + (span === 0 ? INSIDE.width / 2 : ((at - first) / span) * INSIDE.width));
  const y = (ms: number): number => round(TOP + INSIDE.height * (1 - Math.min(ms, top) / top));
  const lines = [0, top / 2, top].map(
    (ms) =>
      html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 12}" y1="${y(ms)}" y2="${y(ms)}"/><text class="axis" x="${LEFT - 8}" y="${y(ms) + 4}" text-anchor="end">${words(ms)}</text>`,
  );
  const times = (span === 0 ? [first] : [first, last]).map(
    (at, index) =>
      html`<text class="axis" x="${x(at)}" y="${HEIGHT - 6}" text-anchor="${span === 0 ? 'middle' : index === 0 ? 'start' : 'end'}">${clock(at)}</text>`,
  );
  const way = looks.map(({ at, ms }) => `${x(at)},${y(ms)}`).join(' ');
  const points = looks.map((one) => point(one, x(one.at), y(one.ms)));
  return html`<svg class="plot" role="img" aria-label="${latency(looks)}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${lines}${times}<polyline class="way" points="${way}"/>${points}</svg>`;
}

/** A circle passed, a cross failed, and a hollow square saw nothing. */
function point(look: Seen, x: number, y: number): Html {
  const shape = {
    pass: html`<circle class="pass" cx="${x}" cy="${y}" r="4"/>`,
    fail: html`<path class="cross" d="M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x - 4} ${y + 4}L${x + 4} ${y - 4}"/>`,
    inconclusive: html`<rect class="hollow" x="${x - 4}" y="${y - 4}" width="8" height="8"/>`,
  }[look.outcome];
  return html`<g><title>${told(look)}</title>${shape}</g>`;
}

const told = ({ outcome, at, ms }: Seen): string => `${clock(at)}: ${outcome}, ${ms} ms`;
const round = (number: number): number => Math.round(number * 10) / 10;
const words = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);

/** The next 1, 2 or 5 times a power of ten. */
function ceiling(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(10, ms)));
  return [1, 2, 5, 10].map((step) => step * power).find((one) => one >= ms) ?? ms;
}

function spoken(looks: readonly Seen[]): string {
  const number = (outcome: Seen['outcome']): number => looks.filter((one) => one.outcome === outcome).length;
  return `${looks.length} looks: ${number('pass')} passed, ${number('fail')} failed, ${number('inconclusive')} inconclusive`;
}

/** The value that so large a share of all lies at or below. */
export function quantile(looks: readonly Seen[], share: number): number {
  const sorted = looks.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export const latency = (looks: readonly Seen[]): string =>
  looks.length === 1
    ? `${looks[0]?.ms} ms`
    : `half of the looks took at most ${quantile(looks, 0.5)} ms, 95 of 100 at most ${quantile(looks, 0.95)} ms`;
