import { expect, test } from 'vitest';
import { checks } from './engine/checks.ts';
import type { Rule } from './engine/spec.ts';
import { isKind } from './kinds/kinds.ts';
import { tools } from './tools/all.ts';
import { policyVersion } from './version.ts';

function rules(rule: Rule, cases = false): Rule[] {
  return [
    rule,
    ...(cases ? (rule.when ?? []).flatMap((c) => rules(c.rule, true)) : []),
    ...Object.values(rule.subcommands ?? {}).flatMap((sub) => rules(sub, cases)),
  ];
}
const all = tools.flatMap((tool) => rules(tool.rule).map((rule) => ({ names: tool.names, rule })));

test('the version names the engine and the rules', () => {
  expect(policyVersion).toMatch(/^\d+-[0-9a-f]{12}$/);
});

test('every kind and check that a tool names exists', () => {
  const every = tools.flatMap((tool) => rules(tool.rule, true).map((rule) => ({ names: tool.names, rule })));
  const missing = every.flatMap(({ names, rule }) => {
    const kinds = [...(rule.operands ?? []), ...Object.values(rule.values ?? {})].filter(
      (kind) => !isKind(kind),
    );
    return [...kinds, ...(rule.check && !(rule.check in checks) ? [rule.check] : [])].map(
      (name) => `${names}: ${name}`,
    );
  });
  expect(missing).toEqual([]);
});

test('every pattern in the tools is a valid one', () => {
  const patterns = all
    .flatMap(({ rule }) => [...(rule.operands ?? []), ...Object.values(rule.values ?? {})])
    .filter((kind) => /^[?*]?like:/.test(kind));
  expect(patterns.length).toBeGreaterThan(20);
  for (const kind of patterns)
    expect(() => new RegExp(`^(?:${kind.replace(/^[?*]?like:/, '')})$`)).not.toThrow();
});

/** Checks that say themselves what is changed. */
const naming = new Set(
  'workload workloads scale-workload set-image set-env set-resources patch-autoscaler delete-pod job-from images broker celery'.split(
    ' ',
  ),
);

test('no name is described twice, and what changes something says what', () => {
  const names = tools.flatMap((tool) => tool.names.split(' '));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);

  const vague = all.filter(({ rule }) => {
    if (!rule.effect || rule.effect === 'read') return false;
    const kinds = [...(rule.operands ?? []), ...Object.values(rule.values ?? {})].map((kind) =>
      kind.replace(/^[?*]/, ''),
    );
    return (
      !naming.has(rule.check ?? '') &&
      !kinds.some((kind) => /^(target|program|rotation|write|remove)$/.test(kind))
    );
  });
  expect(vague.map(({ names: tool, rule }) => `${tool}: ${rule.effect}`)).toEqual([]);
});
