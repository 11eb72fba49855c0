import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { print } from '../app/core/policy/plain/print.ts';
import { readScript } from '../app/core/policy/plain/read.ts';
import { corpus, repairs } from './support/scripts.ts';

const bash = (text: string) => {
  writeFileSync('/tmp/p/w.sh', text);
  const r = spawnSync('bash', ['--noprofile', '--norc', '--pretty-print', '/tmp/p/w.sh'], {
    encoding: 'utf8',
  });
  return r.status === 0 ? r.stdout.replace(/^\s*\n/gm, '') : `ERR ${r.stderr}`;
};
let plain = 0,
  same = 0;
const shown: string[] = [];
const all = [
  ...corpus('safe'),
  ...corpus('dangerous'),
  ...(repairs as any)('unseen'),
  ...(repairs as any)('yes'),
];
for (const { id, script } of all as any) {
  const { body, problems } = readScript(script);
  if (problems.length) continue;
  plain++;
  const p = print(body);
  const [a, b] = [bash(script), bash(p)];
  if (a === b) same++;
  else if (shown.length < 12) shown.push(`--- ${id}\n${script}\n>>> print\n${p}\n>>> a\n${a}\n>>> b\n${b}`);
}
console.log(all.length, 'plain', plain, 'same', same);
console.log(shown.join('\n').slice(0, 9000));
