// What Lightpanda cannot judge, told during the look: constructs that it does not enforce, draw or know, so that a pass or a failure of it
// means nothing there. Each row was measured, and `test/constructs` holds the table to the real one.
// It must never make a look better: it only takes a word away.

import type { JourneyCheck, PageCheck } from '#core/verification/checks';
import type { Step } from '#core/verification/steps';
import type { Look } from './look.ts';

type Seen = {
  readonly check: PageCheck | JourneyCheck;
  readonly steps: readonly Step[];
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of what the page itself uses. */
  readonly page: ReadonlySet<string>;
};
/** `passes`: only a pass of it means nothing there. */
type Row = { readonly reason: string; readonly passes?: true; readonly when: (seen: Seen) => boolean };

const inPage = (name: string, reason: string): Row => ({ reason, when: ({ page }) => page.has(name) });
/** The first row that fits is told. */
const CANNOT: readonly Row[] = [
  {
    reason: 'it does not enforce the content security policy of this page',
    when: ({ headers, page }) => 'content-security-policy' in headers || page.has('csp'),
  },
  inPage('integrity', 'it does not compare the hashes that this page asks for (integrity)'),
  inPage('shadow', 'it does not draw shadow roots as a browser does'),
  inPage('worker', 'it has no service worker'),
  {
    reason: 'it does not notice every part that fails (no_errors)',
    passes: true,
    when: ({ check }) => check.kind === 'page' && check.expect.no_errors,
  },
  { reason: 'it may be refused for its name (403)', when: ({ status }) => status === 403 },
  inPage('popover', 'it knows neither popover nor commandfor'),
  inPage(
    'styles',
    'it does not know all of the style sheets of this page (@import, nesting, @supports, variables or sheets made by script)',
  ),
  inPage('written', 'it does not read what style sheets write (::before, ::after)'),
  inPage('motion', 'it plays no animation and no transition'),
  inPage('download', 'it does not go on after a download'),
  inPage('tab', 'it opens no new tab'),
  inPage('fields', 'it does not fill such fields as a browser does (date, maxlength, contenteditable)'),
  inPage('details', 'it shows what is folded (details)'),
  { reason: 'it takes no file', when: ({ steps }) => steps.some((step) => 'upload' in step) },
  { reason: 'it has no tabs', when: ({ steps }) => steps.some((step) => 'tab' in step) },
];

/** Why it is not even asked how long a page takes. */
export const MEASURES_NOTHING =
  'only Chromium can measure a load: Lightpanda draws nothing and asks for few parts of a page';

type Looking = {
  unhurried(expression: string): Promise<unknown>;
  status(): Promise<number | null>;
  headers(): Readonly<Record<string, string>>;
};

/** Why its word does not count here. Null: it may. Whatever cannot be asked is no reason. */
export async function cannotJudge(
  driver: Looking,
  check: PageCheck | JourneyCheck,
  outcome: Look['outcome'],
): Promise<string | null> {
  const named = await driver.unhurried(SURVEY).catch(() => []);
  const seen: Seen = {
    check,
    steps: check.kind === 'journey' ? check.steps : [],
    status: await driver.status(),
    headers: driver.headers(),
    page: new Set(Array.isArray(named) ? named.map(String) : []),
  };
  const row = CANNOT.find(({ when, passes }) => (outcome === 'pass' || !passes) && when(seen));
  return row === undefined ? null : `Lightpanda cannot judge this: ${row.reason}`;
}

const SURVEY = `(() => {
  const has = (selector) => document.querySelector(selector) !== null;
  const text = (list) => [...list].map((one) => one.textContent).join('\\n');
  const rules = () => [...document.styleSheets].flatMap((sheet) => { try { return [...sheet.cssRules]; } catch { return []; } }).map((rule) => rule.cssText).join('\\n');
  const css = text(document.querySelectorAll('style')) + '\\n' + rules();
  const code = text([...document.scripts].filter((one) => !one.src));
  const found = {
    csp: has('meta[http-equiv="content-security-policy" i]'),
    integrity: has('[integrity]'),
    shadow: has('template[shadowrootmode]') || [...document.querySelectorAll('*')].some((e) => e.shadowRoot),
    worker: /serviceWorker/.test(code),
    popover: has('[popover], [commandfor], [popovertarget]'),
    styles: /@import|@supports|@container|@scope|@layer|&|var\\(/.test(css) || has('link[rel~=stylesheet i]') && /@import/.test(css) || (document.adoptedStyleSheets || []).length > 0,
    written: /content\\s*:\\s*(attr|counter|["'][^"'\\\\]*[\\p{L}\\p{N}])/u.test(css),
    motion: /animation|transition/.test(css) || /animationend|transitionend/.test(code),
    download: has('a[download]'),
    tab: has('[target=_blank]') || /window\\.open/.test(code),
    fields: has('input[type=date], input[type=time], input[type=month], input[type=week], input[type=datetime-local], [maxlength], [contenteditable]'),
    details: has('details:not([open])'),
  };
  return Object.keys(found).filter((name) => found[name]);
})()`;
