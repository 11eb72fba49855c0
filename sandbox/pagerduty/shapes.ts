// How PagerDuty shows an incident and its alerts: REST's incident is not the webhook's, and both are mostly nulls and empty
// lists. It must never show REST what only a webhook says, nor put an alert's details into a webhook.
// https://developer.pagerduty.com/api-reference/ and https://developer.pagerduty.com/docs/webhooks/webhook-payloads/
import { type Alert, type Incident, linked, type Reference, referenceTo, type Urls } from './incidents.ts';

const POLICY: Reference = { id: 'PESCAL1', type: 'escalation_policy_reference', summary: 'Default' };
const ON_CALL: Reference = { id: 'PONCALL', type: 'user_reference', summary: 'Whoever is on call' };
const INTEGRATION = { id: 'PEVNTV2', summary: 'Events API V2' };

/** Who is paged: somebody until it is resolved. */
const assignees = ({ status }: Incident, urls: Urls) =>
  status === 'resolved' ? [] : [linked(ON_CALL, urls)];
const entry = (id: string, under: { html_url: string }, { api }: Urls) => ({
  ...{ id, type: 'trigger_log_entry_reference', summary: 'Triggered through the API.' },
  ...{ self: `${api}/log_entries/${id}`, html_url: `${under.html_url}/log_entries/${id}` },
});
/** What both show alike. An incident that a monitor opened has no key of its own. */
const common = (one: Incident, urls: Urls) => ({
  ...{ id: one.id, type: one.type, self: one.self, html_url: one.html_url, status: one.status },
  ...{ title: one.title, created_at: one.created_at, incident_key: null, urgency: 'high' },
  ...{ service: one.service, escalation_policy: linked(POLICY, urls), teams: [], conference_bridge: null },
  priority: one.priority && linked(one.priority, urls),
  resolve_reason: one.merged && { type: 'merge_resolve_reason', incident: linked(one.merged, urls) },
  ...{ incident_type: { name: 'incident_default' } },
});

/** `data` of a webhook. */
export const heardIncident = (one: Incident, urls: Urls) => ({
  ...common(one, urls),
  ...{ number: one.number, assignees: assignees(one, urls) },
});

/** A user of REST; his address is all that is known of him. */
export const restUser = (user: Reference, urls: Urls) => ({
  ...{ ...linked(user, urls), type: 'user', name: user.summary, email: user.summary },
  ...{ time_zone: 'Etc/UTC', color: 'purple', role: 'user', job_title: null, description: null },
  ...{ invitation_sent: false, avatar_url: `${urls.web}/avatars/${user.id}.png` },
  ...{ teams: [], contact_methods: [], notification_rules: [] },
});

/** An incident of REST. */
export function restIncident(one: Incident, urls: Urls) {
  const [first] = one.alerts;
  const statuses = [...one.alerts, ...one.joined].map(({ status }) => status);
  const counted = (wanted: string) => statuses.filter((status) => status === wanted).length;
  return {
    ...common(one, urls),
    ...{ incident_number: one.number, description: one.title, summary: one.summary },
    ...{ updated_at: one.updated_at, resolved_at: one.resolved_at, assigned_via: 'escalation_policy' },
    assignments: assignees(one, urls).map((assignee) => ({ at: one.created_at, assignee })),
    acknowledgements: one.acknowledged.map(({ at, by: acknowledger }) => ({ at, acknowledger })),
    ...{ last_status_change_at: one.changed.at, last_status_change_by: one.changed.by },
    first_trigger_log_entry: first ? entry(first.entry, one, urls) : null,
    alert_counts: { all: statuses.length, triggered: counted('triggered'), resolved: counted('resolved') },
    ...{ is_mergeable: true, impacted_services: [one.service], pending_actions: [], alert_grouping: null },
    ...{ basic_alert_grouping: null, incidents_responders: [], responder_requests: [] },
    subscriber_requests: [],
  };
}

/** An alert of REST. Where the event brought no details there are none, not even null. */
export function restAlert(alert: Alert, incident: Incident, urls: Urls) {
  const { id, summary, status, severity, key, client, contexts } = alert;
  const { self, html_url } = linked({ id, type: 'alert', summary }, urls);
  const details = 'details' in alert ? { details: alert.details } : {};
  const { service } = incident;
  const at = `${service.self}/integrations/${INTEGRATION.id}`;
  return {
    ...{ id, type: 'alert', summary, self, html_url, status, severity, alert_key: key, suppressed: false },
    ...{ created_at: alert.created_at, resolved_at: alert.resolved_at, service, privilege: null },
    incident: linked(referenceTo(incident), urls),
    first_trigger_log_entry: entry(alert.entry, { html_url }, urls),
    body: {
      type: 'alert_body',
      ...{ contexts, ...details },
      // https://support.pagerduty.com/main/docs/pd-cef
      cef_details: {
        ...(client ? { client: client.name, ...(client.url ? { client_url: client.url } : {}) } : {}),
        ...{
          contexts,
          dedup_key: key,
          description: summary,
          severity,
          source_origin: alert.source,
          ...details,
        },
      },
    },
    integration: {
      ...{ ...INTEGRATION, type: 'events_api_v2_inbound_integration_reference' },
      ...{ self: at, html_url: at.replace(urls.api, urls.web) },
    },
  };
}
