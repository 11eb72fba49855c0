// Git over HTTP: real `git http-backend` behind GitHub's credentials and rulesets. It must never let a push reach git
// before its refs were judged. https://git-scm.com/docs/git-http-backend
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { authenticate, refuseUnless } from './auth.ts';
import type { Actor, Forge } from './forge.ts';
import { gitEnvironment, PATIENCE_MS, ZERO } from './git.ts';
import { type Move, refMoved } from './refs.ts';
import { rulesFor, violations } from './rulesets.ts';

/** Answers `/{owner}/{repo}.git/*`. Requests are held in memory whole: pushes here are small. */
export async function gitHttp(forge: Forge, request: Request): Promise<Response> {
  const who = await authenticate(forge, request.headers.get('authorization') ?? undefined);
  if (!who.ok || who.actor.kind === 'nobody')
    return new Response('Authentication failed\n', {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="GitHub"' },
    });
  const { pathname, search } = new URL(request.url);
  const writes = pathname.endsWith('/git-receive-pack') || search.includes('service=git-receive-pack');
  const refused = refuseUnless(who.actor, writes ? ['contents:write', 'write'] : ['contents:read', 'read']);
  if (refused) {
    const { owner, repo } = forge.options;
    const reason =
      refused.status === 404
        ? 'Repository not found.'
        : `Permission to ${owner}/${repo}.git denied to ${who.actor.login}.`;
    return new Response(`${reason}\n`, { status: refused.status });
  }
  const body = Buffer.from(await request.arrayBuffer());
  if (request.method !== 'POST' || !writes) return backend(forge, request, body, {});
  return forge.exclusive(() => push(forge, who.actor, request, body));
}

async function push(forge: Forge, actor: Actor, request: Request, body: Buffer): Promise<Response> {
  const moves = commandsOf(body);
  const response = await backend(forge, request, body, await judge(forge, actor, moves));
  for (const move of moves) {
    const now = await forge.git.attempt(['rev-parse', '--verify', '--quiet', move.ref]);
    if ((now.ok ? now.out.toString().trim() : ZERO) === move.to) await refMoved(forge, actor, move);
  }
  return response;
}

/** What the pre-receive hook is told: a refusal, refs that must only go forward, whether workflows may change. */
async function judge(forge: Forge, actor: Actor, moves: Move[]): Promise<Record<string, string>> {
  for (const move of moves) {
    const reasons = await violations(forge, actor, { ...move, force: false });
    if (reasons.length > 0)
      return { SANDBOX_REFUSAL: `${move.ref}:${reasons.map((reason) => `- ${reason}`).join('\n')}` };
  }
  const linear = moves.filter(({ ref }) =>
    rulesFor(forge, actor, ref).some((rule) => rule.type === 'non_fast_forward'),
  );
  const noWorkflows = actor.kind === 'app' && actor.permissions['workflows'] !== 'write';
  return {
    SANDBOX_LINEAR: linear.map(({ ref }) => ref).join(' '),
    SANDBOX_NO_WORKFLOWS: noWorkflows ? 'yes' : '',
  };
}

/** The ref updates at the head of a receive-pack request: pkt-lines up to the flush. https://git-scm.com/docs/pack-protocol */
function commandsOf(body: Buffer): Move[] {
  const moves: Move[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length > 4)) break;
    const line =
      body
        .toString('utf8', at + 4, at + length)
        .split('\0')[0]
        ?.trim() ?? '';
    const [from = '', to = '', ref = ''] = line.split(' ');
    if (/^[0-9a-f]{40}$/.test(to)) moves.push({ ref, from, to }); // `shallow` and `push-cert` lines move nothing
    at += length;
  }
  return moves;
}

function backend(
  forge: Forge,
  request: Request,
  body: Buffer,
  extra: Record<string, string>,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const header = (name: string) => request.headers.get(name) ?? '';
  const { dir } = forge.git;
  const root = dirname(dirname(dir));
  const env = {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: join(dir.slice(root.length), pathname.replace(/^.*?\.git\//, '')),
    REQUEST_METHOD: request.method,
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: `${body.length}`,
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_USER: 'checked',
    REMOTE_ADDR: '127.0.0.1',
    ...extra,
  };
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env, timeout: PATIENCE_MS });
    const out: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.resume();
    child.stdin.on('error', () => undefined); // git may answer before it has read everything
    child.on('error', reject);
    child.on('close', () => resolve(fromCgi(Buffer.concat(out))));
    child.stdin.end(body);
  });
}

function fromCgi(answer: Buffer): Response {
  const end = answer.indexOf('\r\n\r\n');
  const headers = new Headers();
  for (const line of answer.toString('latin1', 0, Math.max(end, 0)).split('\r\n')) {
    const [name = '', value = ''] = line.split(/: (.*)/s);
    if (name) headers.append(name, value);
  }
  const status = Number.parseInt(headers.get('status') ?? (end < 0 ? '500' : '200'), 10);
  headers.delete('status');
  return new Response(Uint8Array.from(answer.subarray(end + 4)), { status, headers });
}
