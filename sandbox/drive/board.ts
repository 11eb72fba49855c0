// What goes on in the world, as anybody with a browser could find out: PagerDuty's incidents with their issues and pull
// requests, and whether the shop sells. It must never ask Vigil, nor use up what a played person may ask of GitHub.
import { asPerson } from '../people.ts';
import type { World } from '../world.ts';

export type Entry = { title: string; url: string; state: string };
export type Happening = { page: Entry; issue: Entry | null; pulls: Entry[] };
export type Board = { happenings: Happening[]; shop: { what: string; ok: boolean; how: string }[] };

type Issue = {
  title: string;
  html_url: string;
  state: string;
  labels: { name: string }[];
  pull_request?: { merged_at: string | null };
};

export async function boardOf(world: World): Promise<Board> {
  const pages = world.pagerduty.incidents().toReversed();
  // Robin may only read, and nobody plays Robin for long: GitHub's limit of requests is his to use up.
  const listed =
    pages.length > 0 ? await asPerson(world, 'robin', 'GET', '/issues?state=all&per_page=100') : [];
  const issues = listed as Issue[];
  return {
    shop: shopOf(world),
    happenings: pages.map(({ id, title, status, html_url }) => {
      const named = issues.filter((issue) => issue.title.includes(id));
      const [issue] = named.filter(({ pull_request }) => !pull_request);
      return {
        page: { title, url: html_url, state: status },
        issue: issue ? { title: issue.title, url: issue.html_url, state: stageOf(issue) } : null,
        pulls: named
          .filter(({ pull_request }) => pull_request)
          .map(({ title: name, html_url: url, state, pull_request }) => ({
            ...{ title: name, url },
            state: pull_request?.merged_at ? 'merged' : state,
          })),
      };
    }),
  };
}

/** Vigil labels an issue with its stage; before that it is just open. */
function stageOf({ labels, state }: Issue): string {
  const stage = labels.find(({ name }) => name.startsWith('vigil:'))?.name.slice('vigil:'.length);
  return stage ?? state;
}

function shopOf({ shop }: World): Board['shop'] {
  const { cache, pool, flags } = shop.state();
  const rotten = Object.values(cache).filter((price) => !Number.isFinite(Number(price))).length;
  return [
    { what: 'price cache', ok: rotten === 0, how: rotten === 0 ? 'fine' : `${rotten} prices are no numbers` },
    {
      what: 'order workers',
      ok: pool.stuck < pool.workers,
      how: pool.stuck === 0 ? 'fine' : `${pool.stuck} of ${pool.workers} stuck`,
    },
    ...Object.entries(flags).map(([name, on]) => ({ what: `flag ${name}`, ok: !on, how: on ? 'on' : 'off' })),
  ];
}
