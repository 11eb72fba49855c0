// Holds docs/checks.md to the parser: every kind has its part, its example is taken, and the runbooks it names use the kind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { splitRunbook } from '#core/knowledge/runbook';
import { parseVerifyPlan } from '#core/verification/plan';
import { root } from './support/files.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/checks.md');
const parts = page.split(/^## /m).slice(1);
const titled = parts.map((part) => [part.split('\n')[0] ?? '', part] as const);
const schema: unknown = JSON.parse(read('docs/schemas/verify.schema.json'));
/** As the schema of the product names them. */
const kinds = [...JSON.stringify(schema).matchAll(/"kind":\{"type":"string","const":"(\w+)"\}/g)].map(
  ([, kind = '']) => kind,
);
const OTHER = { id: 'other', kind: 'http', url: '{SHOP_URL}/' };

/** The checks of a part's examples. */
const examples = (part: string): { id: string; kind: string }[] =>
  [...part.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(
    ([, text = '']) => load(text) as { id: string; kind: string }[],
  );

describe('docs/checks.md', () => {
  it('has a part for each kind there is, and no other', () => {
    expect(kinds.length).toBeGreaterThan(5);
    expect(titled.map(([title]) => title).toSorted()).toEqual(kinds.toSorted());
  });

  it.each(titled)('shows of %s what the parser takes', (kind, part) => {
    const checks = examples(part);
    expect(checks.length).toBeGreaterThan(0);
    expect(new Set(checks.map((check) => check.kind))).toEqual(new Set([kind]));
    const symptom = { checks: checks.map(({ id }) => id) };
    const plan = { v: 1, checks: [...checks, OTHER], symptom, settle: { within: '10m' } };
    const parsed = parseVerifyPlan(plan);
    expect(parsed.ok ? null : parsed.reason).toBeNull();
  });

  it('names runbooks that use the kind', () => {
    const rows = [...page.matchAll(/^\| \[(\w+)\].*$/gm)];
    expect(rows.map(([, kind]) => kind)).toEqual(titled.map(([title]) => title));
    const named = rows.flatMap(([row, kind = '']) =>
      [...row.matchAll(/\]\(\.\.\/(runbooks\/[\w-]+\.md)\)/g)].map(([, path = '']) => [kind, path] as const),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter(([kind, path]) => !kindsOf(path).includes(kind))).toEqual([]);
  });
});

function kindsOf(path: string): string[] {
  const split = splitRunbook(read(path));
  const verify = split.ok ? split.fences.find(({ info }) => info === 'yaml verify') : undefined;
  const { checks } = load(verify?.text ?? '{ checks: [] }') as { checks: { kind: string }[] };
  return checks.map(({ kind }) => kind);
}
