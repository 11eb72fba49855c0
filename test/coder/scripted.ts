// A Coder that plays one scripted story: what each question is answered at each moment, by a clock that the test moves. The orders
// are those of the real server. Must never be kinder: what the vendor leaves out, or forgets with a later build, is left out here.
import { createHash } from 'node:crypto';
import { type Answer, type Ask, toAnswer } from '#adapters/workspace/coder/api';
import type { Order, Watch } from '#adapters/workspace/port';

export const NONCE = 'c0ffee00c0ffee00c0ffee00c0ffee00';
export const ORDER: Order = {
  ...{ name: 'vigil-pd-q1shop1-1', script: 'true\n', nonce: NONCE, timeoutSeconds: 60 },
  from: { incident: 'pd-q1shop1', commit: 'a'.repeat(40), path: 'remediations/pd-q1shop1/fix.sh' },
};
export const ACCOUNT = {
  ...{ api: 'https://coder.example', token: 't', template: 'vigil-remediate', version: 'v1', ttlMinutes: 60 },
};
export const html = (status: number): Answer =>
  toAnswer(status, '<html>gateway</html>', `coder.example answered ${status}`);
export const json = (status: number, message: string, more: object = {}): Answer =>
  toAnswer(status, { message, ...more }, `coder.example answered ${status}`);
export const nothing: Answer = toAnswer(null, null, 'coder.example could not be reached: no answer in time');

type Fields = Record<string, unknown>;
/** What changed at this second after the creation: of the build, of its one agent (null: none), of the workspace. */
export type Moment = {
  at: number;
  build?: Fields;
  job?: Fields;
  agent?: Fields | null;
  script?: Fields;
  more?: Fields[];
  workspace?: Fields;
};
export type Story = {
  /** What stands there before. */
  before?: 'another script' | 'an earlier run' | 'deleted';
  /** Answers to the creations, in order; the last one for all later ones. `made`: it was carried out all the same. */
  create?: { answer?: Answer; made?: boolean }[];
  moments?: Moment[];
  log?: [at: number, output: string, source?: string][];
  /** Everything is answered so from then until then. */
  outages?: [from: number, to: number, answer: Answer][];
  /** How a delete goes: asked for, and after 6 s. */
  deletes?: 'well' | 'fails' | 'fails once' | 'hangs';
  cancels?: 'well' | 'refused';
  buildNumber?: number;
  template?: string;
};

const sha = createHash('sha256').update(ORDER.script).digest('hex');
const AGENT: Fields = {
  id: 'a',
  parent_id: null,
  name: 'main',
  status: 'connecting',
  lifecycle_state: 'created',
};
const SCRIPT: Fields = { id: 's', log_source_id: 'l', display_name: 'remediation', run_on_start: true };
const hiddenWords = 'Resource not found or you do not have access to this resource';

export type Played = {
  ask: Ask;
  watch: Watch & { told: string[] };
  creations(): number;
  standing(): boolean;
};

/** `fault`: this answer in the place of the n-th read. */
export function play(story: Story, fault: { read: number; answer: Answer } | null = null): Played {
  let now = 0;
  let made: number | null = story.before ? -100_000 : null;
  let creations = 0;
  let reads = 0;
  let deleted: number | null = null;
  let canceled: number | null = null;
  let deletes = 0;
  const told: string[] = [];
  const { moments = [], log = [], outages = [], deletes: way = 'well', before } = story;
  const seconds = (): number => (now - (made ?? 0)) / 1000;

  const build = (): Fields => {
    const since = deleted === null ? 0 : (now - deleted) / 1000;
    if (deleted !== null && since >= 0) {
      const over = since >= 6 && way !== 'hangs';
      const failed = over && (way === 'fails' || (way === 'fails once' && deletes === 1));
      const status = failed ? 'failed' : over ? 'succeeded' : 'running';
      const job = { status, ...(failed ? { error: 'terraform destroy: exit status 1' } : {}) };
      const word = failed ? 'failed' : over ? 'deleted' : 'deleting';
      return {
        id: `d${deletes}`,
        build_number: 9,
        transition: 'delete',
        reason: 'initiator',
        status: word,
        job,
        resources: [],
      };
    }
    return ours();
  };
  const ours = (): Fields => {
    let body: Fields = {
      id: 'b',
      build_number: story.buildNumber ?? 1,
      transition: 'start',
      reason: 'initiator',
      status: 'pending',
    };
    let job: Fields = { status: 'pending' };
    let agent: Fields | null = null;
    let script: Fields = SCRIPT;
    let more: Fields[] = [];
    for (const moment of moments.filter(({ at }) => at <= seconds())) {
      body = { ...body, ...moment.build };
      job = { ...job, ...moment.job };
      if (moment.agent === null) agent = null;
      else if (moment.agent) agent = { ...(agent ?? AGENT), ...moment.agent };
      script = { ...script, ...moment.script };
      more = moment.more ?? more;
    }
    if (canceled !== null) job = { ...job, status: now - canceled >= 2000 ? 'canceled' : 'canceling' };
    const agents = [...more, ...(agent ? [{ ...agent, scripts: [script] }] : [])];
    return { ...body, job, resources: agents.length > 0 ? [{ type: 'pod', name: 'main', agents }] : [] };
  };
  const workspace = (): Fields => ({
    ...{
      id: 'w',
      name: ORDER.name,
      template_name: story.template ?? ACCOUNT.template,
      dormant_at: null,
      latest_build: build(),
    },
    ...Object.assign(
      {},
      ...moments.filter(({ at }) => at <= seconds()).map((moment) => moment.workspace ?? {}),
    ),
  });
  const isDeleted = (): boolean => (build()['status'] as string) === 'deleted';
  const replaced = (): boolean =>
    build()['id'] !== 'b' && (build()['job'] as Fields)['status'] === 'succeeded';

  const create = (): Answer => {
    const { answer, made: anyway = answer === undefined } =
      story.create?.[Math.min(creations, story.create.length - 1)] ?? {};
    creations += 1;
    if (made !== null && !isDeleted()) return json(409, `Workspace "${ORDER.name}" already exists.`);
    if (anyway) made = now;
    return answer ?? toAnswer(201, workspace(), '');
  };
  const read = (path: string): Answer => {
    const ok = (body: unknown): Answer => toAnswer(200, body, '');
    if (path.startsWith('/workspaces?')) {
      const visible = made !== null && !isDeleted() && !workspace()['hidden'];
      const one = { name: ORDER.name, created_at: '2026-01-01T00:00:00Z' };
      return ok({ workspaces: visible ? [one] : [], count: visible ? 1 : 0 });
    }
    if (path.startsWith('/users/me/workspace/')) {
      if (before === 'deleted' && creations === 0)
        return ok({
          ...workspace(),
          latest_build: {
            ...build(),
            id: 'x',
            transition: 'delete',
            status: 'deleted',
            job: { status: 'succeeded' },
          },
        });
      if (made === null || workspace()['hidden']) return json(404, hiddenWords);
      return ok(workspace());
    }
    if (path.endsWith('/parameters')) {
      const other = before === 'another script' ? 'f'.repeat(64) : sha;
      const nonce = before === 'an earlier run' ? 'e'.repeat(32) : NONCE;
      return ok([
        { name: 'script_sha256', value: other },
        { name: 'nonce', value: nonce },
      ]);
    }
    if (path.startsWith('/workspacebuilds/')) return made === null ? json(404, hiddenWords) : ok(ours());
    const after = Number(/after=(\d+)/.exec(path)?.[1] ?? 0);
    if (made === null || workspace()['hidden'] || replaced()) return json(404, hiddenWords);
    const rows = log.map(([at, output, source = 'l'], index) => ({
      id: index + 1,
      at,
      output,
      level: 'info',
      source_id: source,
    }));
    return ok(rows.filter(({ at, id }) => at <= seconds() && id > after).map(({ at: _, ...row }) => row));
  };
  const write = (path: string): Answer => {
    if (path.endsWith('/cancel')) {
      if (story.cancels === 'refused') return json(403, 'User is not allowed to cancel workspace builds.');
      canceled = now;
      return json(200, 'Job has been marked as canceled...');
    }
    if (workspace()['hidden'] || workspace()['scoped']) return json(404, hiddenWords);
    const { status } = build()['job'] as { status: string };
    if (['pending', 'running', 'canceling'].includes(status))
      return json(409, 'A workspace build is already active.');
    deletes += 1;
    deleted = now;
    return toAnswer(201, build(), '');
  };

  return {
    creations: () => creations,
    standing: () => made !== null && before === undefined && !isDeleted(),
    async ask(method, path) {
      const out =
        made === null ? undefined : outages.find(([from, to]) => seconds() >= from && seconds() < to);
      if (method === 'GET' && reads++ === fault?.read) return fault.answer;
      if (out) return out[2];
      return method === 'GET' ? read(path) : path === '/users/me/workspaces' ? create() : write(path);
    },
    watch: {
      told,
      now: () => now,
      async pause(ms) {
        now += ms;
      },
      tell: (sentence) => void told.push(sentence),
    },
  };
}
