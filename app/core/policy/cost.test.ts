// What a change costs beyond its effect, as the inventory says it: a restart of the only one, a fix that somebody sets back.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpus, shopContext } from '../../../test/support/scripts.ts';
import { judge } from './judge.ts';
import { factsOf, type TargetInventory } from './target-facts.ts';
import type { JudgedCommand, PolicyContext } from './types.ts';

const RESTART = 'kubectl -n shop rollout restart deployment/web';
const scale = (to: number | string) => `kubectl -n shop scale deployment/web --replicas=${to}`;
const actions: PolicyContext['actions'] = [
  { id: 'purge-all', method: 'POST', url: 'https://admin.example/cache', effect: 'cache.purge' },
  { id: 'purge-page', method: 'POST', url: 'https://admin.example/page', effect: 'cache.purge' },
  { id: 'restart-workers', method: 'POST', url: 'https://admin.example/workers', effect: 'workers.restart' },
];
const parameters = { ...shopContext.parameters, INSTANCE: 'i-0abc', GROUP: 'shop-asg', ZONE: 'E123' };
const judged = (script: string, targets: TargetInventory = {}) =>
  judge(script, { ...shopContext, parameters, actions, targets });
const told = (script: string, targets?: TargetInventory) => {
  const { verdict, risk, costs = [] } = judged(script, targets);
  return { verdict, risk, said: costs.map(({ sentence }) => sentence) };
};
const post = (path: string) => `curl -fsS -X POST https://admin.example/${path}`;

describe('a restart', () => {
  test('of one among many, which holds nothing, is LOW', () => {
    expect(told(RESTART, { replicas: 4, stateful: false })).toEqual({
      verdict: 'allow',
      risk: 'LOW',
      said: [],
    });
    expect(told(RESTART)).toEqual({ verdict: 'allow', risk: 'LOW', said: [] });
  });
  test('of the only one is MEDIUM, and says why', () => {
    expect(told(RESTART, { replicas: 1 })).toEqual({
      verdict: 'allow',
      risk: 'MEDIUM',
      said: ['It restarts deployment/web in shop, the only one there is: nobody is served until it is back.'],
    });
  });
  test('of what holds state is MEDIUM, and says why', () => {
    expect(told(RESTART, { stateful: true, replicas: 3 })).toEqual({
      verdict: 'allow',
      risk: 'MEDIUM',
      said: [
        'It restarts deployment/web in shop, which holds state: what it has in memory is lost, and who is connected is cut off.',
      ],
    });
  });
  test.each([
    ['of a unit', 'systemctl restart nginx'],
    ['by an action', post('workers')],
    ['in a function', `again() { ${RESTART}; }\nagain`],
    ['behind a wrapper', `timeout 60 ${RESTART}`],
  ])('%s is one too', (_, script) => {
    expect(judged(script, { replicas: 1 }).risk).toBe('MEDIUM');
  });
  test('of one target is not of another', () => {
    const db = { name: 'statefulset/db', stateful: true };
    const web = { name: 'deployment/web', replicas: 1 };
    expect(judged(RESTART, { targets: [db] }).risk).toBe('LOW');
    expect(judged(RESTART, { targets: [db, web] }).risk).toBe('MEDIUM');
    expect(judged(RESTART, { stateful: true, targets: [{ name: 'web', stateful: false }] }).risk).toBe('LOW');
    expect(judged(post('workers'), { targets: [{ name: 'restart-workers', replicas: 1 }] }).risk).toBe(
      'MEDIUM',
    );
  });
  test('that is only looked for costs nothing', () => {
    expect(told('kubectl -n shop get deployment/web', { replicas: 1, managed_by: 'flux' }).said).toEqual([]);
  });
});

describe('a scale', () => {
  test.each<[number, number | undefined, string, string[]]>([
    [9, 4, 'MEDIUM', []],
    [4, 4, 'MEDIUM', []],
    [2, 4, 'MEDIUM', ['It scales deployment/web in shop down to 2, of which 4 run as a rule.']],
    [
      1,
      4,
      'HIGH',
      [
        'It leaves 1 of deployment/web in shop, of which 4 run as a rule: when that one fails, nobody is served.',
      ],
    ],
    [1, undefined, 'HIGH', ['It leaves 1 of deployment/web in shop: when that one fails, nobody is served.']],
    [1, 1, 'HIGH', []],
  ])('to %d of %s is %s', (to, replicas, risk, said) => {
    expect(told(scale(to), replicas === undefined ? {} : { replicas })).toMatchObject({ risk, said });
  });
});

describe('what goes further than its effect', () => {
  test.each([
    ['aws ec2 reboot-instances --instance-ids i-0abc', 'restarts a whole machine'],
    ['aws autoscaling start-instance-refresh --auto-scaling-group-name shop-asg', 'replaces every machine'],
    ["aws cloudfront create-invalidation --distribution-id E123 --paths '/*'", 'purges everything'],
    [post('cache'), 'purges everything'],
    [`${post('page')} -d '{"purge_everything":true}'`, 'purges everything'],
  ])('%s', (script, words) => {
    const { verdict, risk, said } = told(script);
    const refresh = script.includes('refresh');
    expect({ verdict, risk }).toEqual(
      refresh ? { verdict: 'review', risk: 'HIGH' } : { verdict: 'allow', risk: 'MEDIUM' },
    );
    expect(said).toEqual([expect.stringContaining(words)]);
  });
  test.each([
    'aws cloudfront create-invalidation --distribution-id E123 --paths /images/a.png',
    post('page'),
  ])('not %s', (script) => {
    expect(told(script)).toEqual({ verdict: 'allow', risk: 'LOW', said: [] });
  });
});

describe('a target that something manages', () => {
  const repository = 'https://github.com/acme/deploy';
  test.each<[string, TargetInventory, string, number | undefined]>([
    [
      'by Argo CD that heals itself',
      { managed_by: 'argocd', repository, self_heal: true, reconcile: '3m' },
      `deployment/web in shop is managed by Argo CD from ${repository}, which sets this back within 3m. The lasting fix belongs into ${repository}.`,
      180,
    ],
    [
      'by Argo CD that does not',
      { managed_by: 'argocd', repository },
      `deployment/web in shop is managed by Argo CD from ${repository}: the next sync sets this back. The lasting fix belongs into ${repository}.`,
      undefined,
    ],
    [
      'by Flux, which heals unless told otherwise',
      { managed_by: 'flux' },
      'deployment/web in shop is managed by Flux, which sets this back within 10m. The lasting fix belongs into what Flux reads.',
      600,
    ],
    [
      'by Flux that was told otherwise',
      { managed_by: 'flux', self_heal: false },
      'deployment/web in shop is managed by Flux: the next sync sets this back. The lasting fix belongs into what Flux reads.',
      undefined,
    ],
    [
      'by Helm',
      { managed_by: 'helm', repository: 'acme/charts' },
      'deployment/web in shop is managed by Helm from acme/charts: the next upgrade of its release sets this back. The lasting fix belongs into acme/charts.',
      undefined,
    ],
  ])('%s', (_, targets, sentence, reconcile) => {
    const { verdict, risk, costs } = judged(scale(9), targets);
    expect({ verdict, risk }).toEqual({ verdict: 'allow', risk: 'MEDIUM' });
    expect(costs).toEqual([
      { line: 1, code: 'managed', risk: null, sentence, ...(reconcile ? { reconcile_s: reconcile } : {}) },
    ]);
  });
  test('is said to be so of a restart, of which nothing is set back', () => {
    expect(judged(RESTART, { managed_by: 'argocd', self_heal: true }).costs).toEqual([
      {
        ...{ line: 1, code: 'managed', risk: null },
        sentence:
          'deployment/web in shop is managed by Argo CD, which finds nothing to set back once this is done.',
      },
    ]);
  });
  test('is told once, however often it is changed', () => {
    expect(told(`${scale(8)}\n${scale(9)}`, { managed_by: 'flux' }).said).toHaveLength(1);
  });
});

test('a target that is known only at run time may be any of the service', () => {
  const command: JudgedCommand = {
    ...{ line: 1, column: 1, argv: ['systemctl', 'restart', '$UNIT'], effect: 'service.restart' },
    ...{ target: '$UNIT', selfRestoring: true },
  };
  const targets = [
    { name: 'nginx', replicas: 3, stateful: false },
    { name: 'postgresql', replicas: 1, stateful: true, managed_by: 'helm' as const },
  ];
  expect(factsOf(command, { replicas: 2, targets })).toEqual({
    ...{ managed_by: 'helm', replicas: 1, stateful: true },
  });
  expect(factsOf({ ...command, target: 'nginx' }, { replicas: 2, targets })).toEqual({
    ...{ replicas: 3, stateful: false },
  });
});

test('no inventory makes a verdict another one, a risk lower or a finding disappear', () => {
  const height = { LOW: 0, MEDIUM: 1, HIGH: 2 };
  const scripts = [...corpus('dangerous'), ...corpus('safe')].map(({ script }) => script);
  const facts = {
    managed_by: fc.constantFrom('argocd', 'flux', 'helm'),
    self_heal: fc.boolean(),
    stateful: fc.boolean(),
    replicas: fc.integer({ min: 1, max: 9 }),
  } as const;
  const inventory = fc.record(
    {
      ...facts,
      targets: fc.array(
        fc.record({ name: fc.constantFrom('*', 'web', 'nginx'), ...facts }, { requiredKeys: ['name'] }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(...scripts), inventory, (script, targets) => {
      const before = judge(script, shopContext);
      const after = judge(script, { ...shopContext, targets });
      expect(after.verdict).toBe(before.verdict);
      expect(height[after.risk]).toBeGreaterThanOrEqual(height[before.risk]);
      expect(after.commands).toEqual(before.commands);
      expect(after.findings).toEqual(before.findings);
    }),
    { numRuns: 1_000 },
  );
});
