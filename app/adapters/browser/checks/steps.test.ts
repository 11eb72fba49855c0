// The steps of a journey and what it may expect, each on a small page, in Chromium: does it do what a person does, and say what a
// person would?
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { type Browsers, openBrowsers } from '../sessions.ts';
import { lookAtJourney } from './journey.ts';

/** Answers with what a test wants, and `/frame`, `/tab` and `/gone` by themselves. */
const server = createServer((request, response) => {
  const pages: Record<string, string> = {
    '/frame': `<button id="inner" onclick="document.body.innerHTML = 'Paid'">Pay</button>`,
    '/tab': `<p>Receipt</p><button id="close" onclick="window.close()">Close</button>`,
  };
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  response.setHeader('content-type', 'text/html');
  if (pathname === '/gone') response.statusCode = 410;
  if (pathname === '/picture') return; // never comes
  response.end(
    `<!doctype html><body>${pages[pathname] ?? (pathname === '/' ? decodeURIComponent(searchParams.get('body') ?? '') : 'Thank you')}`,
  );
});
let url = '';
let browsers: Browsers;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  browsers = openBrowsers({ chromiumPath: await installedChromium() });
});
afterAll(async () => {
  await browsers.close();
  server.closeAllConnections();
  server.close();
});
vi.setConfig({ maxConcurrency: 6 });

async function walk(page: string, steps: object[], timeout_s = 20) {
  const start = `{SITE}/?body=${encodeURIComponent(page)}`;
  const check = { id: 'it', kind: 'journey', start: '{SITE}/', steps, timeout_s };
  const parsed = parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['it'] } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: url });
  const [one] = bound.ok ? bound.plan.checks : [];
  if (one?.kind !== 'journey') throw new Error('no journey');
  const lease = await browsers.lease('chromium');
  if (!lease.ok) throw new Error(lease.reason);
  const seen = await lookAtJourney(
    { ...one, start: start.replace('{SITE}', url) },
    lease.session,
    new AbortController().signal,
  ).finally(lease.session.release);
  return seen.reason?.replaceAll(url, '') ?? seen.outcome;
}
const says = (text: string) => ({ expect: { text } });

describe.concurrent('a step', () => {
  const out = '<p id="out"></p>';
  const done: [string, string, object[]][] = [
    [
      'ticks a box, leaves one that is ticked, and takes a tick away',
      `<input type=checkbox id=a><input type=checkbox id=b checked><input type=checkbox id=c checked><button onclick="out.textContent = [a, b, c].map((one) => one.checked)">Go</button>${out}`,
      [{ check: '#a' }, { check: '#b' }, { uncheck: '#c' }, { click: 'button' }, says('true,true,false')],
    ],
    [
      'ticks a box of its own design by its label',
      '<label style="display:inline-block;padding:9px">Terms<input type=checkbox id=a style="opacity:0;position:absolute"></label>',
      [{ check: '#a' }, { expect: { attribute: { selector: '#a', name: 'checked', value: '' } } }],
    ],
    [
      'uploads a file',
      `<input type=file id=f onchange="f.files[0].text().then((text) => { out.textContent = f.files[0].name + ': ' + text })">${out}`,
      [{ upload: { selector: '#f', name: 'order.csv', content: 'mug;2' } }, says('order.csv: mug;2')],
    ],
    [
      'presses any key, with others held down',
      `<input id=i onkeydown="out.textContent += (event.ctrlKey ? 'ctrl ' : '') + event.key + ' '">${out}`,
      [
        { click: '#i' },
        { press: 'Control+a' },
        { press: 'ArrowDown' },
        { press: 'Escape' },
        says('ctrl a ArrowDown Escape'),
      ],
    ],
    [
      'answers the next dialog',
      `<button onclick="out.textContent = prompt('Coupon?') + confirm('Sure?')">Go</button>${out}`,
      [{ dialog: { accept: 'FREE' } }, { click: 'button' }, says('FREEfalse')],
    ],
    [
      'waits',
      `<p id=p>Not yet</p><script>setTimeout(() => { p.textContent = 'Now' }, 300)</script>`,
      [{ wait: 0.4 }, { expect: { gone: '#nothing', text: 'Now' } }],
    ],
    [
      'reaches into a frame',
      '<p style="height:2000px">Cart</p><iframe src="/frame"></iframe>',
      [{ click: '#inner' }, says('Paid')],
    ],
    [
      'looks at the tab that was opened, and goes back',
      '<a target=_blank href="/tab">Receipt of 4</a>',
      [{ click: 'a' }, { expect: { text: 'Receipt', url: '/tab' } }, { tab: 'before' }, says('Receipt of 4')],
    ],
    [
      'comes back when the tab closes',
      `<button onclick="window.open('/tab')">Pay</button>`,
      [{ click: 'button' }, { click: '#close' }, says('Pay')],
    ],
    [
      'fills a date, a range and what is edited in place',
      `<input type=date id=d><input type=range id=r min=0 max=9><div contenteditable id=e>old</div><button onclick="out.textContent = d.value + ' ' + r.value + ' ' + e.textContent">Go</button>${out}`,
      [
        { fill: { selector: '#d', value: '2026-11-30' } },
        { fill: { selector: '#r', value: '7' } },
        { fill: { selector: '#e', value: 'new' } },
        { click: 'button' },
        says('2026-11-30 7 new'),
      ],
    ],
    [
      'leaves what a read-only field holds',
      `<input id=i readonly value="VS-1"><button onclick="out.textContent = i.value">Go</button>${out}`,
      [
        { fill: { selector: '#i', value: 'x' } },
        { click: 'button' },
        { expect: { selector: '#out', text: 'VS-1' } },
      ],
    ],
    [
      'takes the first that can be seen',
      `<button hidden onclick="out.textContent = 'wrong'">Buy</button><button onclick="out.textContent = 'right'">Buy</button>${out}`,
      [{ click: 'button' }, says('right')],
    ],
    [
      'does not wait for a picture that never comes',
      `<img src="/picture" width=9 height=9><button onclick="out.textContent = 'Thank you'">Buy</button>${out}`,
      [{ click: 'button' }, says('Thank you')],
    ],
    [
      'may lead to the error page that the plan asks for',
      '<a href="/gone">Old</a>',
      [{ click: 'a' }, { expect: { text: 'Thank you' } }, { expect: { status: 410 } }],
    ],
  ];
  test.each(done)('%s', async (_, page, steps) => {
    expect(await walk(page, steps)).toBe('pass');
  });

  const not: [string, string, object[], string][] = [
    [
      'that a layer covers',
      '<button id=b>Buy</button><div id=wait style="position:fixed;inset:0">',
      [{ click: '#b' }, says('x')],
      'step 1 (click): #b cannot be used: it is covered by div#wait',
    ],
    [
      'off the screen',
      '<button id=b style="position:absolute;left:-99px">Buy</button>',
      [{ click: '#b' }, says('x')],
      'step 1 (click): #b cannot be used: it is off the screen',
    ],
    [
      'behind a dialog',
      '<button id=b>Buy</button><dialog id=d>Sorry</dialog><script>d.showModal()</script>',
      [{ click: '#b' }, says('x')],
      'step 1 (click): #b cannot be used: it is covered by dialog#d',
    ],
    [
      'that is inert',
      '<div inert><button id=b>Buy</button></div>',
      [{ click: '#b' }, says('x')],
      'step 1 (click): #b cannot be used: it is inert',
    ],
    [
      'of an option that is greyed out',
      '<select><option>A<option value=b disabled>B</select>',
      [{ select: { selector: 'select', value: 'b' } }, says('x')],
      'step 1 (select): select cannot be used: its option "b" is disabled',
    ],
    [
      'of a list that is hidden',
      '<select hidden><option value=b>B</select>',
      [{ select: { selector: 'select', value: 'b' } }, says('x')],
      'step 1 (select): select cannot be used: it is hidden',
    ],
    [
      'of a field under a layer',
      '<input id=i><div id=over style="position:fixed;inset:0">',
      [{ fill: { selector: '#i', value: 'x' } }, says('x')],
      'step 1 (fill): #i cannot be used: it is covered by div#over',
    ],
    [
      'of a date that is none',
      '<input type=date id=i>',
      [{ fill: { selector: '#i', value: '30.11.' } }, says('x')],
      'step 1 (fill): #i cannot be used: it does not take "30.11."',
    ],
    [
      'to a page of 410, whatever it says',
      '<a href="/gone">Old</a>',
      [{ click: 'a' }, says('Thank you')],
      'step 1 (click): /gone answered 410',
    ],
  ];
  test.each(not)('cannot be done %s', async (_, page, steps, said) => {
    expect(await walk(page, steps, 3)).toBe(said);
  });
});

describe.concurrent('what is expected', () => {
  const page = `<ul><li>One<li>Two<li hidden>Three</ul><a href="/x" data-total="12.90">Cart</a><script>document.cookie = 'seen=yes'</script>`;
  test.each([
    { count: { selector: 'li', at_least: 2, at_most: 2 } },
    { attribute: { selector: 'a', name: 'data-total', value: '12.90' } },
    { attribute: { selector: 'a', name: 'disabled', value: null } },
    { cookie: { name: 'seen', value: 'yes' } },
    { cookie: { name: 'basket', present: false } },
    { gone: 'li[hidden]' },
  ])('is there: %j', async (expected) => {
    expect(await walk(page, [{ expect: expected }])).toBe('pass');
  });
  test.each([
    [{ count: { selector: 'li', at_least: 3 } }, '2 of li can be seen, expected 3 at least'],
    [{ count: { selector: 'li', at_most: 1 } }, '2 of li can be seen, expected 1 at most'],
    [
      { attribute: { selector: 'a', name: 'data-total', value: '0' } },
      'data-total of a is "12.90", expected "0"',
    ],
    [{ cookie: { name: 'seen', value: 'no' } }, 'the cookie seen is another one'],
    [{ cookie: { name: 'basket' } }, 'there is no cookie basket'],
    [{ gone: 'li' }, 'li is still there'],
    [{ selector: 'li[hidden]' }, 'li[hidden] cannot be seen: it is hidden'],
  ])('is not there: %j', async (expected, said) => {
    expect(await walk(page, [{ expect: expected }], 2)).toBe(`step 1 (expect): ${said}`);
  });
});
