// Undos that only look like one, each held by what the policy says of it, beside honest ones that are written in the same way.
// Over 250 lines: one table.
import { expect, test } from 'vitest';
import { codesLeft, post } from '../../../test/support/undoing.ts';
import { uncovered } from './covers.ts';
import { judge } from './judge.ts';

/** What the undo is, the fix, the undo, and what is said of it. */
const cases: readonly [string, string, string | null, string][] = [
  [
    'the only one of two acts',
    'kubectl cordon node-1\nkubectl cordon node-2',
    'kubectl uncordon node-1',
    'uncovered',
  ],
  ['only the first of two units', 'systemctl stop nginx redis', 'systemctl start nginx', 'uncovered'],
  [
    'both units, one by one',
    'systemctl stop nginx redis',
    'systemctl start redis\nsystemctl start nginx',
    'covered',
  ],
  [
    'each word of a loop',
    'kubectl cordon node-1\nkubectl cordon node-2',
    'for node in node-1 node-2; do\nkubectl uncordon "$node"\ndone',
    'covered',
  ],
  [
    'a loop that may end at its first word',
    'kubectl cordon node-1\nkubectl cordon node-2',
    'for node in node-1 node-2; do\nkubectl uncordon "$node"\nsleep 1 && break\ndone',
    'uncovered uncovered',
  ],
  [
    'a try that is made again',
    'kubectl cordon node-1',
    'for try in 1 2 3; do\nkubectl uncordon node-1 && break\nsleep 1\ndone',
    'uncovered',
  ],
  [
    'a function that is called',
    'kubectl cordon node-1',
    'back() {\nkubectl uncordon "$1"\n}\nback node-1',
    'covered',
  ],
  [
    'a function that leaves first',
    'kubectl cordon node-1',
    'back() {\n[[ -e /tmp/x ]] && return\nkubectl uncordon node-1\n}\nback',
    'uncovered',
  ],
  [
    'a function before it that ends well',
    'kubectl cordon node-1',
    'early() { exit 0; }\nearly\nkubectl uncordon node-1',
    'uncovered',
  ],
  [
    'a guard that fails loudly',
    'kubectl cordon node-1',
    'fail() { echo "$1"; exit 1; }\n[[ -d /tmp ]] || fail "no disk"\nkubectl uncordon node-1 || exit 3',
    'covered',
  ],
  [
    'a guard that ends well',
    'kubectl cordon node-1',
    '[[ -d /nowhere ]] && exit\nkubectl uncordon node-1',
    'uncovered',
  ],
  ['the last statement, joined', 'kubectl cordon node-1', 'kubectl uncordon node-1 && echo done', 'covered'],
  [
    'a joined statement in the middle',
    'kubectl cordon node-1',
    'kubectl uncordon node-1 && echo done\necho end',
    'uncovered',
  ],
  ['a time limit around it', 'kubectl cordon node-1', 'timeout 60 kubectl uncordon node-1', 'covered'],
  [
    'a lock that may be taken',
    'kubectl cordon node-1',
    'flock --nonblock --conflict-exit-code 0 /tmp/l kubectl uncordon node-1',
    'uncovered',
  ],
  ['words from a pipe', 'kubectl cordon node-1', 'echo node-1 | xargs -r kubectl uncordon', 'uncovered'],
  [
    'what is then done again',
    'kubectl cordon node-1',
    'kubectl uncordon node-1\nkubectl cordon node-1',
    'uncovered',
  ],
  [
    'what may then be done again',
    'systemctl stop nginx',
    'systemctl start nginx\nif true; then systemctl stop nginx; fi',
    'uncovered',
  ],
  [
    'the same number',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas 9',
    'uncovered',
  ],
  [
    'a condition in the place of a number',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas=9 --current-replicas=6',
    'uncovered',
  ],
  [
    'the same number by another way',
    'kubectl scale deployment/web -n shop --replicas=9',
    post('/config/pool-size/20'),
    'uncovered',
  ],
  ['a word that means the same', post('/flags/pricing/on'), post('/flags/pricing/enable'), 'uncovered'],
  ['a flag whose name is another number', post('/flags/17/off'), post('/flags/18/on'), 'uncovered'],
  ['another action than vigil.yml says', post('/traffic/west'), post('/traffic/north'), 'uncovered'],
  [
    'two rollbacks for one',
    'kubectl rollout undo deployment/web -n shop',
    'kubectl rollout undo deployment/web -n shop\nkubectl rollout undo deployment/web -n shop',
    'uncovered',
  ],
  [
    'one rollback, called twice',
    'kubectl rollout undo deployment/web -n shop',
    'back() { kubectl rollout undo deployment/web -n shop; }\nback\nback',
    'uncovered',
  ],
  [
    'the revision that the fix chose',
    'kubectl rollout undo deployment/web -n shop --to-revision=4',
    'kubectl rollout undo deployment/web -n shop --to-revision=4',
    'uncovered',
  ],
  [
    'another revision',
    'kubectl rollout undo deployment/web -n shop',
    'kubectl rollout undo deployment/web -n shop --to-revision=4',
    'covered',
  ],
  [
    'a restart that leaves a stopped unit stopped',
    'systemctl stop nginx',
    'systemctl try-restart nginx',
    'uncovered',
  ],
  [
    'a stop that the fix ends itself, for a fix that breaks off',
    'systemctl stop nginx\nsleep 5\nsystemctl start nginx',
    'systemctl start nginx',
    'covered',
  ],
  [
    'a stop that the fix ends itself, without an undo',
    'systemctl stop nginx\nsystemctl start nginx',
    null,
    'uncovered',
  ],
  [
    'another cluster',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas=6 --context=other',
    'uncovered',
  ],
  ['a job', post('/jobs/replay/run'), 'echo done', 'uncovered'],
  [
    'a tool that nobody described, for its own object',
    'kubectl scale deployment/web -n shop --replicas=9',
    'putback web',
    'undo-unknown',
  ],
  [
    'a tool that nobody described, for nothing',
    'kubectl scale deployment/web -n shop --replicas=9',
    'putback',
    'uncovered',
  ],
  [
    'a tool that nobody described, in a branch',
    'kubectl scale deployment/web -n shop --replicas=9',
    'if true; then putback web; fi',
    'uncovered',
  ],
  [
    'nothing, where the fix has an act in a branch',
    'if [[ -e /tmp/x ]]; then kubectl cordon node-1; fi',
    'true',
    'uncovered',
  ],
  ['removed files', "find /var/log/shop -type f -name '*.gz' -mtime +9 -delete", 'echo done', 'irreversible'],
  [
    'another region, by the environment',
    'aws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 9',
    'AWS_REGION=us-east-1 aws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 6',
    'uncovered',
  ],
  [
    'another region, by an export',
    'export AWS_REGION=eu-west-1\naws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 9',
    'export AWS_REGION=us-east-1\naws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 6',
    'uncovered',
  ],
  [
    'the same region',
    'export AWS_REGION=eu-west-1\naws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 9',
    'export AWS_REGION=eu-west-1\naws autoscaling set-desired-capacity --auto-scaling-group-name group --desired-capacity 6',
    'covered',
  ],
  [
    'a number twice, the last of which counts',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas=6 --replicas=9',
    'uncovered',
  ],
  [
    'a number that some tools read otherwise',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas=011',
    'uncovered',
  ],
  [
    'the same number with a sign',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas=+9',
    'uncovered',
  ],
  [
    'what is only tried dry',
    'kubectl scale deployment/web -n shop --replicas=9',
    'kubectl scale deployment/web -n shop --replicas=6 --dry-run=client',
    'uncovered',
  ],
  ['help in the place of a start', 'systemctl stop nginx', 'systemctl start nginx --help', 'uncovered'],
  ['an action that names no state', post('/flags/pricing/off'), post('/flags/pricing'), 'uncovered'],
  ['a block that is deleted', post('/blocks/block/bots'), post('/blocks/block/bots', 'DELETE'), 'covered'],
  [
    'another share of the same traffic',
    `${post('/split')} --data '{"weight": 10}'`,
    `${post('/split')} --data '{"weight": 90}'`,
    'covered',
  ],
  [
    'the same share, written otherwise',
    `${post('/split')} --data '{"weight": 10}'`,
    `${post('/split')} --data '{ "weight":10 }'`,
    'uncovered',
  ],
  [
    'a flag by its number in the body',
    `${post('/flags')} --data '{"flag": 17, "on": true}'`,
    `${post('/flags')} --data '{"flag": 18, "on": false}'`,
    'uncovered',
  ],
  [
    'the same flag by its number in the body',
    `${post('/flags')} --data '{"flag": 17, "on": true}'`,
    `${post('/flags')} --data '{"flag": 17, "on": false}'`,
    'covered',
  ],
  [
    'a tool that nobody described, for the flag by its name',
    post('/flags/pricing/off'),
    'flagctl set pricing=on',
    'undo-unknown',
  ],
];

test.each(cases)('%s', (_, fix, undo, expected) => {
  const lines = (text: string): string[] => text.split('\n');
  expect(codesLeft(lines(fix), undo === null ? null : lines(undo)).join(' ') || 'covered').toBe(expected);
});

test('without set -e, only the last command of an undo is heard when it fails', () => {
  const commands = (kind: 'fix' | 'undo', script: string) =>
    judge(script, { kind, parameters: { A: 'node-1', B: 'node-2' }, actions: [] }).commands;
  const fix = commands('fix', 'kubectl cordon node-1\nkubectl cordon node-2\n');
  const left = uncovered(fix, commands('undo', 'kubectl uncordon node-1\nkubectl uncordon node-2\n'));
  expect(left.map(({ command }) => command.line)).toEqual([1]);
});
