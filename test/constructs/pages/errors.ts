// Constructs of errors: a page that shall be without any has none, and a page that has one says so.
import { bad, clean, good, type Route, type Site, script, sheet, withFile } from '../construct.ts';

const P = '<p>Mug</p>';
const faulty = (id: string, why: string, code: string) =>
  bad(`error-${id}`, why, P + script(code), clean('Mug'));
const fine = (id: string, why: string, code: string) =>
  good(`clean-${id}`, why, P + script(code), clean('Mug'));
const file = (path: string, answer: Route, tag: string): Site => ({ '/': P + tag, [path]: answer });
const APP = '<script src="/app.js"></script>';
const MODULE = '<script type="module" src="/app.js"></script>';
const mug = clean('Mug');

export const errors = [
  faulty('throws', 'A script throws.', `throw new Error('cart is undefined')`),
  faulty(
    'throws-late',
    'A script throws a moment later.',
    `setTimeout(() => { throw new Error('cart is undefined') }, 100)`,
  ),
  faulty(
    'throws-when-ready',
    'A script throws when the page is ready.',
    `addEventListener('DOMContentLoaded', () => cart.total)`,
  ),
  faulty(
    'throws-on-load',
    'A script throws when all is loaded.',
    `addEventListener('load', () => null.total)`,
  ),
  faulty('syntax', 'A script is no script.', 'const = 1'),
  faulty('undefined', 'A script wants what is not there.', 'shop.open()'),
  faulty('rejection', 'A promise is broken and nobody minds it.', `Promise.reject(new Error('no stock'))`),
  faulty(
    'rejection-async',
    'A promise is broken after a request.',
    `(async () => { await fetch('/'); throw new Error('no stock') })()`,
  ),
  faulty('json', 'The data are damaged.', `JSON.parse('{"a":')`),
  faulty(
    'element',
    'An element throws when it is drawn.',
    `customElements.define('x-mug', class extends HTMLElement { connectedCallback() { throw new Error('no') } }); document.body.append(document.createElement('x-mug'))`,
  ),
  fine('nothing', 'Nothing is wrong.', ''),
  fine('caught', 'The page catches what it throws.', `try { throw new Error('no') } catch {}`),
  fine(
    'rejection-caught',
    'The page minds the broken promise.',
    `Promise.reject(new Error('no')).catch(() => {})`,
  ),
  fine('console-error', 'The page only writes something down.', `console.error('no')`),
  fine(
    'navigation-timing',
    'The page reads how long it took.',
    `performance.getEntriesByType('navigation')[0].responseEnd.toFixed()`,
  ),
  fine(
    'service-worker-asked',
    'The page asks for service workers.',
    `navigator.serviceWorker.getRegistrations()`,
  ),
  fine(
    'permissions',
    'The page asks what it may do.',
    `navigator.permissions.query({ name: 'geolocation' })`,
  ),
  fine('fonts', 'The page asks for its fonts.', `document.fonts.load('1em sans-serif')`),
  bad(
    'error-fetch-500',
    'A request is answered with 500.',
    file('/stock', { status: 500 }, script(`fetch('/stock')`)),
    mug,
  ),
  fine(
    'import-caught',
    'The page can do without the module.',
    `import('data:text/javascript,throw 1').catch(() => {})`,
  ),
  good(
    'clean-files',
    'All files are there.',
    { '/': `${sheet()}${P}${APP}`, '/app.css': 'p{color:red}', '/app.js': '' },
    mug,
  ),
  bad('error-script-404', 'The script is not there.', { '/': P + APP }, mug),
  bad('error-script-500', 'The script answers 500.', file('/app.js', { status: 500 }, APP), mug),
  bad('error-sheet-404', 'The style sheet is not there.', { '/': sheet() + P }, mug),
  bad(
    'error-sheet-500',
    'The style sheet answers 500.',
    withFile('/app.css', { status: 500 }, sheet() + P),
    mug,
  ),
  bad('error-module-404', 'The module is not there.', { '/': P + MODULE }, mug),
  bad(
    'error-import-404',
    'The module imports one that is not there.',
    file('/app.js', `import '/none.js'`, MODULE),
    mug,
  ),
  bad(
    'error-import-name',
    'The module imports what the other does not have.',
    { ...file('/app.js', `import { a } from '/b.js'; a`, MODULE), '/b.js': '' },
    mug,
  ),
  bad(
    'error-import-unmapped',
    'Nobody says where the module is.',
    file('/app.js', `import 'shop'`, MODULE),
    mug,
  ),
  bad(
    'error-module-as-page',
    'The module is answered with the start page.',
    file('/app.js', { headers: { 'content-type': 'text/html' }, body: '<p>Shop</p>' }, MODULE),
    mug,
  ),
  bad(
    'error-script-as-page',
    'The script is answered with the start page.',
    file('/app.js', { headers: { 'content-type': 'text/html' }, body: '<p>Shop</p>' }, APP),
    mug,
  ),
  bad('error-in-file', 'The script in a file throws.', file('/app.js', 'cart.total', APP), mug),
  bad(
    'error-blocked-by-policy',
    'The script is blocked, so the next one misses it.',
    {
      '/': {
        headers: { 'content-security-policy': "script-src 'self'" },
        body: `${P}${script('window.cart = {}')}${APP}`,
      },
      '/app.js': 'cart.total',
    },
    mug,
  ),
  good(
    'clean-favicon-404',
    'The little picture of the tab is not there.',
    { '/': `<link rel="icon" href="/none.png">${P}` },
    mug,
  ),
  good(
    'clean-fetch-404',
    'Nobody is logged in, and the page knows that.',
    { '/': P + script(`fetch('/me').then((r) => r.ok)`) },
    mug,
  ),
  good(
    'clean-polling',
    'The page asks again and again.',
    file('/stock', '7', script(`setInterval(() => fetch('/stock'), 100)`)),
    mug,
  ),
  good(
    'clean-pending',
    'A request stays open on purpose.',
    file('/stock', { how: 'hangs' }, script(`fetch('/stock')`)),
    mug,
  ),
];
