// Approving on the confirm page, as a browser goes through it: sign-in on the sandbox GitHub, review, token given back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { confirmPath } from '#core/gate/confirm';
import { latestOf } from '#core/ledger/replay';
import { startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import { readersOf } from '../../../test/support/confirm-browser.ts';
import { type ConfirmDesk, openConfirmDesk } from '../../../test/support/confirming.ts';

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

const { browser, link, signedIn, press, reviews } = readersOf(() => desk);

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
    expect(text).toContain(latestOf(desk.incident(), 'pull.opened')?.digest);
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
