// The part of Coder's API that runs one script in one workspace: create, poll, read logs, cancel, delete. It must answer with
// the vendor's own status codes, since the executor decides by them. https://coder.com/docs/reference/api
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { buildBody, type Names, timingsBody, workspaceBody } from './shapes.ts';
import { check, parameters } from './template.ts';
import { active, statusOf, type Workspace, type Yard } from './workspaces.ts';

type Validation = { field: string; detail: string };
const minute = 60_000;
const Create = z.object({
  name: z
    .string()
    .max(32)
    .regex(/^[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/)
    .refine((name) => name !== 'new' && name !== 'create'),
  template_id: z.string().optional(),
  template_version_id: z.string().optional(),
  rich_parameter_values: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ttl_ms: z
    .number()
    .int()
    .min(minute)
    .max(30 * 24 * 60 * minute)
    .nullish(),
});
const fail = (c: Context, status: ContentfulStatusCode, message: string, validations?: Validation[]) =>
  c.json({ message, ...(validations ? { validations } : {}) }, status);
const hidden = (c: Context) => fail(c, 404, 'Resource not found or you do not have access to this resource');
const body = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);
const later = <T extends { id: number }>(c: Context, rows: T[]) =>
  rows.filter(({ id }) => id > Number(c.req.query('after') ?? 0));

export function coderApi(
  yard: Yard,
  token: string,
  names: Names & { version: string; organizationName: string },
): Hono {
  const { template, organization, version } = names;
  const app = new Hono().basePath('/api/v2');
  const expected = Buffer.from(token);
  app.use(async (c, next) => {
    await next();
    c.header('X-Coder-Build-Version', version);
  });
  app.use(bodyLimit({ maxSize: 4 * 1024 * 1024, onError: (c) => fail(c, 413, 'Request body too large.') }));
  app.get('/buildinfo', (c) =>
    c.json({
      version,
      external_url: 'https://github.com/coder/coder',
      dashboard_url: new URL('/', c.req.url).href,
    }),
  );
  app.use(async (c, next) => {
    const given = Buffer.from(
      c.req.header('coder-session-token') ?? c.req.header('authorization')?.replace(/^Bearer /, '') ?? '',
    );
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return fail(
        c,
        401,
        'You are signed out or your session has expired. Please sign in again to continue.',
      );
    if (c.req.query('follow') !== undefined)
      return fail(c, 501, 'This stand-in has no websockets: poll with after=');
    return next();
  });

  const mine = (user: string) => user === 'me' || user === 'vigil';
  const ours = (name: string) => name === organization || name === names.organizationName;
  const workspace = (c: Context) => yard.all.find(({ id }) => id === c.req.param('id'));
  const ofBuild = (c: Context) =>
    yard.all
      .flatMap((one) => one.builds.map((build) => ({ build, workspace: one })))
      .find(({ build }) => build.id === c.req.param('id'));
  const shown = (one: Workspace) => workspaceBody(one, names);

  app.get('/users/me', (c) =>
    c.json({
      id: '7b0c5a4e-2f60-4d5c-9c1e-5d3f0a6b1c2d',
      username: 'vigil',
      email: 'vigil@example.com',
      organization_ids: [organization],
    }),
  );
  app.get('/organizations/:org', (c) =>
    ours(c.req.param('org'))
      ? c.json({ id: organization, name: names.organizationName, display_name: names.organizationName })
      : hidden(c),
  );
  app.get('/organizations/:org/templates/:name', (c) =>
    ours(c.req.param('org')) && c.req.param('name') === template.name
      ? c.json({
          id: template.id,
          name: template.name,
          organization_id: organization,
          active_version_id: template.versionId,
          provisioner: 'terraform',
          default_ttl_ms: 0,
          allow_user_cancel_workspace_jobs: true,
          require_active_version: false,
          deprecated: false,
        })
      : hidden(c),
  );
  app.get('/templateversions/:id/rich-parameters', (c) =>
    c.req.param('id') === template.versionId ? c.json(parameters) : hidden(c),
  );

  const create = async (c: Context) => {
    const parsed = Create.safeParse(await body(c));
    if (!parsed.success)
      return fail(
        c,
        400,
        'Validation failed.',
        parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), detail: message })),
      );
    const { name, template_id, template_version_id, rich_parameter_values, ttl_ms } = parsed.data;
    if ((template_id === undefined) === (template_version_id === undefined))
      return fail(c, 400, 'Exactly one of template_id and template_version_id is required.');
    if (template_id && template_id !== template.id)
      return fail(c, 400, `Template "${template_id}" doesn't exist.`);
    if (template_version_id && template_version_id !== template.versionId)
      return fail(c, 400, `Template version "${template_version_id}" doesn't exist.`);
    if (yard.all.some((one) => !one.deleted && one.name.toLowerCase() === name.toLowerCase()))
      return fail(c, 409, `Workspace "${name}" already exists.`, [
        { field: 'name', detail: 'This value is already in use and should be unique.' },
      ]);
    const { values, validations } = check(rich_parameter_values);
    if (validations.length > 0) return fail(c, 400, 'Unable to validate parameters', validations);
    return c.json(shown(yard.create(name, values, ttl_ms ?? null)), 201);
  };
  app.post('/organizations/:org/members/:user/workspaces', (c) =>
    ours(c.req.param('org')) && mine(c.req.param('user')) ? create(c) : hidden(c),
  );
  app.post('/users/:user/workspaces', (c) => (mine(c.req.param('user')) ? create(c) : hidden(c)));

  app.get('/workspaces', (c) => {
    const terms = (c.req.query('q') ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((term) => term.split(':'));
    const known: Record<string, (one: Workspace, value: string) => boolean> = {
      owner: (_, value) => mine(value),
      template: (_, value) => value === template.name,
      name: (one, value) => one.name.includes(value),
      status: (one, value) => statusOf(one.latest) === value,
    };
    const odd = terms.find(([key = '', value]) => value === undefined || !Object.hasOwn(known, key));
    if (odd)
      return fail(c, 400, 'Invalid workspace search query.', [
        { field: 'q', detail: `this stand-in does not know "${odd.join(':')}"` },
      ]);
    const found = yard.all.filter(
      (one) => !one.deleted && terms.every(([key = '', value = '']) => known[key]?.(one, value)),
    );
    return c.json({ workspaces: found.map(shown), count: found.length });
  });
  app.get('/users/:user/workspace/:name', (c) => {
    const found = yard.all.findLast(
      ({ name, deleted }) =>
        name === c.req.param('name') && (!deleted || c.req.query('include_deleted') === 'true'),
    );
    return found && mine(c.req.param('user')) ? c.json(shown(found)) : hidden(c);
  });
  app.get('/workspaces/:id', (c) => {
    const found = workspace(c);
    if (found?.deleted && c.req.query('include_deleted') !== 'true')
      return fail(c, 410, `Workspace "${found.id}" was deleted.`);
    return found ? c.json(shown(found)) : hidden(c);
  });
  app.post('/workspaces/:id/builds', async (c) => {
    const found = workspace(c);
    if (!found || found.deleted) return hidden(c);
    const wanted = z
      .object({ transition: z.enum(['stop', 'delete']), orphan: z.literal(false).optional() })
      .safeParse(await body(c));
    if (!wanted.success)
      return fail(c, 400, 'This stand-in builds "stop" and "delete" only, and orphans nothing.');
    if (active(found.latest)) return fail(c, 409, 'A workspace build is already active.');
    return c.json(buildBody(yard.build(found, wanted.data.transition), found, names), 201);
  });

  app.get('/workspacebuilds/:id', (c) => {
    const found = ofBuild(c);
    return found ? c.json(buildBody(found.build, found.workspace, names)) : hidden(c);
  });
  app.get('/workspacebuilds/:id/logs', (c) => {
    const found = ofBuild(c);
    return found ? c.json(later(c, found.build.logs)) : hidden(c);
  });
  app.get('/workspacebuilds/:id/parameters', (c) => {
    const found = ofBuild(c);
    return found
      ? c.json(Object.entries(found.workspace.values).map(([name, value]) => ({ name, value })))
      : hidden(c);
  });
  app.get('/workspacebuilds/:id/timings', (c) => {
    const found = ofBuild(c);
    return found ? c.json(timingsBody(found.build)) : hidden(c);
  });
  app.patch('/workspacebuilds/:id/cancel', (c) => {
    const found = ofBuild(c);
    if (!found) return hidden(c);
    const { build } = found;
    const expected = c.req.query('expect_status');
    if (build.job === 'canceled') return fail(c, 400, 'Job has already been marked as canceled!');
    if (!active(build)) return fail(c, 400, 'Job has already completed!');
    if (expected && expected !== build.job) return fail(c, 412, `Job is not ${expected}.`);
    Object.assign(build, { job: 'canceled', completed: new Date().toISOString() });
    return c.json({ message: 'Job has been marked as canceled...' });
  });
  app.get('/workspaceagents/:id/logs', (c) => {
    const agent = yard.all
      .flatMap(({ builds }) => builds)
      .find((build) => build.agent?.id === c.req.param('id'))?.agent;
    return agent ? c.json(later(c, agent.logs)) : hidden(c);
  });
  app.notFound((c) => fail(c, 404, 'Route not found.'));
  return app;
}
