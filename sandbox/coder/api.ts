// The part of Coder's API that runs one script in one workspace: create, poll, read logs, cancel, delete. It must answer with
// the vendor's own status codes, since the executor decides by them. https://coder.com/docs/reference/api
import { setTimeout as pause } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { timings } from './agent.ts';
import { active, mark, now, owner, type Template } from './bodies.ts';
import { fail, hidden } from './front.ts';
import { check, parameters } from './template.ts';
import { type Build, latest, shown, type Ways, type Workspace, type Yard } from './workspaces.ts';

type Account = { yard: Yard; organization: string; template: Template; ways: Ways };
const minute = 60_000;
/** Within it, creates of one name are at the same instant. */
const atOnceMs = 10;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const Create = z.object({
  name: z
    .string()
    .max(32)
    .regex(/^(?!(?:new|create)$)[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/),
  template_id: z.string().optional(),
  template_version_id: z.string().optional(),
  rich_parameter_values: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ttl_ms: z.int().nullish(),
});
const NewBuild = z.object({
  transition: z.enum(['start', 'stop', 'delete']),
  orphan: z.literal(false).optional(),
});

const json = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);
const later = <T extends { id: number }>(c: Context, rows: T[]) =>
  rows.filter(({ id }) => id > Number(c.req.query('after') ?? 0));
const seesDormant = (c: Context) => !c.get('scoped' as never);

export function coderApi({ yard, organization, template, ways }: Account): Hono {
  const app = new Hono().basePath('/api/v2');
  app.use((c, next) =>
    c.req.query('follow') === undefined
      ? next()
      : Promise.resolve(fail(c, 501, 'This stand-in has no websockets: poll with after=')),
  );
  /** Dormant workspaces are a kind of their own, for which no scope exists. */
  const visible = (c: Context) => yard.all.filter(({ body }) => body.dormant_at === null || seesDormant(c));
  const one = (c: Context) => visible(c).find(({ body }) => body.id === c.req.param('id'));
  const mine = (user = '') => user === 'me' || user === owner.username || user === owner.id;
  const ours = (name = '') => name === organization || name === owner.organization;
  app.use('/organizations/:org/*', (c, next) =>
    ours(c.req.param('org')) ? next() : Promise.resolve(hidden(c)),
  );
  app.use('/users/:user/*', (c, next) => (mine(c.req.param('user')) ? next() : Promise.resolve(hidden(c))));
  app.get('/users/:user', (c) =>
    c.json({
      ...{ id: owner.id, username: owner.username, name: '', email: 'vigil@example.com', status: 'active' },
      ...{ created_at: now(), updated_at: now(), last_seen_at: now(), login_type: 'none' },
      ...{ organization_ids: [owner.organization], roles: [], has_ai_seat: false },
    }),
  );
  app.get('/templateversions/:id', (c) => {
    if (c.req.param('id') !== template.versionId) return hidden(c);
    const at = now();
    return c.json({
      ...{ id: template.versionId, template_id: template.id, organization_id: owner.organization },
      ...{ created_at: at, updated_at: at, name: 'sandbox', message: '', readme: '' },
      job: {
        ...{
          id: template.versionId,
          created_at: at,
          completed_at: at,
          status: 'succeeded',
          file_id: template.id,
        },
        ...{ tags: {}, queue_position: 0, queue_size: 0, organization_id: owner.organization, metadata: {} },
        ...{ initiator_id: owner.id, input: {}, type: 'template_version_import', logs_overflowed: false },
      },
      ...{ created_by: { id: owner.id, username: owner.username }, archived: ways.archived },
      has_external_agent: false,
    });
  });
  app.get('/templateversions/:id/rich-parameters', (c) =>
    c.req.param('id') === template.versionId ? c.json(parameters) : hidden(c),
  );

  const taken = (name: string) =>
    yard.all.some(({ deleted, body }) => !deleted && body.name.toLowerCase() === name.toLowerCase());
  const create = async (c: Context) => {
    const sent = await json(c);
    if (typeof sent !== 'object')
      return fail(c, 400, 'Request body must be valid JSON.', { detail: 'unexpected EOF' });
    const asked = Create.safeParse(sent);
    if (!asked.success) {
      const validations = asked.error.issues.map(({ path }) => ({
        field: path.join('.'),
        detail: `Validation failed for tag "workspace_${path.join('.')}"`,
      }));
      return fail(c, 400, 'Validation failed.', { validations });
    }
    const { name, template_id: byId, template_version_id: byVersion, ttl_ms: ttl = null } = asked.data;
    const odd = [byId, byVersion].find((id) => id !== undefined && !uuid.test(id));
    if (odd !== undefined)
      return fail(c, 400, 'Request body must be valid JSON.', {
        detail: `invalid UUID length: ${odd.length}`,
      });
    if ((byId === undefined) === (byVersion === undefined))
      return fail(c, 400, 'Validation failed.', {
        validations: [{ field: 'template_id', detail: 'exactly one of template and version is required' }],
      });
    if (byId !== template.id && byVersion !== template.versionId)
      return fail(c, 400, `Template version "${byId ?? byVersion}" doesn't exist.`, {
        validations: [{ field: 'template_version_id', detail: 'template not found' }],
      });
    if (ways.archived)
      return fail(c, 500, 'Archived template versions cannot be used to make a workspace.', {
        validations: [{ field: 'template_version_id', detail: 'template version archived' }],
      });
    if (ttl !== null && (ttl < minute || ttl > 43_200 * minute))
      return fail(c, 400, 'Invalid Workspace Time to Shutdown.', {
        validations: [
          {
            field: 'ttl_ms',
            detail: `time until shutdown must be ${ttl < minute ? 'at least one minute' : 'less than 30 days'}`,
          },
        ],
      });
    if (taken(name))
      return fail(c, 409, `Workspace "${name}" already exists.`, {
        validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
      });
    const { values, validations } = check(asked.data.rich_parameter_values);
    if (validations.length > 0) return fail(c, 400, 'Unable to validate parameters', { validations });
    // Two at the same instant both come so far; the database's unique index then stops all but one.
    await pause(atOnceMs);
    if (taken(name)) return fail(c, 500, 'Internal server error');
    const whole = ttl === null ? null : Math.floor(ttl / minute) * minute;
    return c.json(shown(yard.create(name, values, whole)), 201);
  };
  app.post('/organizations/:org/members/:user/workspaces', (c) =>
    mine(c.req.param('user')) ? create(c) : hidden(c),
  );
  app.post('/users/:user/workspaces', create);

  const filters: Record<string, (one: Workspace, value: string) => boolean> = {
    owner: (_, value) => mine(value),
    template: ({ body }, value) => body.template_name === value,
    name: ({ body }, value) => body.name.includes(value),
    status: (one, value) => latest(one).body.status === value,
  };
  app.get('/workspaces', (c) => {
    const terms = (c.req.query('q') ?? '').split(/\s+/).filter(Boolean);
    const pairs = terms.map((term) => term.split(':'));
    const odd = pairs.find(([key = '', value]) => value === undefined || !Object.hasOwn(filters, key));
    if (odd)
      return fail(c, 400, 'Invalid workspace search query.', {
        validations: [{ field: 'q', detail: `this stand-in does not know "${odd.join(':')}"` }],
      });
    const found = visible(c).filter(
      (one) => !one.deleted && pairs.every(([key = '', value = '']) => filters[key]?.(one, value)),
    );
    const from = Number(c.req.query('offset') ?? 0);
    const limit = Number(c.req.query('limit') ?? 0) || found.length;
    return c.json({ workspaces: found.slice(from, from + limit).map(shown), count: found.length });
  });
  app.get('/users/:user/workspace/:name', (c) => {
    const named = visible(c).filter(({ body }) => body.name === c.req.param('name'));
    const gone = c.req.query('include_deleted') === 'true' ? named.at(-1) : undefined;
    const found = named.find(({ deleted }) => !deleted) ?? gone;
    return found ? c.json(shown(found)) : hidden(c);
  });
  app.get('/workspaces/:id', (c) => {
    const found = one(c);
    const how = "you can view this workspace by specifying '?include_deleted=true' and trying again.";
    if (found?.deleted && c.req.query('include_deleted') !== 'true')
      return fail(c, 410, `Workspace "${found.body.id}" was deleted, ${how}`);
    return found ? c.json(shown(found)) : hidden(c);
  });
  app.put('/workspaces/:id/dormant', async (c) => {
    const found = one(c);
    const asked = z.object({ dormant: z.boolean() }).safeParse(await json(c));
    if (!found || !seesDormant(c)) return hidden(c);
    if (!asked.success) return fail(c, 400, 'Validation failed.');
    found.body.dormant_at = asked.data.dormant ? now() : null;
    return c.json(shown(found));
  });
  app.post('/workspaces/:id/builds', async (c) => {
    const found = one(c);
    if (!found) return hidden(c);
    const asked = NewBuild.safeParse(await json(c));
    if (!asked.success) return fail(c, 400, 'This stand-in orphans nothing.');
    const busy = 'A workspace build is already active.';
    if (yard.busy(found)) return fail(c, 409, busy, { detail: busy });
    return c.json(yard.add(found, asked.data.transition).body, 201);
  });

  const builds = (c: Context) =>
    visible(c).flatMap((one) => one.builds.map((build) => [build, one] as const));
  const ofBuild = (path: string, show: (c: Context, build: Build, workspace: Workspace) => object) =>
    app.get(`/workspacebuilds/:id${path}`, (c) => {
      const found = builds(c).find(([{ body }]) => body.id === c.req.param('id'));
      return found ? c.json(show(c, ...found)) : hidden(c);
    });
  ofBuild('', (_, { body }) => body);
  ofBuild('/logs', (c, { logs }) => later(c, logs));
  ofBuild('/parameters', (_, __, { values }) =>
    Object.entries(values).map(([name, value]) => ({ name, value })),
  );
  ofBuild('/timings', (_, { agents }) => ({
    provisioner_timings: [],
    agent_script_timings: agents.flatMap(({ body }) => timings(body)),
    agent_connection_timings: [],
  }));
  app.patch('/workspacebuilds/:id/cancel', (c) => {
    const [build] = builds(c).find(([{ body }]) => body.id === c.req.param('id')) ?? [];
    if (!build) return hidden(c);
    const { status } = build.body.job;
    if (status === 'canceling') return fail(c, 400, 'Job has already been marked as canceled!');
    if (!active(build.body)) return fail(c, 400, 'Job has already completed!');
    if (status !== (c.req.query('expect_status') ?? status)) return fail(c, 412, `Job is ${status}.`);
    mark(build.body, status === 'running' ? 'canceling' : 'canceled');
    return c.json({ message: 'Job has been marked as canceled...' });
  });
  app.get('/workspaceagents/:id/logs', (c) => {
    const agents = builds(c).flatMap(([build]) => build.agents);
    const agent = agents.find(({ body }) => body.id === c.req.param('id'));
    if (agent) return c.json(later(c, agent.rows()));
    return fail(c, 404, "Agent doesn't exist with that id, or you do not have access to it.");
  });
  app.notFound((c) => fail(c, 404, 'Route not found.'));
  return app;
}
