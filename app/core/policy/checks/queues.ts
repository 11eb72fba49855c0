// What is changed in a queue or in the workers behind it: offsets of a Kafka group, a vhost of RabbitMQ, the pools of Celery.
// It must never let messages be thrown away, nor a broker be changed that the inventory does not name.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { allValues, has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Arg, show, textOf } from '../engine/value.ts';
import { checkOwnHost } from '../kinds/network.ts';

const foreign = (what: string): Issue =>
  refusal(
    'foreign-target',
    `${what} is not in the incident's inventory, so it is not this script's to change.`,
  );

const isOwn = (arg: Arg | null, run: Run): boolean =>
  run.inventory.values.has(textOf(arg ?? undefined) ?? '');

const places = '--to-datetime --to-earliest --to-latest --to-current --to-offset --shift-by --by-duration';

/** `kafka-consumer-groups --reset-offsets … --execute` for one group and one topic; every other form reads. */
export function checkOffsets(parsed: Parsed, run: Run): Found {
  if (!has(parsed, '--reset-offsets')) return { issues: [] };
  const issues: Issue[] = [];
  const group = optionValue(parsed, '--group');
  const topics = allValues(parsed, '--topic');
  const broker = optionValue(parsed, '--bootstrap-server');
  if (!has(parsed, places))
    issues.push(
      question('option', 'Where reading goes on is missing, such as --to-datetime or --to-offset.'),
    );
  if (!has(parsed, '--execute --dry-run') || has(parsed, '--dry-run')) return { issues };
  if (!broker || (!isOwn(broker, run) && checkOwnHost(broker.value, run)))
    issues.push(foreign(broker ? show(broker.value) : 'The broker'));
  if (!isOwn(group, run)) issues.push(foreign(group ? show(group.value) : 'The group'));
  const [topic = '', ...more] = topics.map((arg) => (textOf(arg) ?? '').replace(/:[\d,]+$/, ''));
  if (topic === '' || more.length > 0)
    issues.push(refusal('bulk', 'The offsets of one topic are reset at a time: --topic NAME.'));
  else if (!run.inventory.values.has(topic)) issues.push(foreign(topic));
  issues.push(
    question(
      'asks',
      'Messages are read again or left out; a person has to know what the readers make of that.',
    ),
  );
  return {
    issues,
    effect: 'queue.seek',
    target: `${show(group?.value ?? [])} ${topics.map((arg) => show(arg.value)).join(' ')}`,
  };
}

/** Changes of a RabbitMQ broker: of one vhost that the inventory names, or of where its queues are led. */
export function checkBroker(parsed: Parsed, run: Run): Found {
  const node = optionValue(parsed, '-n --node');
  const issues = node && !isOwn(node, run) ? [foreign(`The node ${show(node.value)}`)] : [];
  if (parsed.path[0] === 'rebalance') return { issues, target: 'queues of this broker' };
  const vhost = optionValue(parsed, '-p --vhost');
  if (!isOwn(vhost, run)) issues.push(foreign(vhost ? `The vhost ${show(vhost.value)}` : 'The vhost'));
  return { issues, target: show(vhost?.value ?? []) };
}

/** `celery -A APP control …`: the application is the inventory's. */
export function checkCelery(parsed: Parsed, run: Run): Found {
  const app = optionValue(parsed, '-A --app');
  if (!app) return { issues: [question('option', 'Which application is asked is missing: celery -A NAME.')] };
  if (parsed.rule.effect === undefined) return { issues: [] };
  return { issues: isOwn(app, run) ? [] : [foreign(show(app.value))], target: show(app.value) };
}
