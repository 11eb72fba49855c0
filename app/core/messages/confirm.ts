// The confirm page: all that a tired person needs to see before they let these bytes run, or have them undone, and the ways to decide.
// Must never show less than what is approved: every file of the proposal is here, whole.
import type { Offer } from '#core/gate/confirm';
import { latestOf } from '#core/ledger/replay';
import { type Html, html } from '#core/text/html';
import { page } from './page.ts';
import { agreement } from './put-back.ts';
import { stakesHtml } from './stakes.ts';
import { leftAsItIs, noUndo, undoWords } from './undo-words.ts';
import { ending, serviceOf, titleOf } from './words.ts';

/** How far the reader's sign-in is: not begun, or back from GitHub with the secret of a form. */
export type Reader = { signIn: string } | { csrf: string; minutes: number };

const file = (name: string, text: string): Html => html`<p><code>${name}</code></p><pre>${text}</pre>`;

function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** The page of an open proposal. It may run after `needed` reviews. */
export function confirmPage(offer: Offer, needed: number, reader: Reader): string {
  const { incident, proposal, judged, pull } = offer;
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  const hypothesis = latestOf(incident, 'hypothesis.received');
  const red = [...new Set(rehearsed?.samples.map((sample) => sample.check))];
  const undo = proposal.files['undo.sh'];
  const effects = judged.effects.filter((effect) => effect.kind !== 'read');
  const { issue, opened } = incident;
  const links = [
    html`<a href="${pull.url}">pull request #${pull.number}</a>`,
    ...(issue ? [html` · <a href="${issue.url}">issue #${issue.number}</a>`] : []),
    ...(opened.pagerduty.url
      ? [html` · <a href="${opened.pagerduty.url}">PagerDuty ${opened.pagerduty.id}</a>`]
      : []),
  ];
  const body = html`<p class="soft">${proposal.kind} on ${proposal.target} · ${links}</p>
<h2>What is broken</h2><p>${titleOf(opened)} (service ${serviceOf(opened)}).${rehearsed ? ` Seen before this proposal: ${rehearsed.reason}.` : ''}</p>
${stakesHtml(judged)}
<h2>Why Vigil thinks so</h2><p>${hypothesis?.text ?? 'Only the alert itself.'}</p>
<h2>What will run</h2>
${effects.length === 0 ? html`<p>Nothing that changes anything.</p>` : html`<ul>${effects.map(({ kind, target, selfRestoring }) => html`<li><code>${kind}</code>${target ? html` on ${target}` : null}${selfRestoring ? ', restores itself' : ''}</li>`)}</ul>`}
${file('fix.sh', proposal.files['fix.sh'])}
${judged.managed?.map((sentence) => html`<p>${sentence}</p>`) ?? null}
<h2>How it is undone</h2>${undo === undefined ? html`<p>Undo: ${noUndo(proposal, judged)}</p>` : html`${whenUndone(offer)}${file('undo.sh', undo)}`}
${judged.put_back ? html`<p><strong>Until</strong> ${agreement(judged.put_back)}</p>` : null}
<h2>How Vigil will know</h2><p>${red.length > 0 ? red.join(', ') : 'What was red'} must be green, with every other check of verify.yml.</p>
<details><summary>verify.yml and remediation.yml</summary>${file('verify.yml', proposal.files['verify.yml'])}${file('remediation.yml', proposal.files['remediation.yml'])}</details>
<h2>Risk ${judged.risk}, confidence ${judged.confidence.value} of 100</h2>
<ul>${judged.confidence.components.map(({ name, value, reason }) => html`<li>${name} ${value}: ${reason}</li>`)}
${judged.findings.map(({ file: name, line, sentence }) => html`<li>${name} line ${line}: ${sentence}</li>`)}</ul>
<p>The policy says ${judged.verdict}. ${needed === 1 ? 'One approving review is needed, by somebody' : `${needed} approving reviews are needed, each by somebody`} who may write here and did not write this.</p>
<h2>Exactly this</h2><dl><dt>head</dt><dd><code>${pull.head}</code></dd><dt>digest</dt><dd><code>${pull.digest}</code></dd></dl>
${decide(offer, reader)}`;
  return page(`${serviceOf(opened)}: approve this remediation?`, body);
}

/** The page of a fix that ran and is left as it is: what undoing it would do. */
export function undoPage(offer: Offer, reader: Reader): string {
  const { incident, proposal, pull } = offer;
  const left = leftAsItIs(incident);
  const undo = proposal.files['undo.sh'] ?? '';
  const body = html`<p class="soft">${proposal.kind} on ${proposal.target} · <a href="${pull.url}">pull request #${pull.number}</a>${incident.issue ? html` · <a href="${incident.issue.url}">issue #${incident.issue.number}</a>` : null}</p>
<h2>How it stands</h2><p>${ending(incident)}</p>
${left ? html`<p>Nothing was undone: ${left.why}.</p>` : null}
<h2>What the undo would bring back</h2><p>${left?.brings ?? 'It is not known.'}</p>
<h2>What will run</h2><p>Exactly what was approved with the fix, once.</p>${file('undo.sh', undo)}
<h2>What ran</h2>${file('fix.sh', proposal.files['fix.sh'])}
<h2>Exactly this</h2><dl><dt>head</dt><dd><code>${pull.head}</code></dd><dt>digest</dt><dd><code>${pull.digest}</code></dd></dl>
${decideUndo(offer, reader)}`;
  return page(`${serviceOf(incident.opened)}: undo this remediation?`, body);
}

function decideUndo({ incident, pull }: Offer, reader: Reader): Html {
  if ('signIn' in reader)
    return html`<section class="decide"><p>To undo it, say who you are. GitHub asks you; Vigil looks whether you may write here and gives the permission back at once.</p>
<p><a class="button" href="${reader.signIn}">Sign in with GitHub</a></p></section>`;
  return html`<section class="decide"><p>You are back from GitHub. The ledger will say that you asked for the undo. Your sign-in lasts ${reader.minutes} minutes.</p>
<form method="post" action="/confirm/${incident.key}">${hidden('csrf', reader.csrf)}${hidden('head', pull.head)}${hidden('digest', pull.digest)}<p><button class="stop" name="decision" value="undo">Undo it</button></p></form></section>`;
}

/** When the undo runs, why, and what it would bring back. */
export function whenUndone({ judged }: Pick<Offer, 'judged'>): Html | null {
  const words = undoWords(judged);
  return (
    words && html`<p>It ${words.when}, because ${words.because}. It would bring back ${words.brings}.</p>`
  );
}

function decide({ incident, pull }: Offer, reader: Reader): Html {
  if ('signIn' in reader)
    return html`<section class="decide"><p>To decide, say who you are. GitHub asks you; Vigil submits one review in your name and gives the permission back at once.</p>
<p><a class="button" href="${reader.signIn}">Sign in with GitHub</a></p></section>`;
  const bytes = [hidden('csrf', reader.csrf), hidden('head', pull.head), hidden('digest', pull.digest)];
  const action = `/confirm/${incident.key}`;
  return html`<section class="decide"><p>You are back from GitHub. What you press becomes your review of pull request #${pull.number}, for the head commit above and no other. Your sign-in lasts ${reader.minutes} minutes.</p>
<form method="post" action="${action}">${bytes}<p><button name="decision" value="approve">Approve</button></p></form>
<details><summary>Request changes instead</summary><form method="post" action="${action}">${bytes}
<label>What is wrong? <textarea name="reason" rows="3" maxlength="2000" required></textarea></label><button class="stop" name="decision" value="changes">Request changes</button></form></details></section>`;
}
