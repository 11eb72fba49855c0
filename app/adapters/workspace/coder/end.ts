// Ends what is at work in a workspace and takes it away: cancels a build that is under way, asks for the delete, asks again when
// that failed, and waits for minutes. Must never call it gone by an absence once it was seen: what is dormant, and what a wrong
// address answers, looks the same. Must never orphan: that leaves the resources where they are.
import { jobSeconds } from '#core/incident/limits';
import type { Ended, Watch } from '../port.ts';
import { type Ask, MINUTE_MS, POLL_MS } from './api.ts';
import { type Build, look, type Workspace } from './read.ts';
import { gone } from './words.ts';

/** So long must it be absent from its first look on, for one that nobody has seen. */
const NEVER_MS = 10_000;
const AGAIN_MS = 10_000;

type Asking = {
  ask: Ask;
  name: string;
  watch: Watch;
  /** When the delete was last asked for, and what was answered. */
  asked: number;
  words: string;
};

/** `turn` is called with each look, before anything is done. */
export async function endWorkspace(
  ask: Ask,
  name: string,
  watch: Watch,
  { seen: known = false, turn = async () => {} }: { seen?: boolean; turn?: () => Promise<void> } = {},
): Promise<Ended> {
  const began = watch.now();
  const state: Asking = { ask, name, watch, asked: Number.NEGATIVE_INFINITY, words: '' };
  let there = known;
  let dead = false;
  while (watch.now() - began < jobSeconds.remove * 1000) {
    const now = await look(ask, name);
    await turn();
    if (now.is === 'deleted') return { dead: true, gone: true, reason: '' };
    if (now.is === 'live') {
      there = true;
      dead = isStopped(now.workspace.latest_build);
      await push(state, now.workspace);
    } else {
      state.words = now.words;
      if (now.is === 'hidden' && !there && watch.now() - began >= NEVER_MS)
        return { dead: true, gone: true, reason: gone.never };
      if (now.is === 'hidden' && there) state.words = gone.hidden(now.words);
      if (now.is === 'limited') await watch.pause(MINUTE_MS);
    }
    await watch.pause(POLL_MS);
  }
  return { dead, gone: false, reason: gone.late(jobSeconds.remove, state.words) };
}

/** What was stopped runs nothing any more. */
const isStopped = ({ transition, job }: Build): boolean =>
  transition !== 'start' && job.status === 'succeeded';

async function push(
  state: Asking,
  { id, latest_build: build, dormant_at: dormant }: Workspace,
): Promise<void> {
  const { ask, watch } = state;
  if (build.job.error) state.words = build.job.error;
  if (watch.now() - state.asked < AGAIN_MS) return;
  const active = build.job.status === 'pending' || build.job.status === 'running';
  if (active && build.transition === 'delete') return;
  if (build.job.status === 'canceling') return;
  state.asked = watch.now();
  const answer = active
    ? await ask('PATCH', `/workspacebuilds/${encodeURIComponent(build.id)}/cancel`)
    : await ask('POST', `/workspaces/${encodeURIComponent(id)}/builds`, { transition: 'delete' });
  // A canceled build is over soon: the delete is asked for with the next look.
  if (active) state.asked = Number.NEGATIVE_INFINITY;
  if (answer.own && answer.status < 300) return;
  state.words = answer.own && answer.status === 404 && dormant != null ? gone.dormant : answer.words;
}
