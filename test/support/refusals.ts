// A GitHub that does not do at the first try what Vigil asks, and says why in its own words; and what people read meanwhile. It
// must never answer anybody but the app.
import { latestOf } from '#core/ledger/replay';
import { BOTH, everybodySees } from './endings.ts';
import { eventually } from './outside.ts';
import { playRemediate, playRespond } from './quick-jobs.ts';
import { type Alert, as, outside, review, settled } from './quick-people.ts';
import type { QuickWorld } from './quick-world.ts';
import type { Sent, Trouble } from './recording-proxy.ts';
import { startWatchedApp, type WatchedApp } from './watched-app.ts';

export type Refusal = NonNullable<ReturnType<Trouble>>;
export type Refusing = {
  app: WatchedApp;
  world: QuickWorld;
  /** One more trouble; the oldest that answers counts. */
  trouble(one: Trouble): void;
  /** For this alert's calls of the kind GitHub answers so, one answer a call; then it answers itself. Gives the times of all. */
  answers(alert: Alert, method: string, path: RegExp, ...refusals: Refusal[]): { at: number }[];
  /** GitHub refuses to merge until people have read why; then somebody touches the pull request. */
  refuseUntilRead(alert: Alert, refusal: Refusal, why: RegExp): { read(): Promise<void> };
};
export const MERGE = /\/pulls\/\d+\/merge$/;

export const said = (status: number, message: string, headers: Record<string, string> = {}): Refusal => ({
  ...{ status, headers },
  body: JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest' }),
});

export async function startRefusing(): Promise<Refusing> {
  const app = await startWatchedApp({});
  const { world } = app;
  const troubles: Trouble[] = [];
  app.proxy.trouble((sent) => {
    for (const trouble of troubles) {
      const instead = sent.to === 'github' ? trouble(sent) : null;
      if (instead) return instead;
    }
    return null;
  });
  return {
    ...{ app, world },
    trouble: (one) => void troubles.push(one),
    answers(alert, method, path, ...refusals) {
      const calls: { at: number }[] = [];
      troubles.push((sent) => {
        if (sent.method !== method || !path.test(sent.path) || !isAbout(alert, sent)) return null;
        calls.push({ at: Date.now() });
        return refusals[calls.length - 1] ?? null;
      });
      return calls;
    },
    refuseUntilRead(alert, refusal, why) {
      let met = false;
      troubles.push((sent) =>
        !met && sent.method === 'PUT' && MERGE.test(sent.path) && isAbout(alert, sent) ? refusal : null,
      );
      return {
        async read() {
          await everybodyReads(world, alert, why);
          met = true;
          const incident = await world.incident(alert.key);
          const number = incident && latestOf(incident, 'pull.opened')?.number;
          await as(world, 'riley', `/pulls/${number}`, 'PATCH', { title: 'Ready now' });
        },
      };
    },
  };
}

const isAbout = ({ id, key }: Alert, { path, body }: Sent): boolean =>
  [id, key].some((name) => body.includes(name) || decodeURIComponent(path).includes(name));

export async function approved(world: QuickWorld, alert: Alert): Promise<void> {
  await playRespond(world, alert.key);
  await review(world, alert.key, 'APPROVE');
}

/** The run goes well, and everybody sees an incident like any other. */
export async function heals(world: QuickWorld, alert: Alert): Promise<void> {
  await playRemediate(world, alert.key);
  await everybodySees(world, alert, await settled(world, alert.key), {
    stage: 'RESOLVED',
    why: /The fix ran and the service works again/,
    ...{ ...BOTH, page: 'resolved', more: 4 },
  });
}

type Checks = { check_runs: { conclusion: string; output: { title: string; summary: string } }[] };

/** The checks called vigil/approval of a commit, the newest first. */
export async function approvalChecks(world: QuickWorld, head: string): Promise<Checks['check_runs']> {
  const path = `/commits/${head}/check-runs?check_name=vigil%2Fapproval`;
  return (await as<Checks>(world, 'riley', path)).check_runs;
}

/** The issue, Slack and the check of the head say so. */
async function everybodyReads(world: QuickWorld, alert: Alert, why: RegExp): Promise<void> {
  await eventually('the issue and Slack to say so', async () => {
    const { issues, slack } = await outside(world, alert);
    return why.test(issues[0]?.comments.at(-1) ?? '') && why.test(slack[0] ?? '');
  });
  const incident = await world.incident(alert.key);
  const head = (incident && latestOf(incident, 'pull.opened')?.head) ?? '';
  await eventually('the check to say so', async () =>
    (await approvalChecks(world, head)).some(({ output }) => why.test(output.summary)),
  );
}
