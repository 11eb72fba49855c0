// A browser without a screen before the confirm page: cookies, forms, GitHub's sign-in. For tests only.
// It must never follow a redirect by itself, so that a test sees each step.
import { confirmPath } from '#core/gate/confirm';
import { REPO } from '../../sandbox/github/test-forge.ts';
import type { ConfirmDesk } from './confirming.ts';

/** What people can do at the desk that `desk()` gives. */
export function readersOf(desk: () => ConfirmDesk) {
  /** A browser with one cookie jar; it follows no redirect by itself. */
  function browser() {
    let cookie = '';
    const go = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(new URL(path, desk().url), {
        ...init,
        headers: { cookie, ...init.headers },
        redirect: 'manual',
      });
      const set = answer.headers.get('set-cookie');
      if (set && new URL(path, desk().url).origin === desk().url) cookie = set.split(';')[0] ?? '';
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

  const link = () => confirmPath(desk().incident()) ?? '';
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
    return at.go(`/confirm/${desk().incident().key}`, { method: 'POST', body, headers });
  }
  const reviews = async () =>
    (await desk().forge.app.pulls.listReviews({ ...REPO, pull_number: desk().pull.number })).data;

  return { browser, link, sayYes, signedIn, press, reviews };
}
