// A button on the confirm page was pressed: look at everything once more, then submit the review in the person's name, or write down
// that they asked for the undo.
// Must never submit for other bytes than were shown. Must never keep or tell the person's token: only asPerson() holds it.
import * as z from 'zod';
import { permissionOf, readPull } from '#adapters/github/reviews';
import { type Acted, asPerson, type Person, type Reviewed } from '#adapters/github/sign-in';
import { type Offer, offered } from '#core/gate/confirm';
import { mayWrite } from '#core/gate/people';
import { superseded } from '#core/gate/superseded';
import { committersOf, pushersOf } from '#core/incident/pushes';
import { leftToUndo } from '#core/incident/running';
import { steer } from '#core/incident/steering';
import * as words from '#core/messages/confirm-answers';
import { readBody } from '../http.ts';
import { forget, type Sealed } from './cookie.ts';
import { sendPage } from './http.ts';
import {
  type Call,
  type Confirming,
  cookieOf,
  equal,
  isFor,
  neededFor,
  type Parts,
  pageOf,
  refuse,
} from './parts.ts';

const CAP = 16_384;
const Form = z.object({
  head: z.string(),
  digest: z.string(),
  csrf: z.string(),
  decision: z.enum(['approve', 'changes', 'undo']),
  reason: z.string().default(''),
});
type Form = z.infer<typeof Form>;
type Decision = 'approve' | 'changes';
type Outcome =
  | { kind: 'may not'; login: string; why: 'rights' | 'author' }
  | { kind: 'reviewed'; login: string; reviewed: Reviewed };

export async function decide(parts: Parts, call: Call, key: string): Promise<true> {
  const { world, desk, signIn } = parts;
  const { request, response } = call;
  const body = await readBody(request, CAP);
  const fields = body.ok ? Object.fromEntries(new URLSearchParams(body.raw.toString('utf8'))) : null;
  const form = Form.safeParse(fields);
  const cookie = await cookieOf(parts, call);
  if (cookie?.step !== 'back' || cookie.key !== key)
    return sendPage(response, 403, words.again(words.againBecause.cookie, null));
  // Under the policy no-referrer, browsers send the Origin `null`. So this header tells whether the form was foreign.
  const site = request.headers['sec-fetch-site'] ?? 'same-origin';
  const own = form.success && site === 'same-origin' && equal(form.data.csrf, cookie.csrf);
  if (!own || !isFor(cookie, key, form.data))
    return sendPage(response, 403, words.again(words.againBecause.forged, pageOf(cookie)));

  await world.ledger.refresh();
  const looked = offered(await world.ledger.find(key), form.data);
  if (!looked.ok) return refuse(response, looked);
  const { offer } = looked;
  const { decision } = form.data;
  if (decision === 'undo' || offer.act === 'undo')
    return decision === 'undo' && offer.act === 'undo'
      ? undo(parts, call, offer, cookie)
      : sendPage(response, 409, words.decided(offer.incident));
  // Also a runbook that has changed on main since makes it another proposal.
  if (superseded(offer.incident, { ...(await world.source()), policy: world.policy }).length > 0)
    return sendPage(response, 409, words.rulesMoved(offer.incident));
  const seen = await readPull(world.repo, offer.pull.number);
  if (seen.head !== offer.pull.head || seen.state !== 'open') {
    desk.wake(key);
    return sendPage(response, 409, words.moved(offer.incident, null));
  }
  const pushers = pushersOf(offer.incident, seen.head);
  const committers = committersOf(offer.incident, seen.head, seen.commits);
  const authors = [seen.author, ...committers, ...(pushers.known ? pushers.logins : [])];
  const acted = await asPerson(signIn, cookie, (person) =>
    review(world, offer, { ...form.data, decision }, authors, person),
  );
  desk.wake(key);
  if (acted.ok && !acted.revoked)
    world.log.warn({ incident: key }, 'the token of a person could not be revoked; it ends by itself');
  return answer(parts, call, offer, decision, acted, pageOf(cookie));
}

/** GitHub would accept a review that does not count for Vigil, so the person is told before. */
async function review(
  { repo, config }: Confirming,
  { pull }: Offer,
  { decision, reason }: Pick<Form, 'reason'> & { decision: Decision },
  authors: readonly string[],
  { login, review: submit }: Person,
): Promise<Outcome> {
  if (!mayWrite(await permissionOf(repo, login))) return { kind: 'may not', login, why: 'rights' };
  const wrote = authors.some((author) => author.toLowerCase() === login.toLowerCase());
  if (wrote && decision === 'approve') return { kind: 'may not', login, why: 'author' };
  const reviewed = await submit({
    owner: config.github.owner,
    repo: config.github.repo,
    number: pull.number,
    commit: pull.head,
    event: decision === 'approve' ? 'APPROVE' : 'REQUEST_CHANGES',
    body: words.reviewBody(decision, reason, pull.digest),
  });
  return { kind: 'reviewed', login, reviewed };
}

async function answer(
  { world }: Parts,
  { response }: Call,
  offer: Offer,
  decision: Decision,
  acted: Acted<Outcome>,
  page: string,
): Promise<true> {
  const incident = offer.incident.key;
  const send = (status: number, text: string): true =>
    sendPage(response, status, text, forget(world.config.url));
  if (!acted.ok) {
    world.log.warn({ incident, reason: acted.reason }, 'a sign-in was not accepted');
    return send(403, words.again(words.againBecause.code, page));
  }
  const { value } = acted;
  if (value.kind === 'may not') return send(403, words.mayNot(value.login, value.why));
  const { login, reviewed } = value;
  if (!reviewed.ok) return send(502, words.refusedByGitHub(reviewed.reason, offer.incident));
  world.log.info({ incident, by: login, decision }, 'reviewed on the confirm page');
  const needed = await neededFor(world, offer);
  return send(200, words.submitted(decision, login, reviewed.url, offer.pull, needed));
}

/** Writes the order down in the person's name, as a comment of theirs would. The gate of the undo itself is the job's. */
async function undo(
  { world, desk, signIn }: Parts,
  { response }: Call,
  { incident: { key, attempt } }: Offer,
  cookie: Extract<Sealed, { step: 'back' }>,
): Promise<true> {
  const send = (status: number, text: string): true =>
    sendPage(response, status, text, forget(world.config.url));
  const acted = await asPerson(signIn, cookie, async ({ login }) => ({
    login,
    may: mayWrite(await permissionOf(world.repo, login)),
  }));
  if (!acted.ok) {
    world.log.warn({ incident: key, reason: acted.reason }, 'a sign-in was not accepted');
    return send(403, words.again(words.againBecause.code, pageOf(cookie)));
  }
  if (!acted.revoked)
    world.log.warn({ incident: key }, 'the token of a person could not be revoked; it ends by itself');
  const { login, may } = acted.value;
  if (!may) return send(403, words.mayNot(login, 'rights'));
  const written = await world.ledger.append(key, (incident) => {
    // What was shown may be over by now.
    const shown = incident?.attempt === attempt && leftToUndo(incident);
    const steered = shown
      ? steer(incident, { word: 'undo', all: false, reason: '' }, login, '')
      : { ok: false as const, reason: 'it was decided meanwhile' };
    return steered.ok
      ? { facts: [steered.fact], actor: { kind: 'person', login }, at: world.now() }
      : { standDown: steered.reason };
  });
  desk.wake(key);
  if (!written.ok) return send(409, words.undoImpossible(written.reason));
  world.log.info({ incident: key, by: login }, 'the undo was asked for on the confirm page');
  return send(200, words.undoAsked(login, written.incident));
}
