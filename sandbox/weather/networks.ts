// Kinds of weather made by networks, vendors and clocks. Each is what somebody reported of the real ones; the rows stand in
// test/weather/known.ts. It must never be told what Vigil does about it.
import type { Answer, Asked, Kind, Place } from './terms.ts';

const APIS: readonly Place[] = ['github', 'pagerduty', 'slack'];
const any = (): boolean => true;
const posts = (path: RegExp) => (asked: Asked) => asked.method !== 'GET' && path.test(asked.path);
/** Something comes into being that people are told of, or a pull request is merged. */
const creates = ({ place, method, path }: Asked): boolean =>
  place === 'slack'
    ? /chat\.(postMessage|postEphemeral)$/.test(path)
    : (method === 'POST' || method === 'PUT') && !/\/(access_tokens|graphql|git\/\w+)$/.test(path);

const page = (title: string, words: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${words}</p></body></html>`;
const BAD_GATEWAY: Answer = { status: 502, body: page('502 Bad Gateway', 'nginx') };
const AWAY: Answer = { status: 503, body: page('503 Service Unavailable', 'No server is available.') };
const LOGIN: Answer = { status: 200, body: page('Sign in', 'Your session has expired. Sign in to go on.') };
const json = (status: number, headers: Record<string, string>, body: object): Answer => ({
  ...{ status, body: JSON.stringify(body) },
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
});
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
const SECONDARY = json(
  403,
  { 'retry-after': '3', 'x-ratelimit-remaining': '4000' },
  {
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    documentation_url:
      'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits',
  },
);
const limited = (headers: Record<string, string>, body: object): Answer => json(429, headers, body);
const turnedAway = (answer: Answer) => ({ done: false as const, answer });
const FACTS = posts(/^\/facts$/);
const saying = (fact: string) => (asked: Asked) => FACTS(asked) && asked.body.includes(`"${fact}"`);

export const networks = {
  unanswered: {
    about: 'every creating call is carried out and answered 502, the first time',
    rules: [{ at: APIS, hits: creates, trouble: { done: true, answer: BAD_GATEWAY }, span: 'once each' }],
  },
  cut: {
    about: 'every creating call is carried out and its connection cut, the first time',
    rules: [{ at: APIS, hits: creates, trouble: { done: true, answer: 'cut' }, span: 'once each' }],
  },
  'github-away': {
    about: 'GitHub’s API answers 502 for 105 s from the first issue on',
    rules: [
      { at: ['github'], hits: posts(/\/issues$/), trouble: turnedAway(BAD_GATEWAY), span: { seconds: 105 } },
    ],
  },
  'git-away': {
    about: 'git over HTTP answers 503 for 60 s from the first push on',
    rules: [{ at: ['git'], hits: posts(/receive-pack$/), trouble: turnedAway(AWAY), span: { seconds: 60 } }],
  },
  'git-hangs': {
    about: 'one push is never answered',
    rules: [
      {
        at: ['git'],
        hits: posts(/receive-pack$/),
        trouble: { done: false, answer: 'silence' },
        span: { first: 1 },
      },
    ],
  },
  'pagerduty-away': {
    about: 'PagerDuty takes no note and no end for 85 s',
    rules: [{ at: ['pagerduty'], hits: posts(/./), trouble: turnedAway(AWAY), span: { seconds: 85 } }],
  },
  'slack-away': {
    about: 'Slack answers 503 for 30 s from the first message on',
    rules: [{ at: ['slack'], hits: any, trouble: turnedAway(AWAY), span: { seconds: 30 } }],
  },
  'github-limited': {
    about: 'GitHub’s secondary limit refuses the first four creating calls, with Retry-After',
    rules: [{ at: ['github'], hits: creates, trouble: turnedAway(SECONDARY), span: { first: 4 } }],
  },
  'pagerduty-limited': {
    about: 'PagerDuty answers the first five calls with 429',
    rules: [
      {
        ...{ at: ['pagerduty'], hits: any, span: { first: 5 } },
        trouble: turnedAway(
          limited({ 'ratelimit-reset': '2' }, { error: { message: 'Rate Limit Exceeded', code: 2020 } }),
        ),
      },
    ],
  },
  'slack-limited': {
    about: 'Slack answers the first three messages with 429 and Retry-After',
    rules: [
      {
        ...{ at: ['slack'], hits: creates, span: { first: 3 } },
        trouble: turnedAway(limited({ 'retry-after': '2' }, { ok: false, error: 'ratelimited' })),
      },
    ],
  },
  'login-page': {
    about: 'a login page with 200 stands in for the first creating call to each vendor',
    rules: APIS.map((place) => ({
      ...{ at: [place], hits: creates, span: { first: 1 } },
      trouble: turnedAway(LOGIN),
    })),
  },
  'git-limited': {
    about: 'git over HTTP answers the first three requests with 429 and Retry-After',
    rules: [
      {
        ...{ at: ['git'], hits: any, span: { first: 3 } },
        trouble: turnedAway({ status: 429, headers: { 'retry-after': '3' }, body: 'Too many requests\n' }),
      },
    ],
  },
  doubled: {
    about: 'every delivery arrives twice',
    deliveries: () => [0, 0],
  },
  late: {
    about: 'every third delivery is 6 s late',
    deliveries: ({ turn = 0 }) => (turn % 3 === 0 ? [6000] : null),
  },
  reordered: {
    about: 'of each two deliveries the first arrives 2 s after the second',
    deliveries: ({ turn = 0 }) => (turn % 2 === 0 ? [2000] : null),
  },
  lost: {
    about: 'no delivery of GitHub’s arrives',
    deliveries: ({ by }) => (by === 'github' ? [] : null),
  },
  'clock-behind': {
    about: 'the app’s clock is 3 min behind',
    clockMs: -180_000,
  },
  'clock-ahead': {
    about: 'the app’s clock is 10 min ahead',
    clockMs: 600_000,
  },
  'app-away': {
    about: 'the app’s address answers 503 for 120 s from the first facts on',
    jobs: true,
    rules: [{ at: ['app'], hits: FACTS, trouble: turnedAway(AWAY), span: { seconds: 120 } }],
  },
  'app-limited': {
    about: 'the app’s address answers the first three facts with 429 and Retry-After',
    jobs: true,
    rules: [
      {
        ...{ at: ['app'], hits: FACTS, span: { first: 3 } },
        trouble: turnedAway({ status: 429, headers: { 'retry-after': '5' }, body: 'Too many requests\n' }),
      },
    ],
  },
  'login-before-start': {
    about: 'a login page with 200 takes the fact that the script begins',
    jobs: true,
    rules: [
      {
        at: ['app'],
        hits: saying('remediation.started'),
        trouble: turnedAway(LOGIN),
        span: { seconds: 600 },
      },
    ],
  },
  'login-before-end': {
    about: 'a login page with 200 takes the fact that the script ended',
    jobs: true,
    rules: [
      {
        at: ['app'],
        hits: saying('remediation.finished'),
        trouble: turnedAway(LOGIN),
        span: { seconds: 600 },
      },
    ],
  },
  'identity-limited': {
    about: 'the issuer of identity tokens answers the first two jobs with 429',
    jobs: true,
    rules: [
      {
        ...{ at: ['identity'], hits: ({ path }) => path.startsWith('/_oidc/token'), span: { first: 2 } },
        trouble: turnedAway(limited({ 'retry-after': '2' }, { message: 'Too many requests' })),
      },
    ],
  },
  'datadog-limited': {
    about: 'Datadog answers the first three reads with 429',
    jobs: true,
    rules: [
      {
        ...{ at: ['datadog'], hits: any, span: { first: 3 } },
        trouble: turnedAway(
          limited({ 'x-ratelimit-reset': '3' }, { errors: ['Rate limit of 300 requests'] }),
        ),
      },
    ],
  },
} as const satisfies Record<string, Kind>;
