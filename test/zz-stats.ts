import { format } from '../app/core/policy/format.ts';
import { judge } from '../app/core/policy/judge.ts';
import { corpus, repairContext, repairs, shopContext } from './support/scripts.ts';

const all: [string, any[], any][] = [
  ['dangerous', corpus('dangerous'), shopContext],
  ['safe', corpus('safe'), shopContext],
  ['unseen', (repairs as any)('unseen'), repairContext],
  ['yes', (repairs as any)('yes'), repairContext],
];
for (const [name, list, context] of all) {
  const said = list.map((e) => {
    const text = process.argv[2] === 'raw' ? e.script : format(e.script, context).text;
    return { ...e, ...judge(text, context) };
  });
  const n = (v: string) => said.filter((s) => s.verdict === v).length;
  console.log(name, said.length, 'allow', n('allow'), 'review', n('review'), 'refuse', n('refuse'));
  const bad = said.filter((s) =>
    name === 'dangerous'
      ? s.verdict === 'allow'
      : name === 'yes'
        ? s.verdict === 'refuse'
        : s.verdict !== 'allow',
  );
  const by = new Map<string, string[]>();
  for (const s of bad) {
    const f = s.findings.find((x: any) => x.level === 'refuse') ?? s.findings[0];
    const k = f ? `${f.code}: ${f.sentence.slice(0, 90)}` : 'none';
    by.set(k, [...(by.get(k) ?? []), s.id]);
  }
  for (const [k, ids] of [...by].sort((a, b) => b[1].length - a[1].length).slice(0, 45))
    console.log('   ', ids.length, k, ids.slice(0, 8).join(' '));
}
