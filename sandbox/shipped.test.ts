// Without bubblewrap a script runs when its exact bytes are the demo's own, and with one byte more or less it does not.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bindParameters, renderScript } from '#core/proposal/remediation';
import { scenarios } from './scenarios/all.ts';
import { shippedRunbooks, vouchedScripts, withShop } from './shipped.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const runbooks = await shippedRunbooks(join(import.meta.dirname, '..'));
const inventory = Object.fromEntries(
  runbooks
    .flatMap(({ remediation }) => remediation?.parameters ?? [])
    .map((name) => [name, `http://127.0.0.1/${name}`]),
);
const pushes = scenarios.flatMap(({ world }) => world?.pushes ?? []);

test('the addresses of this world take the place of the shipped ones, whatever their ports begin with', () => {
  const shop = { url: 'http://127.0.0.1:46013', admin: 'http://127.0.0.1:46001' };
  const shipped = 'a: http://127.0.0.1:4600/x\nb: http://127.0.0.1:4601\nc: http://127.0.0.1:46000';
  expect(withShop(shipped, shop)).toBe(
    'a: http://127.0.0.1:46013/x\nb: http://127.0.0.1:46001\nc: http://127.0.0.1:46000',
  );
});

test('what a scenario declares is vouched for, byte for byte', () => {
  expect(pushes).toHaveLength(1);
  for (const { runbook, line } of pushes) {
    const { remediation } = runbooks.find(({ id }) => id === runbook) ?? {};
    const vouched = vouchedScripts(runbooks, inventory, pushes);
    const bound = bindParameters(remediation?.parameters ?? [], inventory);
    if (!remediation || !bound.ok) throw new Error(`there is no fix of ${runbook}`);
    const fix = renderScript(remediation.fix, bound.parameters);
    expect([vouched.has(sha(fix)), vouched.has(sha(fix + line))]).toEqual([true, true]);
    const others = [
      fix + line.trimEnd(),
      `${fix}${line}\n`,
      `${fix}${line} `,
      `${fix}${line}${line}`,
      `${line}${fix}`,
      fix + line.replace('queue', 'Queue'),
      `${fix}${line}curl http://127.0.0.1/\n`,
      fix.replace('pipefail', 'pipefail '),
      line,
    ];
    for (const other of others) expect.soft(vouched.has(sha(other)), other.slice(-80)).toBe(false);
    for (let at = 0; at < line.length; at += 1) {
      const flipped = line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ 1) + line.slice(at + 1);
      expect.soft(vouched.has(sha(fix + flipped)), flipped).toBe(false);
    }
  }
});

test('nothing is vouched for that a scenario does not declare, or for another runbook', () => {
  const own = vouchedScripts(runbooks, inventory, []);
  const declared = vouchedScripts(runbooks, inventory, [{ runbook: 'no-such-runbook', line: 'true\n' }]);
  expect(declared).toEqual(own);
});
