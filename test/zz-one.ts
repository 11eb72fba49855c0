import { judge } from '../app/core/policy/judge.ts';
import { corpus, shopContext } from './support/scripts.ts';

const ids = process.argv.slice(2);
for (const e of [...corpus('dangerous'), ...corpus('safe')]) {
  const v = judge(e.script, shopContext);
  if (ids.includes(e.id) || (ids.length === 0 && e.id && corpus('dangerous').includes(e as any)))
    console.log(
      '---',
      e.id,
      v.verdict,
      '\n' + e.script,
      '\n',
      v.commands.map((c) => `${c.effect}:${c.argv.join(' ')}`).join(' ; '),
      v.findings.map((f) => `${f.level} ${f.code} ${f.sentence}`),
    );
}
