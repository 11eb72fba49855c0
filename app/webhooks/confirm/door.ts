// The entrance of the confirm page: shows what would be approved, and sends the person to GitHub and back. decide.ts does
// the rest. Must never leave GitHub's code in an address: it is sealed into the cookie, and the address changes at once.
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { authorizeUrl, randomSecret } from '#adapters/github/sign-in';
import { type Offered, offered } from '#core/gate/confirm';
import { isIncidentKey } from '#core/ledger/incident-key';
import { confirmPage, undoPage } from '#core/messages/confirm';
import { again, againBecause, noConfirmPage, notKnown, stumbled } from '#core/messages/confirm-answers';
import type { Desk } from '../../desk/desk.ts';
import { COOKIE_SECONDS, forget, type Sealed, seal } from './cookie.ts';
import { decide } from './decide.ts';
import { redirect, sendPage } from './http.ts';
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

const Shown = z.object({ head: z.string(), digest: z.string() });

/** Answers every path below /confirm/. */
export async function handleConfirm(
  world: Confirming,
  desk: Pick<Desk, 'wake'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<true> {
  const { config } = world;
  const { server, api, owner, repo } = config.github;
  if (!config.signIn) return sendPage(response, 404, noConfirmPage(`${server}/${owner}/${repo}/pulls`));
  const signIn = { ...config.signIn, server, api, callback: `${config.url}/confirm/callback` };
  const parts = { world, desk, signIn };
  const url = new URL(request.url ?? '/', config.url);
  const call = { request, response, url };
  const [, , name = '', step = ''] = url.pathname.split('/');
  const known = isIncidentKey(name);
  try {
    switch (`${request.method} ${known ? 'key' : name}/${step}`) {
      case 'GET callback/':
        return await comeBack(parts, call);
      case 'GET key/':
        return await show(parts, call, name);
      case 'GET key/sign-in':
        return await goToGitHub(parts, call, name);
      case 'POST key/':
        return await decide(parts, call, name);
      default:
        return sendPage(response, 404, notKnown());
    }
  } catch (error) {
    world.log.error({ incident: known ? name : null, err: error }, 'the confirm page stumbled');
    return sendPage(response, 500, stumbled());
  }
}

function lookAt({ ledger }: Confirming, key: string, url: URL): Offered {
  const shown = Shown.safeParse(Object.fromEntries(url.searchParams));
  return shown.success ? offered(ledger.get(key), shown.data) : { ok: false, why: 'unknown' };
}

async function show(parts: Parts, call: Call, key: string): Promise<true> {
  const { world } = parts;
  const looked = lookAt(world, key, call.url);
  if (!looked.ok) return refuse(call.response, looked);
  const { offer } = looked;
  const cookie = await cookieOf(parts, call);
  const reader =
    cookie?.step === 'back' && isFor(cookie, key, offer.pull)
      ? {
          csrf: cookie.csrf,
          minutes: Math.max(1, Math.ceil((cookie.until - world.now().getTime()) / 60_000)),
        }
      : { signIn: `/confirm/${key}/sign-in${call.url.search}` };
  if (offer.act === 'undo') return sendPage(call.response, 200, undoPage(offer, reader));
  return sendPage(call.response, 200, confirmPage(offer, await neededFor(world, offer), reader));
}

async function goToGitHub({ world, signIn }: Parts, call: Call, key: string): Promise<true> {
  const looked = lookAt(world, key, call.url);
  if (!looked.ok) return refuse(call.response, looked);
  const { head, digest } = looked.offer.pull;
  const [state, verifier] = [randomSecret(), randomSecret()];
  const content: Sealed = { step: 'asked', key, head, digest, state, verifier };
  const cookie = await seal({ ...world.config, signIn }, content, world.now());
  return redirect(call.response, authorizeUrl(signIn, state, verifier), cookie);
}

async function comeBack(parts: Parts, call: Call): Promise<true> {
  const { world, signIn } = parts;
  const { response, url } = call;
  const cookie = await cookieOf(parts, call);
  if (cookie?.step !== 'asked') return sendPage(response, 403, again(againBecause.cookie, null));
  if (!equal(url.searchParams.get('state') ?? '', cookie.state))
    return sendPage(response, 403, again(againBecause.state, pageOf(cookie)));
  const code = url.searchParams.get('code');
  if (!code)
    return sendPage(response, 403, again(againBecause.denied, pageOf(cookie)), forget(world.config.url));
  const { key, head, digest, verifier } = cookie;
  const until = world.now().getTime() + COOKIE_SECONDS * 1000;
  const content: Sealed = { step: 'back', key, head, digest, verifier, code, csrf: randomSecret(), until };
  return redirect(response, pageOf(cookie), await seal({ ...world.config, signIn }, content, world.now()));
}
