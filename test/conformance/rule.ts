// How the suite states a rule of GitHub's: a sentence, the page it stands on, what it needs, and the check. A rule that
// cannot be checked must never pass in silence: it is skipped with its reason, on the report and on standard error.
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Need, openTarget, REASONS, type Target } from './target.ts';

export type State = (
  sentence: string,
  page: string,
  needs: Need[],
  check: (target: Target) => Promise<void>,
) => void;
const DOCS = 'https://docs.github.com/en/';

/** A subject's rules, all on one target. `page` is a path below docs.github.com/en/, or a whole address. */
export function subject(name: string, state: (rule: State) => void): void {
  describe(name, () => {
    let target: Target;
    beforeAll(async () => {
      target = await openTarget();
    });
    afterAll(() => target?.close());
    state((sentence, page, needs, check) => {
      const address = page.startsWith('https://') ? page : `${DOCS}${page}`;
      it(`${sentence} <${address}>`, { timeout: 600_000 }, async (context) => {
        const lacking = needs.filter((need) => target.missing.includes(need)).map((need) => REASONS[need]);
        if (lacking.length > 0) {
          process.stderr.write(`SKIPPED on ${target.where}: ${name}: ${sentence}: ${lacking.join('; ')}\n`);
          context.skip(lacking.join('; '));
        }
        await check(target);
      });
    });
  });
}

/** What the API answered, whether it was yes or no. */
export type Answer = { status: number; data: unknown; headers: Record<string, unknown> };
export async function answer(asked: Promise<unknown>): Promise<Answer> {
  const got = await asked.catch((error: unknown) => error);
  const response = got instanceof Error && 'response' in got ? got.response : got;
  if (typeof response !== 'object' || response === null || !('status' in response)) throw got;
  return response as Answer;
}

/** Looks again and again until there is something to see. Throws when the target's patience is over. */
export async function until<T>(target: Target, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + target.patience;
  while (Date.now() < end) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((done) => setTimeout(done, target.pause || 20));
  }
  throw new Error(`not seen within ${target.patience} ms: ${what}`);
}
