// Constructs of elements that open and close: details, dialogs, popovers, templates, and elements of one's own.
import { bad, buy, click, good, script, sees, shows, style, walk } from '../construct.ts';

const mug = shows('Mug');
const opens = walk(click('#open'), sees('Mug'));
const buysAfter = walk(click('#open'), click('#buy'), sees('Thank you'));
const define = (name: string, code: string, more = '') =>
  script(`customElements.define('${name}', class extends HTMLElement { ${code} }${more})`);

export const dom = [
  bad('details-closed-bare', 'The details are closed.', '<details><summary>More</summary>Mug</details>', mug),
  good(
    'details-open',
    'The details are open.',
    '<details open><summary>More</summary><p>Mug</p></details>',
    mug,
  ),
  good(
    'details-opened',
    'The user opens the details.',
    '<details><summary id="open">More</summary><p>Mug</p></details>',
    opens,
  ),
  good(
    'details-button-opened',
    'The user opens the details.',
    `<details><summary id="open">More</summary>${buy()}</details>`,
    buysAfter,
  ),
  bad(
    'details-one-of-a-name',
    'The second of a name closes the first.',
    '<details name="a" open><summary>One</summary><p>Mug</p></details><details name="a"><summary id="open">Two</summary><p>Cup</p></details>',
    walk(click('#open'), sees('Cup'), sees('Mug')),
  ),
  bad('dialog-closed', 'The dialog is closed.', '<dialog><p>Mug</p></dialog>', mug),
  good('dialog-open', 'The dialog is open.', '<dialog open><p>Mug</p></dialog>', mug),
  good(
    'dialog-opened',
    'The user opens the dialog.',
    `<button id="open" onclick="document.querySelector('dialog').showModal()">Open</button><dialog>${buy()}</dialog>`,
    buysAfter,
  ),
  bad(
    'dialog-text-behind',
    'The ground of the dialog covers the text.',
    `${style('dialog::backdrop{background:#fff}')}<p>Mug</p><dialog>Cup</dialog>${script(`document.querySelector('dialog').showModal()`)}`,
    mug,
  ),
  good(
    'dialog-form',
    'The form of the dialog closes it.',
    `<dialog><form method="dialog"><button id="open">Close</button></form></dialog>${buy()}${script(`document.querySelector('dialog').showModal()`)}`,
    buysAfter,
  ),
  good(
    'dialog-command',
    'The button opens the dialog by itself.',
    `<button id="open" commandfor="d" command="show-modal">Open</button><dialog id="d">${buy()}</dialog>`,
    buysAfter,
  ),
  bad('popover-closed', 'The popover is closed.', '<div popover>Mug</div>', mug),
  good(
    'popover-opened',
    'The button opens the popover.',
    '<button id="open" popovertarget="p">Open</button><div id="p" popover>Mug</div>',
    opens,
  ),
  good(
    'popover-by-script',
    'A script opens the popover.',
    `<div id="p" popover>Mug</div>${script(`document.getElementById('p').showPopover()`)}`,
    mug,
  ),
  good(
    'template-used',
    'A script shows what is in the template.',
    `<p>Cup</p><template id="t"><p>Mug</p></template>${script(`document.body.append(document.getElementById('t').content.cloneNode(true))`)}`,
    mug,
  ),
  good(
    'custom-element',
    'The element draws itself.',
    `<x-mug></x-mug>${define('x-mug', `connectedCallback() { this.textContent = 'Mug'; }`)}`,
    mug,
  ),
  good(
    'custom-element-late',
    'The element is defined a moment later.',
    `<x-mug></x-mug>${script(`setTimeout(() => customElements.define('x-mug', class extends HTMLElement { connectedCallback() { this.textContent = 'Mug'; } }), 300)`)}`,
    mug,
  ),
  good(
    'custom-element-built-in',
    'A paragraph with more in it.',
    `<p is="x-mug"></p>${script(`customElements.define('x-mug', class extends HTMLParagraphElement { connectedCallback() { this.textContent = 'Mug'; } }, { extends: 'p' })`)}`,
    mug,
  ),
];
