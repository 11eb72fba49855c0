// Whether a script could be run in this Coder now, asked before anything is started. Must never ask for more than the scopes of a
// workspace token allow: what such a token may not see answers 404, and that says nothing.
import * as z from 'zod';
import type { Ask, CoderAccount } from './api.ts';

type Ready = { ok: true } | { ok: false; reason: string };

/** `scripts[].exit_code` is absent before; an outcome would have one witness only. */
const LEAST = [2, 34] as const;
const PARAMETERS = [
  'commit_sha',
  'incident_id',
  'nonce',
  'script_gz_b64',
  'script_path',
  'script_sha256',
  'timeout_seconds',
];
const About = z.object({ version: z.string() });
const Version = z.object({
  name: z.string(),
  archived: z.boolean().default(false),
  job: z.object({ status: z.string() }),
});
const Names = z.array(z.object({ name: z.string(), required: z.boolean().default(false) }));

export async function readyCoder(
  ask: Ask,
  { version, setting = 'workspace.version' }: Pick<CoderAccount, 'version' | 'setting'>,
): Promise<Ready> {
  const no = (reason: string): Ready => ({ ok: false, reason });
  const about = await ask('GET', '/buildinfo');
  if (!about.own || about.status !== 200) return no(about.words);
  const server = About.safeParse(about.body);
  if (!server.success) return no('what answers at coder.url does not say which Coder it is');
  if (isOlder(server.data.version))
    return no(`Coder ${server.data.version} is too old: it tells no exit codes before v${LEAST.join('.')}`);
  const mine = await ask('GET', '/workspaces?q=owner:me&limit=1');
  if (!mine.own) return no(mine.words);
  if (mine.status === 404)
    return no(
      'CODER_API_TOKEN may not see workspaces: it needs the scopes coder:workspaces.create and coder:workspaces.delete',
    );
  if (mine.status !== 200) return no(mine.words);
  return template(ask, version, `${setting} ${version}`);
}

/** A development build calls itself v0.0.0 and is not doubted. */
function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = (/^v?(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return major > 0 && (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]));
}

async function template(ask: Ask, version: string, called: string): Promise<Ready> {
  const no = (reason: string): Ready => ({ ok: false, reason });
  const path = `/templateversions/${encodeURIComponent(version)}`;
  const found = await ask('GET', path);
  if (!found.own) return no(found.words);
  if (found.status !== 200) return no(`${called}: ${found.words}`);
  const told = Version.safeParse(found.body);
  if (!told.success) return { ok: true };
  if (told.data.archived)
    return no(`${called} (${told.data.name}) is archived in Coder; pin one that is not`);
  if (told.data.job.status !== 'succeeded')
    return no(`${called} (${told.data.name}) was not imported: ${told.data.job.status}`);
  const asked = await ask('GET', `${path}/rich-parameters`);
  const names = Names.safeParse(asked.own && asked.status === 200 ? asked.body : null);
  if (!names.success) return { ok: true };
  const has = new Map(names.data.map(({ name, required }) => [name, required]));
  const lacks = PARAMETERS.filter((name) => !has.has(name));
  const more = [...has].flatMap(([name, required]) => (required && !PARAMETERS.includes(name) ? [name] : []));
  if (lacks.length > 0)
    return no(`the template’s version ${told.data.name} has no parameter ${lacks.join(', ')}`);
  if (more.length > 0)
    return no(
      `the template’s version ${told.data.name} demands ${more.join(', ')}, which Vigil does not send`,
    );
  return { ok: true };
}
