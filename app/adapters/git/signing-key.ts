// Whether git can sign with an SSH key, found out at the start and not at the first fact: it signs something.
// Must never wait for a passphrase, and never give anything of the key.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { gitEnvironment } from './clone.ts';

export type KeyRefusal =
  | 'absent'
  | 'unreadable'
  | 'public'
  | 'locked'
  | 'open to others'
  | 'no key'
  | 'no ssh-keygen';

const PATIENCE_MS = 10_000;
const PUBLIC = /^(ssh-|ecdsa-|sk-)\S+ |^-----BEGIN [A-Z ]*PUBLIC KEY|^---- BEGIN SSH2 PUBLIC KEY/m;

/** Null: git can sign with it. https://git-scm.com/docs/git-config#Documentation/git-config.txt-usersigningKey */
export async function refusalOfKey(path: string): Promise<KeyRefusal | null> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : code === 'EISDIR' ? 'no key' : 'unreadable';
  }
  if (/PRIVATE KEY-----/.test(text)) return isLocked(text) ? 'locked' : signsWith(path);
  return PUBLIC.test(text) ? 'public' : 'no key';
}

/** https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key: the first name in it is that of its cipher. */
function isLocked(text: string): boolean {
  const own = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  if (own === undefined) return /\bENCRYPTED\b/.test(text);
  const bytes = Buffer.from(own, 'base64');
  const start = 'openssh-key-v1\0'.length;
  if (bytes.length < start + 4) return false;
  return bytes.toString('latin1', start + 4, start + 4 + bytes.readUInt32BE(start)) !== 'none';
}

function signsWith(path: string): Promise<KeyRefusal | null> {
  return new Promise((resolve) => {
    const env = { ...gitEnvironment(), SSH_ASKPASS_REQUIRE: 'never' };
    const child = spawn('ssh-keygen', ['-Y', 'sign', '-n', 'git', '-f', path], {
      ...{ env, detached: true, timeout: PATIENCE_MS },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 4000);
    });
    child.stdin.on('error', () => undefined); // it may refuse before it has read what it is to sign
    child.stdin.end('Vigil\n');
    child.on('error', () => resolve('no ssh-keygen'));
    child.on('close', (code) => {
      if (code === 0) resolve(null);
      else resolve(/UNPROTECTED PRIVATE KEY|bad permissions/i.test(said) ? 'open to others' : 'no key');
    });
  });
}
