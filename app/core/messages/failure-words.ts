// What an outside system's refusal means, in words of our own. Must never repeat what it said: an answer may be a proxy's page, or
// hold what Vigil asked for.

const meanings = new Map([
  [401, 'it does not accept Vigil’s token'],
  [403, 'it does not let Vigil do that'],
  [404, 'it knows nothing there'],
  [405, 'it does not do that now'],
  [408, 'it waited too long'],
  [409, 'something changed in between'],
  [410, 'it was deleted, or is switched off'],
  [413, 'it was too much at once'],
  [422, 'it does not accept what was asked'],
  [429, 'it asks for patience'],
  [451, 'it may not do that'],
]);

/** `GitHub answered 502: it is not well`. */
export function answered(who: string, status: number): string {
  const meaning = status >= 500 ? 'it is not well' : meanings.get(status);
  return meaning ? `${who} answered ${status}: ${meaning}` : `${who} answered ${status}`;
}

/** https://developer.pagerduty.com/docs/errors */
const pagerdutyCodes = new Map([
  [1001, 'the page is resolved already'],
  [1008, 'PAGERDUTY_FROM_EMAIL is no user of this account'],
  [2006, 'PAGERDUTY_API_KEY is not accepted'],
  [2018, 'the key has lost its access'],
  [2020, 'its limit is reached'],
]);

/** `status`: null when nobody answered. `code`: PagerDuty's own, which is a number and nothing else. */
export function pagerdutyAnswered(status: number | null, code: number | null): string {
  if (status === null) return unreachable('PagerDuty');
  if (code === null) return answered('PagerDuty', status);
  const meaning = pagerdutyCodes.get(code);
  return `PagerDuty answered ${status} (code ${code}${meaning ? `: ${meaning}` : ''})`;
}

/** GitHub did not merge: 405 for a rule, a check or a conflict, 409 for another head. The pull request itself says which. */
export function notMerged(status: number): string {
  return status === 409
    ? 'GitHub did not merge it: its head is another one by now (409)'
    : 'GitHub did not merge it: a rule, a check or a conflict is in the way (405). The pull request shows which';
}

export const unreachable = (who: string): string => `${who} could not be reached`;
export const patience = (who: string): string => `${who} asks for patience`;
export const gitFailed = 'git could not talk to GitHub';

/** Something that Vigil’s authors did not think of. The log has what it was. */
export const stumbledOver = (what: string): string => `Vigil stumbled (${what}); its log says over what`;

export type IssuePart = 'comment' | 'title' | 'body' | 'labels' | 'state' | 'issue';
/** One thing on the issue that GitHub did not take. */
export type Refused = { what: IssuePart; status: number };

export const COMMENT = 'the status comment';
const parts: Record<IssuePart, string> = {
  comment: COMMENT,
  title: 'the title',
  body: 'the text',
  labels: 'the label',
  state: 'whether it is open',
  issue: 'anything',
};

/** What could not be written on the issue, and the cure that fits. */
export function issueRefused(refused: readonly Refused[]): string {
  const named = refused.some(({ what }) => what === 'issue')
    ? (['issue'] as const)
    : refused.map(({ what }) => what);
  const what = [...new Set(named)].map((part) => parts[part]).join(', ');
  const statuses = [...new Set(refused.map(({ status }) => status))];
  const gone = statuses.some((status) => status === 404 || status === 410);
  const cure = gone
    ? 'it was deleted or moved'
    : statuses.includes(403)
      ? 'its conversation is locked, or the app may not write there'
      : 'GitHub does not accept it';
  return `the issue could not be told ${what} (${statuses.join(', ')}): ${cure}`;
}
