// Approving on the confirm page, as a browser goes through it: sign-in on the sandbox GitHub, review, token given back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { confirmPath } from '#core/confirm';
import { known } from '#core/replay';
import { REPO, startTestForge, type TestForge } from '../../sandbox/github/test-forge.ts';
import { type ConfirmDesk, openConfirmDesk } from '../../test/support/confirming.ts';
import { fact } from '../../test/support/incidents.ts';
import { shopSettings } from '../../test/support/shop.ts';

let forge: TestForge;
let desk: ConfirmDesk;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());
beforeEach(async () => {
  desk = await openConfirmDesk(forge);
});
afterEach(() => desk.close());

/** A browser with one cookie jar; it follows no redirect by itself. */
function browser() {
  let cookie = '';
  const go = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(new URL(path, desk.url), {
      ...init,
      headers: { cookie, ...init.headers },
      redirect: 'manual',
    });
    const set = answer.headers.get('set-cookie');
    if (set && new URL(path, desk.url).origin === desk.url) cookie = set.split(';')[0] ?? '';
    return {
      status: answer.status,
      headers: answer.headers,
      text: await answer.text(),
      to: answer.headers.get('location') ?? '',
    };
  };
  return { go, cookie: () => cookie };
}
type Browser = ReturnType<typeof browser>;

const link = () => confirmPath(desk.incident()) ?? '';
const field = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

/** From the page to GitHub, where the reader says who to be; where GitHub sends the browser. */
async function sayYes({ go }: Browser, person: string): Promise<string> {
  const asked = (await go(`${link().replace('?', '/sign-in?')}`)).to;
  const said = await fetch(asked, {
    method: 'POST',
    body: new URLSearchParams({ person }),
    headers: { origin: new URL(asked).origin },
    redirect: 'manual',
  });
  return said.headers.get('location') ?? '';
}

async function signedIn(person: string) {
  const mine = browser();
  const back = await mine.go(await sayYes(mine, person));
  const page = await mine.go(back.to);
  return { ...mine, back, page };
}

type Signed = Awaited<ReturnType<typeof signedIn>>;
function press(
  at: Signed,
  decision: string,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
) {
  const form = {
    csrf: field(at.page.text, 'csrf'),
    head: field(at.page.text, 'head'),
    digest: field(at.page.text, 'digest'),
  };
  const body = new URLSearchParams({ ...form, decision, ...more });
  return at.go(`/confirm/${desk.incident().key}`, { method: 'POST', body, headers });
}
const reviews = async () =>
  (await forge.app.pulls.listReviews({ ...REPO, pull_number: desk.pull.number })).data;

describe('the page', () => {
  test('shows what would run, its undo, risk, digest and head, and asks who reads', async () => {
    const { text, status, headers } = await browser().go(link());
    expect(status).toBe(200);
    expect(text).toContain('curl --fail --silent --max-time 10 -X POST &#34;$SHOP_FLAG_OFF_URL&#34;');
    expect(text).toContain('curl --fail --silent --max-time 10 -X POST &#34;$SHOP_FLAG_ON_URL&#34;');
    for (const said of [
      'Checkout error rate is high',
      'flag.set',
      'Risk MEDIUM, confidence',
      'Sign in with GitHub',
    ])
      expect(text).toContain(said);
    expect(text).toContain(desk.pull.head);
    expect(text).toContain(known(desk.incident(), 'pull.opened')?.digest);
    expect(text).not.toMatch(
      /<script|name="csrf"|https?:\/\/(?!127|github\.com\/acme|acme\.pagerduty)[^\s<]*\.(js|css|png)/,
    );
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['without the head', () => `/confirm/${desk.incident().key}`],
    ['with a guessed head', () => link().replace(/head=..../, 'head=0000')],
    ['with another digest', () => link().replace(/digest=..../, 'digest=0000')],
    ['of another incident', () => link().replace('pd-q1shop1', 'pd-other12')],
    ['of no incident', () => '/confirm/%2e%2e/etc'],
  ])('tells nothing %s', async (_, path) => {
    const { status, text } = await browser().go(path());
    expect(status).toBe(404);
    expect(text).not.toMatch(/shop|Checkout|curl/i);
  });

  test('says that it is not there where sign-in is not set up, and where to go instead', async () => {
    const bare = await openConfirmDesk(forge, { signIn: false });
    const answer = await fetch(`${bare.url}${confirmPath(bare.incident())}`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toMatch(/There is no confirm page here[\s\S]*\/acme\/production\/pulls/);
    await bare.close();
  });
});

describe('a person who may write', () => {
  test('approves: the review is theirs, of the head that was shown, and the token is over', async () => {
    const olga = await signedIn('olga');
    expect(olga.back.to).toBe(link());
    const done = await press(olga, 'approve');
    expect(done.text).toContain('Approved by @olga');
    expect(await reviews()).toMatchObject([
      { user: { login: 'olga', type: 'User' }, state: 'APPROVED', commit_id: desk.pull.head },
    ]);
    expect(desk.woken).toEqual([desk.incident().key]);

    const asOlga = desk.sent.filter(({ authorization }) => authorization.startsWith('Bearer ghu_'));
    expect(asOlga.map(({ method, path }) => `${method} ${path.replace(/.*v3/, '')}`)).toEqual([
      'GET /user',
      `POST /repos/acme/production/pulls/${desk.pull.number}/reviews`,
    ]);
    const token = asOlga[0]?.authorization.slice(7) ?? '';
    await expect(forge.as(token).users.getAuthenticated()).rejects.toMatchObject({ status: 401 });
    expect(desk.logged()).toContain('"by":"olga"');
    for (const place of [desk.logged(), done.text, olga.page.text, decodeURIComponent(olga.cookie())])
      expect(place).not.toMatch(/ghu_|a client secret of the tests/);
  });

  test('asks for changes in their own words', async () => {
    const done = await press(await signedIn('otto'), 'changes', { reason: 'The flag is still needed.' });
    expect(done.text).toContain('Changes requested by @otto');
    expect(await reviews()).toMatchObject([
      { user: { login: 'otto' }, state: 'CHANGES_REQUESTED', body: 'The flag is still needed.' },
    ]);
  });

  test('presses once: a second time asks to sign in again', async () => {
    const olga = await signedIn('olga');
    const stolen = olga.cookie();
    await press(olga, 'approve');
    expect((await press(olga, 'approve')).text).toContain('Please sign in again');
    const replayed = await press(olga, 'approve', {}, { cookie: stolen });
    expect(replayed.text).toContain('GitHub did not accept the sign-in');
    expect(await reviews()).toHaveLength(1);
  });
});

describe('nothing is submitted', () => {
  afterEach(async () => expect(await reviews()).toEqual([]));

  test('when the branch moved since the page was shown', async () => {
    const olga = await signedIn('olga');
    const git = await forge.clone('otto');
    await git.checkout(desk.pull.branch);
    await git.raw('commit', '--quiet', '--allow-empty', '--message', 'More');
    await git.push();
    const { status, text } = await press(olga, 'approve');
    expect(status).toBe(409);
    expect(text).toContain('The proposal has changed since');
  });

  test('when the ledger has another proposal by now: the page leads to it', async () => {
    const olga = await signedIn('olga');
    const { 'remediation.proposed': proposed, 'remediation.judged': judged } = desk.incident().latest;
    if (!proposed || !judged) throw new Error('nothing proposed');
    const opened = fact('pull.opened', { head: 'b'.repeat(40), digest: judged.data.digest });
    await desk.world.ledger.append(desk.incident().key, () => ({
      facts: [
        { type: 'remediation.withdrawn', data: { reason: 'its bytes changed' } },
        { type: 'remediation.proposed', data: proposed.data },
        { type: 'remediation.judged', data: judged.data },
        opened,
      ],
      actor: { kind: 'app' },
      at: desk.world.now(),
    }));
    const { status, text } = await press(olga, 'approve');
    expect(status).toBe(409);
    expect(text).toContain(`/confirm/${desk.incident().key}?head=${'b'.repeat(40)}`);
  });

  test('when settings on main changed, and with them the digest', async () => {
    const olga = await signedIn('olga');
    desk.settings.now = shopSettings({
      workspace: { template: 'vigil-remediate', version: '0b8a2f8e-98a5-4c6e-9f0e-2f3f3f1c7a55' },
    });
    expect((await press(olga, 'approve')).text).toContain('The rules have changed since');
  });

  test('when it is decided already', async () => {
    const olga = await signedIn('olga');
    await desk.world.ledger.append(desk.incident().key, () => ({
      facts: [fact('remediation.rejected', { by: 'otto', reason: 'by hand' })],
      actor: { kind: 'app' },
      at: desk.world.now(),
    }));
    expect((await press(olga, 'approve')).text).toMatch(/decided already[\s\S]*@otto rejected/);
  });

  test('by somebody who may only read', async () => {
    const { status, text } = await press(await signedIn('reader'), 'approve');
    expect(status).toBe(403);
    expect(text).toContain('@reader has no write access');
  });

  test('by a pusher of the proposal', async () => {
    await desk.world.ledger.append(desk.incident().key, () => ({
      facts: [fact('pull.pushed', { by: 'Olga', head: desk.pull.head })],
      actor: { kind: 'app' },
      at: desk.world.now(),
    }));
    expect((await press(await signedIn('olga'), 'approve')).text).toContain(
      'somebody else has to approve it',
    );
  });

  test.each([
    ['a wrong form secret', { csrf: 'x'.repeat(43) }, {}],
    ['other bytes than the sign-in was for', { head: 'c'.repeat(40) }, {}],
    ['no decision', { decision: 'merge' }, {}],
    ['another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', {}, { 'sec-fetch-site': 'same-site' }],
  ])('for a form with %s', async (_, more, headers) => {
    const { status, text } = await press(await signedIn('olga'), 'approve', more, headers);
    expect(status).toBe(403);
    expect(text).toContain('The form did not come from the page');
  });

  test('for an answer of GitHub that belongs to another browser', async () => {
    const [mine, theirs] = [browser(), browser()];
    const forTheirs = await sayYes(theirs, 'olga');
    await sayYes(mine, 'otto');
    expect((await mine.go(forTheirs)).text).toContain('does not belong to a sign-in of this browser');
    expect((await browser().go(forTheirs)).text).toContain('no sign-in for this proposal');
  });

  test('when the person said no on GitHub', async () => {
    const mine = browser();
    const back = new URL(await sayYes(mine, 'olga'));
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    const { text } = await mine.go(`${back}`);
    expect(text).toContain('GitHub says that you did not go on');
    expect(text).toContain('Back to the proposal');
  });

  test('with a cookie that was made up or is too old', async () => {
    const olga = await signedIn('olga');
    const forged = olga.cookie().replace(/.{6}$/, 'AAAAAA');
    expect((await press(olga, 'approve', {}, { cookie: forged })).status).toBe(403);
    const now = desk.world.now().getTime();
    desk.world.now = () => new Date(now + 10 * 60_000);
    expect((await press(olga, 'approve')).text).toContain('it lasted too long');
  });
});
