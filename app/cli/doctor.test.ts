// What somebody reads whose eyes do not work: what is wrong and what helps, for each way in which a browser cannot be used, and never an
// address that may hold a token.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedChromium } from '../../sandbox/browser.ts';
import { realLightpanda } from '../../test/support/real-lightpanda.ts';
import { objects } from '../../test/support/spawned.ts';
import { vigil } from '../../test/support/vigil.ts';

let dir = '';
let chromium = '';
const servers: Server[] = [];
beforeAll(async () => {
  chromium = await installedChromium();
  dir = await mkdtemp(join(tmpdir(), 'vigil-doctor-'));
  await mkdir(join(dir, '.github'));
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(dir, { recursive: true, force: true });
});

const program = async (name: string, text: string, mode = 0o700): Promise<string> => {
  const path = join(dir, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode });
  return path;
};
/** What the command says without a vigil.yml, and with which code it ends. */
const doctor = async (...args: string[]) => {
  const { out, err, code } = await vigil(tmpdir(), ['doctor', 'eyes', ...args]);
  return { said: out + err, code };
};

/** A server that tells the version of a Lightpanda, and does to who wants to connect what is given. */
async function playing(version: string, upgrade: (request: IncomingMessage, socket: Socket) => void) {
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ Browser: 'Lightpanda/1.0', 'Lightpanda-Version': version })),
  );
  server.on('upgrade', upgrade);
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/?token=hush`;
}
/** Shakes hands as RFC 6455 wants it, and is silent from then on. */
function silent(request: IncomingMessage, socket: Socket): void {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.on('error', () => {});
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
}
const full = (_: IncomingMessage, socket: Socket) =>
  void socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');

describe('a Lightpanda', () => {
  it.concurrent.each([
    [
      'whose path is wrong',
      ['--lightpanda-path', '/nowhere/lightpanda'],
      'there is no such file',
      'install it, or correct the path',
    ],
    [
      'that is no longer there',
      ['--lightpanda-endpoint', 'ws://127.0.0.1:1/?token=hush'],
      'nothing listens at its address',
      'start it, or correct the address',
    ],
  ])('%s', async (_, args, found, cure) => {
    const { said, code } = await doctor(...args, '--chromium-path', 'none');
    expect(said).toContain(`wrong  Lightpanda  ${found}\n       ${cure}\n`);
    expect(said).not.toContain('hush');
    expect(code).toBe(1);
  });
  it.concurrent.each([
    [
      'that is full',
      '1.0.2',
      full,
      'it is full (HTTP 503)',
      'start it with a higher --cdp-max-connections, or let fewer jobs look at once',
    ],
    ['that hangs', '1.0.2', silent, 'it does not answer', 'it hangs, or no way leads to its host'],
    [
      'of long ago, at an address',
      '0.4.1',
      silent,
      'version 0.4.1 is too old',
      'install 1.0.0 or a newer one',
    ],
  ])(
    '%s',
    async (_, version, upgrade, found, cure) => {
      const endpoint = await playing(version, upgrade);
      const { said, code } = await doctor('--lightpanda-endpoint', endpoint, '--chromium-path', 'none');
      expect(said).toContain(`wrong  Lightpanda  ${found}\n       ${cure}\n`);
      expect(said).not.toContain('hush');
      expect(code).toBe(1);
    },
    30_000,
  );
  it.concurrent.each([
    ['of long ago', 'echo 0.4.1', 'version 0.4.1 is too old', 'install 1.0.0 or a newer one'],
    [
      'that ends',
      '[ "$1" = version ] && echo 1.0.2',
      'it ended as soon as it was started',
      'start it by hand (`lightpanda serve`), and see what it says',
    ],
    [
      'of another machine',
      'echo "/lib64/libc.so.6: version \\`GLIBC_2.99\' not found" >&2; exit 1',
      "it does not run on this machine: /lib64/libc.so.6: version `GLIBC_2.99' not found",
      'install a Lightpanda that is built for this machine',
    ],
  ])('%s', async (name, text, found, cure) => {
    const path = await program(`lightpanda ${name}`, text);
    const { said } = await doctor('--lightpanda-path', path, '--chromium-path', 'none');
    expect(said).toContain(`wrong  Lightpanda  ${found}\n       ${cure}\n`);
  });

  const real = realLightpanda('the doctor of the eyes');
  it.runIf(real !== null)('that works sees a page, and decides nothing alone', async () => {
    const { said, code } = await doctor('--lightpanda-path', real ?? '', '--chromium-path', 'none');
    expect(said.replaceAll(/\d+ ms/g, '5 ms')).toBe(
      [
        'eyes, by the environment',
        'ok     Lightpanda  saw a page of our own in 5 ms',
        'wrong  Chromium    shall not look here (chromium_path: none): what Lightpanda alone sees proves nothing',
        '       install a Chromium, or name one as browser.chromium_path in .github/vigil.yml; or write accepts_lightpanda_alone: true and live with what Lightpanda cannot judge',
        'one thing to mend.\n',
      ].join('\n'),
    );
    expect(code).toBe(1);
  });
});

describe('a Chromium', () => {
  it('that works sees a page', async () => {
    const { said, code } = await doctor('--chromium-path', chromium);
    expect(said.replaceAll(/\d+ ms/g, '5 ms')).toBe(
      'eyes, by the environment\nok  Chromium  saw a page of our own in 5 ms\nNothing is wrong.\n',
    );
    expect(code).toBe(0);
  });
  it('that runs no scripts does not see it', async () => {
    const path = await program('blind', `exec '${chromium}' "$@" --blink-settings=scriptEnabled=false`);
    const { said, code } = await doctor('--chromium-path', path);
    expect(said).toMatch(
      /^wrong {2}Chromium {2}it does not see a page of our own: the text "Vigil sees this page" /m,
    );
    expect(code).toBe(1);
  }, 60_000);
  it.each([
    [
      'of which a library is missing',
      'echo "chrome: error while loading shared libraries: libnss3.so: cannot open shared object file: No such file or directory" >&2; exit 127',
      /did not start: .*libnss3\.so/,
      'install the library libnss3.so, as the package chromium of your system does',
    ],
    [
      'that may make no sandbox',
      'echo "[1:1:FATAL] No usable sandbox! See the manual" >&2; exit 1',
      /did not start: .*No usable sandbox!/,
      'let it make user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a profile of AppArmor for it',
    ],
    [
      'that is none',
      'exit 3',
      /did not start: it ended with 3/,
      'start it by hand with --headless --dump-dom about:blank, and see what it says',
    ],
  ])('%s', async (name, text, found, cure) => {
    const { said, code } = await doctor('--chromium-path', await program(`chromium ${name}`, text));
    expect(said).toMatch(found);
    expect(said).toContain(`\n       ${cure}\n`);
    expect(code).toBe(1);
  });
  it.each([
    ['where nothing is', async () => join(dir, 'none'), 'install a Chromium, or correct the path'],
    [
      'that may not be executed',
      () => program('plain', '', 0o600),
      'set its execute bit (chmod +x), or correct the path',
    ],
  ])('at a path %s', async (_, path, cure) => {
    expect((await doctor('--chromium-path', await path())).said).toContain(`\n       ${cure}\n`);
  });
});

describe('the command', () => {
  it('goes by vigil.yml, and says it to programs', async () => {
    const settings = (more: string) =>
      writeFile(
        join(dir, '.github/vigil.yml'),
        `v: 1\nworkspace: { template: t, version: 5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11 }\nservices: {}\nbrowser: { lightpanda_path: /nowhere/lightpanda, chromium_path: none${more} }\n`,
      );
    await settings('');
    const { out, err, code } = await vigil(dir, ['doctor', '--json']);
    expect(err).toBe('');
    expect(objects(out)).toMatchObject([
      { type: 'finding', room: 'eyes', what: 'Lightpanda', state: 'wrong', found: 'there is no such file' },
      { type: 'finding', room: 'eyes', what: 'Chromium', state: 'wrong' },
      { type: 'result', ok: false, wrong: 2 },
    ]);
    expect(code).toBe(1);
    await settings(', accepts_lightpanda_alone: true');
    const accepting = objects((await vigil(dir, ['doctor', '--json'])).out);
    expect(accepting.slice(1)).toMatchObject([
      { state: 'note', found: expect.stringContaining("Lightpanda's word counts"), cure: null },
      { type: 'result', ok: false, wrong: 1 },
    ]);
  });
  it('says where nothing can look at all', async () => {
    const { said, code } = await doctor('--chromium-path', 'none');
    expect(said).toContain('no Lightpanda is named: no page can be looked at');
    expect(code).toBe(1);
  });
  it('explains itself', async () => {
    const { out, code } = await vigil(dir, ['doctor', '--help']);
    expect(out).toMatch(/^Usage: npm run -s vigil -- doctor \[ROOM…\][\s\S]*Exit codes: 0 nothing is wrong/);
    expect(code).toBe(0);
    expect((await vigil(dir, ['--help'])).out).toMatch(/^ {2}doctor +look whether/m);
  });
  it.each([
    [['kitchen'], 'vigil doctor: there is no room "kitchen"; there is eyes\n'],
    [
      ['--lightpanda-path', 'a', '--lightpanda-endpoint', 'ws://b'],
      'vigil doctor: --lightpanda-path and --lightpanda-endpoint exclude each other\n',
    ],
    [['--settings', 'none.yml'], /^vigil doctor: .*none\.yml cannot be read: ENOENT/],
  ])('refuses %j', async (args, said) => {
    const { err, code } = await vigil(dir, ['doctor', ...args]);
    expect(err).toMatch(typeof said === 'string' ? new RegExp(`^${said.replaceAll(/[()]/g, '\\$&')}`) : said);
    expect(code).toBe(2);
  });
});
