// Holds what the sandbox delivers to GitHub's own description of its webhook events. It must never let a delivery pass whose
// event nobody described. https://docs.github.com/en/webhooks/webhook-events-and-payloads
import { type Check, checker, readBeside } from './schemas.ts';

const kinds = (event: string, ...actions: string[]) => actions.map((action) => `${event}-${action}`);

/** What the sandbox sends, by the names of GitHub's description: `issue-comment-created`. */
export const EVENTS = [
  ...kinds('check-run', 'created', 'completed'),
  ...kinds('issue-comment', 'created', 'edited'),
  ...kinds('issues', 'opened', 'edited', 'labeled', 'unlabeled', 'closed', 'reopened'),
  ...kinds('merge-group', 'checks-requested'),
  ...kinds('pull-request', 'opened', 'edited', 'synchronize', 'closed', 'reopened'),
  ...kinds('pull-request', 'converted-to-draft', 'ready-for-review'),
  ...kinds('pull-request-review', 'submitted', 'dismissed'),
  'push',
  ...kinds('workflow-run', 'requested', 'in-progress', 'completed'),
];

type Described = { events: Record<string, object>; schemas: Record<string, object> };
let loaded: { events: Described['events']; check: Check } | undefined;

/** What is wrong with a delivery by GitHub's description, or nothing. */
export function deliveryFault(event: string, action: string | null, payload: unknown): string | undefined {
  loaded ??= load();
  const name = (action === null ? event : `${event}-${action}`).replaceAll('_', '-');
  const schema = Object.hasOwn(loaded.events, name) ? loaded.events[name] : undefined;
  if (!schema) return `the event ${name} is not in webhooks.json: see scripts/extract-openapi.ts`;
  const wrong = loaded.check(name, schema, payload);
  return wrong && `the event ${name}: ${wrong.instancePath || '/'} ${wrong.message} (${wrong.schemaPath})`;
}

function load() {
  const { events, schemas }: Described = JSON.parse(readBeside('webhooks.json'));
  return { events, check: checker(schemas) };
}
