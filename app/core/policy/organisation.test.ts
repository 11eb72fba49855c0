// What an organisation sees that writes rules of its own into vigil.yml: findings that name the rule, and never a
// verdict laxer than without them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpus, shopContext } from '../../../test/support/scripts.ts';
import { effects } from './effects.ts';
import { judge } from './judge.ts';
import { OrganisationRule } from './organisation.ts';
import type { EffectKind } from './types.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const SCALE = 'kubectl -n shop scale deployment/web --replicas=9';
const base = { name: 'ours', verdict: 'refuse', because: 'We said so.' };

function judged(rule: Record<string, unknown>, script: string, now = NOW) {
  const rules = [OrganisationRule.parse({ ...base, ...rule })];
  return judge(script, { ...shopContext, organisation: { rules, service: 'shop', now } });
}

describe('a rule', () => {
  test('is named in its finding, at the command it is about', () => {
    const { verdict, findings } = judged({ effect: 'scale' }, `uptime\n${SCALE}`);

    expect(verdict).toBe('refuse');
    expect(findings).toEqual([
      {
        line: 2,
        column: 1,
        command: 'kubectl -n shop scale deployment/web --replicas=9',
        level: 'refuse',
        code: 'organisation',
        sentence: 'The rule ours of vigil.yml refuses this: We said so.',
      },
    ]);
  });

  test.each([
    ['a command and its subcommand, options between', { command: 'kubectl scale' }, SCALE, 'refuse'],
    ['a command behind a wrapper', { command: 'kubectl scale' }, `timeout 60 ${SCALE}`, 'refuse'],
    ['a command by its full path', { command: 'kubectl' }, `/usr/bin/${SCALE}`, 'refuse'],
    ['a command in a substitution', { command: 'hostname' }, 'echo "$(hostname)"', 'refuse'],
    ['a word put together at run time', { command: 'ls secret-*' }, 'ls "$(hostname)"', 'refuse'],
    ['not another subcommand', { command: 'kubectl delete' }, SCALE, 'allow'],
    ['one of several effects', { effect: ['deploy', 'scale'] }, SCALE, 'refuse'],
    ['not another effect', { effect: 'deploy' }, SCALE, 'allow'],
    ['a target by pattern', { target: 'deployment/w*' }, SCALE, 'refuse'],
    ['a target by its name alone', { target: 'web' }, SCALE, 'refuse'],
    ['a target by its namespace', { target: 'shop' }, SCALE, 'refuse'],
    ['not what is only looked at', { target: 'web' }, 'kubectl -n shop logs deploy/web', 'allow'],
    ['the service', { service: ['shop', 'payments'] }, 'uptime', 'refuse'],
    ['not another service', { service: 'payments' }, SCALE, 'allow'],
    ['too many replicas', { replicas_over: 8 }, SCALE, 'refuse'],
    ['not few enough replicas', { replicas_over: 9 }, SCALE, 'allow'],
    ['a harsher form of the effect', { effect: 'service.restart' }, 'az vm restart -g shop -n web', 'refuse'],
    ['another one too', { effect: 'scale' }, SCALE.replace('=9', '=1'), 'refuse'],
    [
      'too many replicas of an autoscaler',
      { replicas_over: 8 },
      `kubectl patch hpa web -n shop -p '{"spec":{"maxReplicas":9}}'`,
      'refuse',
    ],
    [
      'not few enough of them',
      { replicas_over: 9 },
      `kubectl patch hpa web -n shop -p '{"spec":{"minReplicas":2,"maxReplicas":9}}'`,
      'allow',
    ],
    ['all its conditions only', { effect: 'scale', service: 'payments' }, SCALE, 'allow'],
    ['a freeze that holds', { from: '2026-11-27T00:00:00Z', until: '2026-11-28T00:00:00Z' }, SCALE, 'refuse'],
    ['not a freeze that is over', { until: '2026-11-27T00:00:00Z' }, SCALE, 'allow'],
    ['not a freeze to come', { from: '2026-11-27T12:00:00.001Z' }, SCALE, 'allow'],
  ])('meets %s', (_name, rule, script, verdict) => {
    expect(judged(rule, script).verdict).toBe(verdict);
  });

  test('may ask for a person instead of refusing, and raises the risk with that', () => {
    expect(judged({ verdict: 'review', command: 'uptime' }, 'uptime')).toMatchObject({
      verdict: 'review',
      risk: 'MEDIUM',
    });
  });

  test.each([
    ['without a condition', {}],
    ['that ends before it begins', { from: '2026-11-28T00:00:00Z', until: '2026-11-27T00:00:00Z' }],
    ['that allows', { verdict: 'allow', command: 'rm' }],
    ['with a key nobody knows', { comand: 'rm' }],
    ['about an effect that does not exist', { effect: 'scaling' }],
  ])('%s is no rule', (_name, rule) => {
    expect(OrganisationRule.safeParse({ ...base, ...rule }).success).toBe(false);
  });
});

test('no set of rules makes a verdict laxer, a risk lower or a finding disappear', () => {
  const strictness = { allow: 0, review: 1, refuse: 2 };
  const height = { LOW: 0, MEDIUM: 1, HIGH: 2 };
  const scripts = [...corpus('dangerous'), ...corpus('safe')].map(({ script }) => script);
  const words = fc.constantFrom('kubectl', 'curl', 'ls *', 'systemctl restart', '*', 'shop', 'web*', 'nginx');
  const rule = fc
    .record(
      {
        verdict: fc.constantFrom('review', 'refuse'),
        command: words,
        effect: fc.constantFrom(...(Object.keys(effects) as EffectKind[])),
        target: words,
        service: words,
        replicas_over: fc.nat(60),
        until: fc.constantFrom('2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'),
      },
      { requiredKeys: ['verdict', 'command'] },
    )
    .map((made) => OrganisationRule.parse({ ...base, ...made }));

  fc.assert(
    fc.property(fc.constantFrom(...scripts), fc.array(rule, { maxLength: 5 }), (script, rules) => {
      const before = judge(script, shopContext);
      const after = judge(script, { ...shopContext, organisation: { rules, service: 'shop', now: NOW } });
      expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict]);
      expect(height[after.risk]).toBeGreaterThanOrEqual(height[before.risk]);
      expect(after.commands).toEqual(before.commands);
      expect(after.findings).toEqual(expect.arrayContaining(before.findings));
    }),
    { numRuns: 1_000 },
  );
});
