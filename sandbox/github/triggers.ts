// What starts a run besides a dispatch: a push to a branch or tag, and the clock. It must never start a run for a push of a
// job's own token, as GitHub does not. https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
import { matchesGlob } from 'node:path';
import type { Json } from './actions/expressions.ts';
import { fields } from './actions/parse.ts';
import { ACTIONS_APP_ID } from './auth.ts';
import { startRun } from './dispatch.ts';
import { type Actor, branchOf, type Forge } from './forge.ts';
import { ZERO } from './git.ts';
import type { Move } from './refs.ts';

/** Runs of the workflow files of the pushed commit that ask for this push. */
export async function runsOfPush(forge: Forge, actor: Actor, move: Move, payload: object): Promise<void> {
  if (move.to === ZERO || (actor.kind === 'app' && actor.appId === ACTIONS_APP_ID)) return;
  for (const { path, triggers } of await workflowsAt(forge, move.to)) {
    if (!Object.hasOwn(triggers, 'push') || !(await wants(forge, fields(triggers['push']), move))) continue;
    const about = { workflow: path, ref: move.ref, sha: move.to, actor: actor.login };
    await startRun(forge, { ...about, event: 'push', inputs: {}, payload: { ...payload } });
  }
}

/** Runs of the default branch's workflow files whose schedule names this minute. */
export async function runsOfClock(forge: Forge, at: Date): Promise<void> {
  const sha = await forge.git.resolve('HEAD');
  if (!sha) return;
  for (const { path, triggers } of await workflowsAt(forge, sha)) {
    const { schedule } = triggers;
    const crons = (Array.isArray(schedule) ? schedule : []).map((one) => String(fields(one)['cron']));
    const due = crons.find((cron) => cronMatches(cron, at));
    if (due === undefined) continue;
    const about = { workflow: path, ref: `refs/heads/${branchOf(forge)}`, sha, actor: forge.options.owner };
    await startRun(forge, { ...about, event: 'schedule', inputs: {}, payload: { schedule: due } });
  }
}

async function workflowsAt({ git, runner }: Forge, sha: string) {
  const listed = await git.text(['ls-tree', '--name-only', sha, '.github/workflows/']);
  const paths = listed.split('\n').filter((path) => /\.ya?ml$/.test(path));
  const read = paths.map(async (path) => {
    const parsed = runner.parse((await git.bytes(['cat-file', 'blob', `${sha}:${path}`])).toString(), path);
    return parsed.ok ? [{ path, triggers: parsed.triggers }] : [];
  });
  return (await Promise.all(read)).flat();
}

type Filter = { [key: string]: Json };
const list = (filter: Filter, key: string): string[] | null => {
  const value = filter[key];
  return value === undefined || value === null ? null : [value].flat().map(String);
};

async function wants(forge: Forge, filter: Filter, { ref, from, to }: Move): Promise<boolean> {
  const branch = ref.startsWith('refs/heads/');
  const [kind, other] = branch ? ['branches', 'tags'] : ['tags', 'branches'];
  const name = ref.replace(/^refs\/(heads|tags)\//, '');
  const [named, ignored] = [list(filter, kind), list(filter, `${kind}-ignore`)];
  const others = list(filter, other) ?? list(filter, `${other}-ignore`);
  if (named === null && ignored === null && others !== null) return false;
  if (named !== null && !fits(named, name)) return false;
  if (ignored?.some((pattern) => matchesGlob(name, pattern))) return false;
  const [paths, skipped] = [list(filter, 'paths'), list(filter, 'paths-ignore')];
  if (!branch || (paths === null && skipped === null)) return true;
  const changed = await changedPaths(forge, from, to);
  if (paths !== null) return changed.some((path) => fits(paths, path));
  return changed.some((path) => !skipped?.some((pattern) => matchesGlob(path, pattern)));
}

/** In order: a later pattern with `!` takes out what an earlier one took in. */
const fits = (patterns: readonly string[], name: string): boolean =>
  patterns.reduce(
    (taken, pattern) =>
      pattern.startsWith('!')
        ? taken && !matchesGlob(name, pattern.slice(1))
        : taken || matchesGlob(name, pattern),
    false,
  );

async function changedPaths({ git }: Forge, from: string, to: string): Promise<string[]> {
  const range =
    from === ZERO ? ['ls-tree', '-r', '--name-only', '-z', to] : ['diff', '--name-only', '-z', from, to];
  return (await git.text(range)).split('\0').filter((path) => path !== '');
}

const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** Whether a cron line (UTC; numbers, lists, ranges, steps) names the minute of `at`. */
export function cronMatches(cron: string, at: Date): boolean {
  const now = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()];
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return false;
  const hits = parts.map((part, index) => {
    const [low, high] = FIELDS[index] ?? [0, 0];
    return part.split(',').some((one) => inField(one, now[index] ?? -1, low, high));
  });
  const [minute, hour, day, month, weekday] = hits;
  // Where both days are named, either is enough.
  const days = parts[2] !== '*' && parts[4] !== '*' ? day || weekday : day && weekday;
  return Boolean(minute && hour && month && days);
}

function inField(part: string, value: number, low: number, high: number): boolean {
  const [, from, to, step = '1'] = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  if (!/^[\d*]/.test(part)) return false;
  const start = from === undefined ? low : Number(from);
  const end = to !== undefined ? Number(to) : from === undefined || part.includes('/') ? high : start;
  return value >= start && value <= end && (value - start) % Number(step) === 0;
}
