// The part of Coder's API that runs one script in one workspace: create, poll, read logs, cancel, delete. It must answer with
// the vendor's own status codes, since the executor decides by them. https://coder.com/docs/reference/api
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { timings } from './agent.ts';
import { check, parameters } from './template.ts';
import { active, type Build, mark, owner, type Template, type Workspace, type Yard } from './workspaces.ts';

type Account = { yard: Yard; token: string; organization: string; template: Template };
type Validation = { field: string; detail: string };
const version = 'v2.36.0+sandbox';
const minute = 60_000;
const Create = z.object({
  name: z
    .string()
    .max(32)
    .regex(/^(?!(?:new|create)$)[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/),
  template_id: z.string().optional(),
  template_version_id: z.string().optional(),
  rich_parameter_values: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ttl_ms: z
    .int()
    .min(minute)
    .max(43_200 * minute)
    .nullish(),
});
const validation = ({ path, message }: z.core.$ZodIssue) => ({ field: path.join('.'), detail: message });
const NewBuild = z.object({ transition: z.enum(['stop', 'delete']), orphan: z.literal(false).optional() });

const fail = (c: Context, status: ContentfulStatusCode, message: string, validations?: Validation[]) =>
  c.json({ message, ...(validations ? { validations } : {}) }, status);
const hidden = (c: Context) => fail(c, 404, 'Resource not found or you do not have access to this resource');
const json = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);
const later = <T extends { id: number }>(c: Context, rows: T[]) =>
  rows.filter(({ id }) => id > Number(c.req.query('after') ?? 0));

export function coderApi({ yard, token, organization, template }: Account): Hono {
  const app = new Hono().basePath('/api/v2');
  const expected = Buffer.from(token);
  app.use(async (c, next) => {
    await next();
    c.header('X-Coder-Build-Version', version);
  });
  app.use(bodyLimit({ maxSize: 4 * 1024 * 1024, onError: (c) => fail(c, 413, 'Request body too large.') }));
  app.get('/buildinfo', (c) =>
    c.json({ version, external_url: '', dashboard_url: new URL('/', c.req.url).href }),
  );
  app.use(async (c, next) => {
    const given = Buffer.from(c.req.header('coder-session-token') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return fail(c, 401, 'You are signed out or your session has expired.');
    if (c.req.query('follow') !== undefined)
      return fail(c, 501, 'This stand-in has no websockets: poll with after=');
    return next();
  });

  const one = (id: string | undefined) => yard.all.find(({ body }) => body.id === id);
  const mine = (user = '') => user === 'me' || user === owner.username || user === owner.id;
  const ours = (name = '') => name === organization || name === owner.organization;
  app.use('/organizations/:org/*', (c, next) =>
    ours(c.req.param('org')) ? next() : Promise.resolve(hidden(c)),
  );
  app.use('/users/:user/*', (c, next) => (mine(c.req.param('user')) ? next() : Promise.resolve(hidden(c))));
  app.get('/users/:user', (c) =>
    c.json({ ...owner, email: 'vigil@example.com', organization_ids: [owner.organization] }),
  );
  app.get('/organizations/:org', (c) =>
    c.json({ id: owner.organization, name: organization, display_name: organization }),
  );
  app.get('/organizations/:org/templates/:name', (c) => {
    if (c.req.param('name') !== template.name) return hidden(c);
    return c.json({
      id: template.id,
      name: template.name,
      organization_id: owner.organization,
      active_version_id: template.versionId,
      allow_user_cancel_workspace_jobs: true,
      require_active_version: false,
      deprecated: false,
    });
  });
  app.get('/templateversions/:id/rich-parameters', (c) =>
    c.req.param('id') === template.versionId ? c.json(parameters) : hidden(c),
  );

  const create = async (c: Context) => {
    const asked = Create.safeParse(await json(c));
    if (!asked.success) return fail(c, 400, 'Validation failed.', asked.error.issues.map(validation));
    const { name, template_id: byId, template_version_id: byVersion, ttl_ms = null } = asked.data;
    if ((byId === undefined) === (byVersion === undefined))
      return fail(c, 400, 'Exactly one of template_id and template_version_id is required.');
    if (byId !== template.id && byVersion !== template.versionId)
      return fail(c, 400, `Template or template version "${byId ?? byVersion}" doesn't exist.`);
    const taken = yard.all.some(
      ({ deleted, body }) => !deleted && body.name.toLowerCase() === name.toLowerCase(),
    );
    if (taken)
      return fail(c, 409, `Workspace "${name}" already exists.`, [
        { field: 'name', detail: 'This value is already in use and should be unique.' },
      ]);
    const { values, validations } = check(asked.data.rich_parameter_values);
    return validations.length > 0
      ? fail(c, 400, 'Unable to validate parameters', validations)
      : c.json(yard.create(name, values, ttl_ms).body, 201);
  };
  app.post('/organizations/:org/members/:user/workspaces', (c) =>
    mine(c.req.param('user')) ? create(c) : hidden(c),
  );
  app.post('/users/:user/workspaces', create);

  const filters: Record<string, (one: Workspace['body'], value: string) => boolean> = {
    owner: (_, value) => mine(value),
    template: (one, value) => one.template_name === value,
    name: (one, value) => one.name.includes(value),
    status: (one, value) => one.latest_build.status === value,
  };
  app.get('/workspaces', (c) => {
    const terms = (c.req.query('q') ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((term) => term.split(':'));
    const odd = terms.find(([key = '', value]) => value === undefined || !Object.hasOwn(filters, key));
    if (odd)
      return fail(c, 400, 'Invalid workspace search query.', [
        { field: 'q', detail: `this stand-in does not know "${odd.join(':')}"` },
      ]);
    const workspaces = yard.all
      .filter(
        ({ deleted, body }) =>
          !deleted && terms.every(([key = '', value = '']) => filters[key]?.(body, value)),
      )
      .map(({ body }) => body);
    return c.json({ workspaces, count: workspaces.length });
  });
  app.get('/users/:user/workspace/:name', (c) => {
    const found = yard.all.findLast(
      ({ body, deleted }) =>
        body.name === c.req.param('name') && (!deleted || c.req.query('include_deleted') === 'true'),
    );
    return found ? c.json(found.body) : hidden(c);
  });
  app.get('/workspaces/:id', (c) => {
    const found = one(c.req.param('id'));
    if (found?.deleted && c.req.query('include_deleted') !== 'true')
      return fail(c, 410, `Workspace "${found.body.id}" was deleted.`);
    return found ? c.json(found.body) : hidden(c);
  });
  app.post('/workspaces/:id/builds', async (c) => {
    const found = one(c.req.param('id'));
    if (!found || found.deleted) return hidden(c);
    const asked = NewBuild.safeParse(await json(c));
    if (!asked.success)
      return fail(c, 400, 'This stand-in builds "stop" and "delete" only, and orphans nothing.');
    if (active(found.body.latest_build)) return fail(c, 409, 'A workspace build is already active.');
    return c.json(yard.add(found, asked.data.transition).body, 201);
  });

  const ofBuild = (path: string, show: (c: Context, build: Build, workspace: Workspace) => object) =>
    app.get(`/workspacebuilds/:id${path}`, (c) => {
      for (const one of yard.all)
        for (const build of one.builds)
          if (build.body.id === c.req.param('id')) return c.json(show(c, build, one));
      return hidden(c);
    });
  ofBuild('', (_, { body }) => body);
  ofBuild('/logs', (c, { logs }) => later(c, logs));
  ofBuild('/parameters', (_, __, { values }) =>
    Object.entries(values).map(([name, value]) => ({ name, value })),
  );
  ofBuild('/timings', (_, { agents }) => ({
    provisioner_timings: [],
    agent_script_timings: agents.flatMap(timings),
    agent_connection_timings: [],
  }));
  app.patch('/workspacebuilds/:id/cancel', (c) => {
    const build = yard.all.flatMap(({ builds }) => builds).find(({ body }) => body.id === c.req.param('id'));
    if (!build) return hidden(c);
    const { status } = build.body.job;
    if (status === 'canceled') return fail(c, 400, 'Job has already been marked as canceled!');
    if (!active(build.body)) return fail(c, 400, 'Job has already completed!');
    if (status !== (c.req.query('expect_status') ?? status)) return fail(c, 412, `Job is ${status}.`);
    if (status === 'running') return fail(c, 403, 'This stand-in cancels pending builds only.');
    mark(build, 'canceled');
    return c.json({ message: 'Job has been marked as canceled...' });
  });
  app.get('/workspaceagents/:id/logs', (c) => {
    const agents = yard.all.flatMap(({ builds }) => builds.flatMap((build) => build.agents));
    const agent = agents.find(({ body }) => body.id === c.req.param('id'));
    return agent ? c.json(later(c, agent.logs)) : hidden(c);
  });
  app.notFound((c) => fail(c, 404, 'Route not found.'));
  return app;
}
