// A site that serves one bare repository by git's own program, and says something else first where a test wants it to. For tests
// of jobs. It must never be kinder than git's server: what it does not say itself is git's answer.
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type GitSays = { status: number; headers?: Record<string, string> } | 'silence';
export type GitSite = {
  url: string;
  /** How often git began to ask. */
  asked(): number;
  close(): Promise<void>;
};

/** The repository is there under every path. `says`: the answers to the first requests. */
export async function gitSite(bare: string, says: GitSays[] = []): Promise<GitSite> {
  let asked = 0;
  const server = createServer((request, response) => {
    const said = says[asked++];
    if (said === 'silence') return;
    if (said) response.writeHead(said.status, said.headers).end('no\n');
    else byGit(bare, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** https://git-scm.com/docs/git-http-backend, as a web server calls it. */
function byGit(bare: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://git');
  const backend = spawn(
    'git',
    ['-c', 'uploadpack.allowFilter=true', '-c', 'uploadpack.allowAnySHA1InWant=true', 'http-backend'],
    {
      env: {
        ...process.env,
        ...{ GIT_PROJECT_ROOT: bare, GIT_HTTP_EXPORT_ALL: '1', REQUEST_METHOD: request.method },
        ...{ PATH_INFO: pathname.replace(/^.*?\.git(?=\/)/, ''), QUERY_STRING: search.slice(1) },
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: `${request.headers['git-protocol'] ?? ''}`,
      },
    },
  );
  request.pipe(backend.stdin);
  const parts: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => parts.push(chunk));
  backend.on('close', () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf('\r\n\r\n');
    const headers = all
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(/: */, 2) as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1];
    response.writeHead(Number(status?.slice(0, 3) ?? 200), Object.fromEntries(headers));
    response.end(all.subarray(end + 4));
  });
}
