// Holds the undo to the fix: what lasts has its inverse on the same object, and nothing that only looks like one counts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codesLeft as codes, left, post } from '../../../test/support/undoing.ts';
import { judge } from './judge.ts';

/** Lasting acts with a proper inverse, an inverse of another object, and a command that does nothing. */
type Pair = { fix: string; undo: string; stray: string };
const pairs: readonly Pair[] = [
  {
    fix: 'kubectl scale deployment/web --namespace shop --replicas=9',
    undo: 'kubectl scale deploy web -n shop --replicas 6',
    stray: 'kubectl scale deployment/web --namespace pay --replicas=6',
  },
  {
    fix: 'kubectl rollout undo deployment/api --namespace shop',
    undo: 'kubectl rollout undo deployments.apps/api -n shop',
    stray: 'kubectl rollout undo statefulset/api --namespace shop',
  },
  {
    fix: 'kubectl rollout pause deployment/api -n pay',
    undo: 'kubectl rollout resume deployment/api -n pay',
    stray: 'kubectl rollout resume deployment/api -n shop',
  },
  { fix: 'kubectl cordon node-1', undo: 'kubectl uncordon node-1', stray: 'kubectl uncordon node-2' },
  {
    fix: 'kubectl drain node-2 --ignore-daemonsets',
    undo: 'kubectl uncordon node-2',
    stray: 'kubectl uncordon other',
  },
  { fix: 'systemctl stop nginx', undo: 'systemctl start nginx.service', stray: 'systemctl start redis' },
  { fix: 'docker stop redis', undo: 'docker restart redis', stray: 'docker restart other' },
  { fix: 'systemctl start redis', undo: 'systemctl stop redis', stray: 'systemctl stop other' },
  {
    fix: 'helm rollback pay 7 -n shop',
    undo: 'helm rollback pay 8 --namespace shop',
    stray: 'helm rollback pay 8 -n pay',
  },
  {
    fix: 'aws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 9 --region eu-west-1',
    undo: 'aws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 6 --region eu-west-1',
    stray:
      'aws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 6 --region us-east-1',
  },
  {
    fix: 'kubectl set image deployment/web web=registry/web:2 -n shop',
    undo: 'kubectl set image deploy/web web=registry/web:1 -n shop',
    stray: 'kubectl set image deployment/web side=registry/side:1 -n shop',
  },
  {
    fix: 'kubectl set env deployment/api LOG_LEVEL=debug -n shop',
    undo: 'kubectl set env deployment/api LOG_LEVEL=info -n shop',
    stray: 'kubectl set env deployment/api CACHE=off -n shop',
  },
  {
    fix: 'kubectl set resources deployment/other --limits=memory=2Gi -n shop',
    undo: 'kubectl set resources deployment/other --limits=memory=1Gi -n shop',
    stray: 'kubectl set resources deployment/other --requests=memory=1Gi -n shop',
  },
  {
    fix: `kubectl patch hpa web -n shop --type merge -p '{"spec":{"maxReplicas":12}}'`,
    undo: `kubectl patch hpa/web -n shop --type json --patch '[{"op":"replace","path":"/spec/maxReplicas","value":8}]'`,
    stray: `kubectl patch hpa web -n shop --type json -p '[{"op":"add","path":"/spec/maxReplicas","value":12}]'`,
  },
  {
    fix: 'kubectl scale deployment/api --namespace pay --replicas=6',
    undo: 'kubectl scale deployment/api --namespace pay --replicas=1',
    stray: 'kubectl scale deployment/other --namespace pay --replicas=1',
  },
  {
    fix: 'aws lambda update-alias --function-name other --name live --function-version 4',
    undo: 'aws lambda update-alias --function-name other --name live --function-version 3',
    stray: 'aws lambda update-alias --function-name other --name beta --function-version 3',
  },
  {
    fix: 'aws ecs update-service --cluster shop --service api --task-definition api:4',
    undo: 'aws ecs update-service --cluster shop --service api --task-definition api:3',
    stray: 'aws ecs update-service --cluster shop --service web --task-definition web:3',
  },
  { fix: post('/flags/pricing/off'), undo: post('/flags/pricing/on'), stray: post('/flags/search/on') },
  { fix: post('/guards/orders', 'PUT'), undo: post('/guards/orders', 'DELETE'), stray: post('/flags/18/on') },
  { fix: post('/config/pool-size/50'), undo: post('/config/pool-size/20'), stray: post('/flags/18/on') },
  { fix: post('/traffic/west'), undo: post('/traffic/east'), stray: post('/traffic/north') },
];
const some = fc.uniqueArray(fc.integer({ min: 0, max: pairs.length - 1 }), { minLength: 1, maxLength: 5 });
const pick = (at: readonly number[]): Pair[] => at.flatMap((index) => pairs[index] ?? []);
const harmless = fc.array(
  fc.constantFrom(
    'echo hello',
    'sleep 1',
    'kubectl rollout status deployment/api -n shop --timeout=60s',
    post('/cache/purge'),
  ),
  { maxLength: 3 },
);

describe('an undo', () => {
  test('covers a fix when each lasting act has its inverse, in any order, between anything that restores itself', () => {
    fc.assert(
      fc.property(some, harmless, harmless, fc.boolean(), (at, before, between, turned) => {
        const chosen = pick(at);
        const fix = [...before, ...chosen.map((pair) => pair.fix), ...between];
        const undo = [...between, ...chosen.map((pair) => pair.undo), ...before];
        expect(left(fix, turned ? undo.toReversed() : undo)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('does not cover it when one inverse is dropped, replaced by words, aimed elsewhere or may be left out', () => {
    const spoil: readonly ((pair: Pair) => string[])[] = [
      () => [],
      ({ undo }) => [`echo "${undo}"`],
      ({ undo }) => [`# ${undo}`],
      () => ['true'],
      () => [':'],
      ({ stray }) => [stray],
      ({ fix }) => (fix.includes('rollout undo') ? [] : [fix]),
      ({ undo }) => [`${undo} || true`],
      ({ undo }) => [`false && ${undo}`, 'echo done'],
      ({ undo }) => ['if false; then', undo, 'fi'],
      ({ undo }) => ['if true; then :; else', undo, 'fi'],
      ({ undo }) => ['for ((i = 0; i < 0; i++)); do', undo, 'done'],
      ({ undo }) => ['while false; do', undo, 'done'],
      ({ undo }) => ['case x in y)', undo, ';; esac'],
      ({ undo }) => ['later() {', undo, '}'],
      ({ undo }) => ['[[ -e /tmp/undo ]] || exit 0', undo],
      ({ undo }) => ['exit 0', undo],
      ({ undo }) => ['set +e', undo],
      ({ undo }) => [`! ${undo}`],
      ({ undo }) => [`echo "$(${undo})"`],
    ];
    fc.assert(
      fc.property(some, fc.nat(), fc.integer({ min: 0, max: spoil.length - 1 }), (at, which, how) => {
        const chosen = pick(at);
        const spoilt = chosen[which % chosen.length];
        if (!spoilt) throw new Error('nothing was chosen');
        const undo = [
          ...chosen.filter((pair) => pair !== spoilt).map((pair) => pair.undo),
          ...(spoil[how]?.(spoilt) ?? []),
        ];
        const found = left(
          chosen.map((pair) => pair.fix),
          undo,
        );
        expect(
          found.map(({ command, code, level }) => [command.line, code, level]),
          undo.join('\n'),
        ).toContainEqual([chosen.indexOf(spoilt) + 3, 'uncovered', 'refuse']);
      }),
      { numRuns: 600 },
    );
  });

  test('inside a shell of its own covers nothing, and is refused itself', () => {
    for (const { fix, undo } of pairs) {
      const inShell = `bash -c '${undo}; true'`;
      expect(left([fix], [inShell]).map(({ code }) => code)).not.toEqual([]);
      expect(judge(inShell, { kind: 'undo', parameters: {}, actions: [] })).toMatchObject({
        verdict: 'refuse',
        findings: expect.arrayContaining([expect.objectContaining({ code: 'runs-code' })]),
      });
    }
  });

  test('is not needed for what restores itself', () => {
    expect(
      codes(['kubectl rollout restart deployment/web -n shop', post('/cache/purge'), 'df -h'], null),
    ).toEqual([]);
  });
});
