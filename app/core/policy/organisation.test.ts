// What an organisation sees that writes rules of its own into vigil.yml: findings that name the rule, and never a
// verdict laxer than without them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpus, shopContext } from '../../../test/support/scripts.ts';
import type { Change } from './cool-down.ts';
import { effects } from './effects.ts';
import { judge } from './judge.ts';
import { OrganisationRule } from './organisation.ts';
import type { EffectKind } from './types.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const SCALE = 'kubectl -n shop scale deployment/web --replicas=9';
const base = { name: 'ours', verdict: 'refuse', because: 'We said so.' };

function judged(rule: Record<string, unknown>, script: string, now = NOW, changes: readonly Change[] = []) {
  const rules = [OrganisationRule.parse({ ...base, ...rule })];
  return judge(script, { ...shopContext, organisation: { rules, service: 'shop', now, changes } });
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

  // NOW is Friday, 13:00 in Berlin.
  const berlin = (from: string, to: string, more: object = {}) => [
    { from, to, zone: 'Europe/Berlin', ...more },
  ];
  test.each([
    ['a weekly freeze', { freeze: berlin('fri 12:00', 'mon 06:00') }, SCALE, 'refuse'],
    ['not a weekly freeze that has not begun', { freeze: berlin('fri 18:00', 'mon 06:00') }, SCALE, 'allow'],
    ['the time outside a change window', { change_window: berlin('20:00', '23:00') }, SCALE, 'refuse'],
    ['not the time in a change window', { change_window: berlin('09:00', '17:00') }, SCALE, 'allow'],
    [
      'not the time in one of two change windows',
      { change_window: [...berlin('20:00', '23:00'), ...berlin('12:00', '14:00')] },
      SCALE,
      'allow',
    ],
    ['not who only looks in a freeze', { freeze: berlin('00:00', '24:00') }, 'uptime', 'allow'],
    ['not who only looks on certain dates', { from: '2026-11-27T00:00:00Z' }, 'uptime', 'allow'],
    [
      'a command it names, also if it only looks',
      { freeze: berlin('00:00', '24:00'), command: 'uptime' },
      'uptime',
      'refuse',
    ],
    [
      'a freeze of one service only',
      { freeze: berlin('00:00', '24:00'), service: 'payments' },
      SCALE,
      'allow',
    ],
    [
      'a freeze of the dates it names too',
      { freeze: berlin('00:00', '24:00'), until: '2026-11-27T00:00:00Z' },
      SCALE,
      'allow',
    ],
  ])('of weekly times meets %s', (_name, rule, script, verdict) => {
    expect(judged(rule, script).verdict).toBe(verdict);
  });

  test('names its window, the zone, and when it ends', () => {
    expect(judged({ freeze: berlin('fri 12:00', 'mon 06:00') }, SCALE).findings[0]?.sentence).toBe(
      'The rule ours of vigil.yml refuses this: We said so. The freeze Fri 12:00–Mon 06:00 (Europe/Berlin) ends on Mon 2026-11-30 at 06:00 Europe/Berlin (05:00 UTC).',
    );
    expect(judged({ change_window: berlin('20:00', '23:00') }, SCALE).findings[0]?.sentence).toBe(
      'The rule ours of vigil.yml refuses this: We said so. It is outside the change window every day 20:00–23:00 (Europe/Berlin), which opens on Fri 2026-11-27 at 20:00 Europe/Berlin (19:00 UTC).',
    );
    expect(judged({ until: '2026-12-01T00:00:00Z' }, SCALE).findings[0]?.sentence).toBe(
      'The rule ours of vigil.yml refuses this: We said so. It ends on 2026-12-01 at 00:00 UTC.',
    );
  });

  describe('of a cool-down', () => {
    const change = (more: Partial<Change> = {}): Change => ({
      ...{ incident: 'pd-earlier', service: 'shop', target: 'deployment/web in shop' },
      at: '2026-11-27T11:40:00Z',
      ...more,
    });
    const cool = (words: string, ...changes: Change[]) =>
      judged({ cool_down: words }, SCALE, NOW, changes).verdict;

    test('leaves the target alone for so long, and says since when and until when', () => {
      const { verdict, findings } = judged({ cool_down: '30m' }, SCALE, NOW, [change()]);
      expect(verdict).toBe('refuse');
      expect(findings[0]?.sentence).toBe(
        'The rule ours of vigil.yml refuses this: We said so. deployment/web in shop was changed 20 minutes ago by pd-earlier; it is left alone until 2026-11-27 12:10 UTC.',
      );
    });

    test.each<[string, string, Change[], string]>([
      ['that is over', '20m', [change()], 'allow'],
      ['of which a minute is left', '21m', [change()], 'refuse'],
      ['after no change', '24h', [], 'allow'],
      ['counts from the newest change', '30m', [change({ at: '2026-11-27T01:00:00Z' }), change()], 'refuse'],
      ['of another target', '30m', [change({ target: 'deployment/api in shop' })], 'allow'],
      ['of the same name elsewhere', '30m', [change({ target: 'deployment/web in blog' })], 'allow'],
      ['of the target by a shorter name', '30m', [change({ target: 'deploy/web in shop' })], 'refuse'],
      ['of the target for another service', '30m', [change({ service: 'blog' })], 'refuse'],
      ['after a change of who knows what', '30m', [change({ target: null })], 'refuse'],
      ['after one of who knows what elsewhere', '30m', [change({ target: null, service: 'blog' })], 'allow'],
      ['after a change by a clock that is ahead', '30m', [change({ at: '2026-11-27T12:05:00Z' })], 'refuse'],
    ])('%s', (_, words, changes, verdict) => {
      expect(cool(words, ...changes)).toBe(verdict);
    });

    test('says nothing to who only looks', () => {
      expect(judged({ cool_down: '1h' }, 'kubectl -n shop get deployment/web', NOW, [change()]).verdict).toBe(
        'allow',
      );
    });

    test('knows a flag by the address that switches it back', () => {
      const [off, on] = ['off', 'on'].map((way) => `https://admin.shop.example/flags/pricing/${way}`);
      const rules = [OrganisationRule.parse({ ...base, cool_down: '1h' })];
      const changes = [change({ target: off ?? '' })];
      const actions = [{ id: 'on', method: 'POST' as const, url: on ?? '', effect: 'flag.set' as const }];
      const organisation = { rules, service: 'shop', now: NOW, changes };
      expect(judge(`curl -fsS -X POST ${on}`, { ...shopContext, actions, organisation }).verdict).toBe(
        'refuse',
      );
    });
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
    ['in a zone that does not exist', { freeze: [{ from: '09:00', to: '17:00', zone: 'Europe/Atlantis' }] }],
    ['with no window', { change_window: [] }],
    ['that leaves alone for no time', { cool_down: '0m' }],
    ['that leaves alone for longer than anybody remembers', { cool_down: '25h' }],
    ['that leaves alone for some time', { cool_down: 'a while' }],
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
        freeze: fc.constant([{ from: '09:00', to: '17:00', zone: 'Europe/Berlin' }]),
        change_window: fc.constant([{ from: '18:00', to: '02:00', zone: 'Asia/Tokyo' }]),
        cool_down: fc.constantFrom('1m', '24h'),
      },
      { requiredKeys: ['verdict', 'command'] },
    )
    .map((made) => OrganisationRule.parse({ ...base, ...made }));

  fc.assert(
    fc.property(fc.constantFrom(...scripts), fc.array(rule, { maxLength: 5 }), (script, rules) => {
      const before = judge(script, shopContext);
      const after = judge(script, {
        ...shopContext,
        organisation: { rules, service: 'shop', now: NOW, changes: [] },
      });
      expect(strictness[after.verdict]).toBeGreaterThanOrEqual(strictness[before.verdict]);
      expect(height[after.risk]).toBeGreaterThanOrEqual(height[before.risk]);
      expect(after.commands).toEqual(before.commands);
      expect(after.findings).toEqual(expect.arrayContaining(before.findings));
    }),
    { numRuns: 1_000 },
  );
});
