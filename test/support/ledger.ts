// A ledger that the real adapter wrote into a bare repository, signed where that can be done, with two incidents. For tests of the audit.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openLedger } from '#adapters/git/ledger';
import type { Fact } from '#core/ledger/facts';
import { fact } from './incidents.ts';

const run = promisify(execFile);

/** git signs by this program. Without it ledgers are not signed, and what is said of signatures is not tried. */
export const canSign = spawnSync('ssh-keygen', ['-?']).error === undefined;
if (!canSign) process.stderr.write('NOT TRIED: signatures of the ledger, since ssh-keygen is not here\n');

/** `dir` holds ledger.git, the file `signers`, and whatever a test puts beside them. */
export type TestLedger = { dir: string; bare: string; key: string; remove(): Promise<void> };

const opened = (id: string): Fact =>
  fact('incident.opened', {
    key: `pd-${id.toLowerCase()}`,
    pagerduty: { id, number: 7, url: null },
    service: { id: 'PSHOP01', name: 'shop' },
    title: 'Checkout fails \u001b[31mnow',
  });
const facts: Fact[] = [
  { type: 'issue.opened', data: { number: 12, url: 'https://github.test/issues/12' } },
  { type: 'investigation.started', data: { run: { id: 5, url: 'https://github.test/runs/5' } } },
  { type: 'hypothesis.received', data: { source: 'alert', text: 'The cache is poisoned', evidence: [] } },
  { type: 'context.retrieved', data: { matches: [], threshold: 85 } },
];

/** Five records of pd-q1abcd (issue 12), the one record of pd-other1 between them. */
export async function writeLedger(): Promise<TestLedger> {
  const dir = await mkdtemp(join(tmpdir(), 'audit-test-'));
  const bare = join(dir, 'ledger.git');
  const key = 'pd-q1abcd';
  const by = 'vigil[bot]@users.noreply.github.com';
  const signingKey = canSign ? await makeKey(dir, 'key', 'signers', by) : null;
  await run('git', ['init', '--quiet', '--bare', bare]);
  const ledger = await openLedger({
    dir: join(dir, 'app'),
    url: bare,
    credentials: async () => null,
    signingKey,
  });
  const append = async (of: string, fact: Fact) => {
    const at = new Date('2026-11-03T02:14:00Z');
    const done = await ledger.append(of, () => ({ facts: [fact], actor: { kind: 'app' }, at }));
    if (!done.ok) throw new Error(done.reason);
  };
  await append(key, opened('Q1ABCD'));
  await append('pd-other1', opened('OTHER1'));
  for (const fact of facts) await append(key, fact);
  return { dir, bare, key, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Makes an SSH key and a file that allows it to sign for `email`; gives the public key's path. */
export async function makeKey(dir: string, name: string, signers: string, email: string): Promise<string> {
  const path = join(dir, name);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  await writeFile(join(dir, signers), `${email} ${(await readFile(`${path}.pub`, 'utf8')).trim()}\n`);
  return `${path}.pub`;
}
