// What the confirm page does not let through: moved bytes, people who may not, forms and sign-ins that are not its own.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import { readersOf } from '../../../test/support/confirm-browser.ts';
import { type ConfirmDesk, openConfirmDesk } from '../../../test/support/confirming.ts';
import { fact } from '../../../test/support/incidents.ts';
import { shopSettings } from '../../../test/support/shop.ts';

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

const { browser, sayYes, signedIn, press, reviews } = readersOf(() => desk);

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

  test('when the runbook changed on main, or is gone from it', async () => {
    const olga = await signedIn('olga');
    const now = desk.runbook.now;
    desk.runbook.now = now && { ...now, sha256: 'e'.repeat(64) };
    expect((await press(olga, 'approve')).text).toContain('The rules have changed since');
    desk.runbook.now = null;
    expect((await press(await signedIn('otto'), 'approve')).text).toContain('The rules have changed since');
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
    const { 'remediation.proposed': proposed, 'remediation.judged': judged } = desk.incident().latest;
    if (!proposed || !judged) throw new Error('nothing proposed');
    const { number, head, branch } = desk.pull;
    const before = 'a'.repeat(40);
    await desk.world.ledger.append(desk.incident().key, () => ({
      facts: [
        {
          type: 'remediation.withdrawn',
          data: { reason: 'pushed', push: { by: 'Olga', head, bytes: 'new' } },
        },
        fact('pull.opened', { number, branch, head: before, digest: judged.data.digest }),
        fact('pull.pushed', { by: 'Olga', head, before }),
        {
          type: 'remediation.proposed',
          data: { ...proposed.data, by: 'person', pushed: { by: 'Olga', head } },
        },
        { type: 'remediation.judged', data: judged.data },
        fact('pull.opened', { number, branch, head, digest: judged.data.digest }),
      ],
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
