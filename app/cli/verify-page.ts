// The page that `vigil verify --html` writes: what each check showed over time, how long it took, and what was before. Must never load or
// run anything, nor hold text that is not quoted.
import { createHash } from 'node:crypto';
import { type Html, html } from '#core/text/html';
import { lookedBy, whyWords } from '#core/verification/engines';
import type { Round, RuleWord } from './verify-look.ts';
import type { Planned } from './verify-plan.ts';
import { clock, latency, plot, strip } from './verify-plot.ts';
import { type Look, tallied } from './verify-report.ts';

/** All that was seen by one plan. `earlier`: looks of another run, before these. */
export type History = { planned: Planned; looks: Look[]; seen: Round | null; earlier: readonly Look[] };
export type Page = {
  histories: readonly History[];
  rule: RuleWord;
  own: readonly string[];
  eyes: string | null;
  /** Unix milliseconds. */
  at: number;
  /** It is written again while somebody watches. */
  again_s: number | null;
};
const MOST_ROWS = 300;

const STYLE = `:root{color-scheme:light dark;--line:#d5dae2;--soft:#5a6577;--back:#fff;--ink:#1d2430;--pass:#1a7f37;--fail:#b42318;--unsure:#9a6700}
@media(prefers-color-scheme:dark){:root{--line:#3a4250;--soft:#9aa5b5;--back:#14181f;--ink:#e6eaf0;--pass:#3fb950;--fail:#f0604f;--unsure:#d29922}}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:70rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:0 0 .2rem}h2{font-size:1.15rem;margin:2rem 0 .2rem}h3{font-size:1rem;margin:1.5rem 0 .3rem;padding-top:1rem;border-top:1px solid var(--line)}p{margin:.2rem 0}.soft{color:var(--soft)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1rem}.sides>div{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}h4{font-size:.85rem;margin:0;color:var(--soft);font-weight:600}
svg{display:block;width:100%;max-width:40rem;margin:.5rem 0}.pass{fill:var(--pass)}.fail{fill:var(--fail)}.inconclusive{fill:var(--unsure)}.sign{fill:#fff;font:11px system-ui}.axis{fill:var(--soft);font:11px system-ui}
.grid{stroke:var(--line)}.way{fill:none;stroke:var(--soft);opacity:.6}.cross{stroke:var(--fail);stroke-width:2.5}.hollow{fill:none;stroke:var(--unsure);stroke-width:2}
.word{font-weight:700}.word.pass,.word.passed{color:var(--pass)}.word.fail,.word.failed{color:var(--fail)}.word.inconclusive{color:var(--unsure)}
table{border-collapse:collapse;font-size:.85rem;width:100%}td,th{text-align:left;vertical-align:top;padding:.15rem .6rem .15rem 0;border-bottom:1px solid var(--line)}summary{cursor:pointer;color:var(--soft)}`;
const hash = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;

export function pageOf({ histories, rule, own, eyes, at, again_s }: Page): string {
  const again = again_s === null ? null : html`<meta http-equiv="refresh" content="${again_s}">`;
  const given =
    own.length === 0 ? null : html`<p>${own.join(', ')} from the command line, not from the inventory.</p>`;
  const how = rule === 'once' ? 'one look at each check' : `the rule ${rule}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="content-security-policy" content="${POLICY}">${again}<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>vigil verify</title><style>${{ markup: STYLE }}</style></head>
<body><header><h1>What Vigil saw</h1><p class="soft">${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC · ${how}${eyes === null ? '' : ` · ${eyes.replace(/\.$/, '')}`} · a circle passed, a cross failed, a hollow square saw nothing</p>${given}</header><main>${histories.map(ofPlan)}</main></body></html>
`.markup;
}

function ofPlan({ planned, looks, seen, earlier }: History): Html {
  const checks = [...new Set(looks.map(({ check }) => check))];
  const { passed, failed, inconclusive } = tallied(looks);
  const end =
    seen === null
      ? null
      : html`<p><span class="word ${seen.result}">${seen.verdict ?? seen.result}</span> ${seen.reason ?? ''}</p>`;
  return html`<section><h2>${planned.file}</h2><p class="soft">${planned.service === null ? 'of no service' : `service ${planned.service}`} · ${passed} passed, ${failed} failed, ${inconclusive} inconclusive</p>${end}
${checks.map((check) => ofCheck(check, only(looks, check), only(earlier, check)))}</section>`;
}

const only = (looks: readonly Look[], check: string): Look[] => looks.filter((one) => one.check === check);

/** Side by side: before and after, which are two runs, or the first look and the last one of this run. */
function ofCheck(check: string, looks: readonly Look[], earlier: readonly Look[]): Html {
  const most = Math.max(...[...looks, ...earlier].map(({ ms }) => ms));
  const [first, last] = [looks[0], looks.at(-1)];
  const old = earlier.at(-1) ?? (looks.length > 1 ? first : undefined);
  const side = (title: string, look: Look | undefined, all: readonly Look[] | null): Html | null =>
    look === undefined
      ? null
      : html`<div><h4>${title}</h4>${ofLook(look)}${all === null ? null : drawn(all, most)}</div>`;
  const hasEarlier = earlier.length > 0;
  const sides = [
    side(hasEarlier ? 'before' : 'the first look', old, hasEarlier ? earlier : null),
    side(
      hasEarlier ? 'after' : old === undefined ? 'the look' : 'the last look',
      last,
      hasEarlier ? looks : null,
    ),
  ].flatMap((one) => one ?? []);
  return html`<h3>${check} <span class="soft">${last?.kind ?? ''}</span></h3><div class="sides">${sides}</div>${hasEarlier ? null : drawn(looks, most)}${table(looks)}`;
}

const drawn = (looks: readonly Look[], most: number): Html =>
  html`${strip(looks)}${plot(looks, most)}<p class="soft">${latency(looks)}</p>`;

const ofLook = (look: Look): Html =>
  html`<p><span class="word ${look.outcome}">${look.outcome}</span> ${lookedBy(look, look.kind)}, ${look.ms} ms</p>${why(look)}`;

const why = (look: Look): Html[] => whyWords(look).map((line) => html`<p>${line}</p>`);

function table(looks: readonly Look[]): Html {
  const rows = looks
    .slice(-MOST_ROWS)
    .reverse()
    .map(
      (look) =>
        html`<tr><td>${clock(look.at)}</td><td><span class="word ${look.outcome}">${look.outcome}</span></td><td>${look.ms} ms</td><td>${lookedBy(look, look.kind)}</td><td>${whyWords(look).join(' · ')}</td></tr>`,
    );
  const short = looks.length > MOST_ROWS ? `the newest ${MOST_ROWS} of ${looks.length} looks` : 'every look';
  return html`<details><summary>${short}, the newest first</summary><table><tr><th>UTC</th><th>outcome</th><th>took</th><th>by</th><th>reason</th></tr>${rows}</table></details>`;
}
