// The table of GitHub's refusals: which are asked again, which wait for something, and which only people can cure.
// Must never call final what may be otherwise a minute later. Whoever asks again looks first, since a write may have been done.
// This room holds what the answers of others mean; it must not know of incidents.
import { answered, notMerged, patience, unreachable } from '#core/messages/failure-words';
import { cures, moved, waits } from '#core/messages/github-answers';
import { type Answered, isAnswered, lagMs, limitMs, toldMs, wordsOf, workflowOf } from './answered.ts';

/** `atLeastMs`: so long it must be left alone. After `tries` it is given up, with the reason. */
export type Verdict =
  | { kind: 'again'; tries: number; atLeastMs: number; reason: string }
  | { kind: 'wait'; reason: string }
  | { kind: 'cannot'; reason: string };

/** Four hours, at the longest pause. */
export const TRIES_OF_AN_OUTAGE = 480;
/** Two minutes: GitHub's parts may disagree so long about what was just written. */
const TRIES_OF_A_LAG = 8;
export const TRIES = 5;

type Found = { line: string; named: (name: string) => string; workflow: string };
type Row = {
  of: readonly number[];
  words: RegExp;
  /** So many tries (`said`: why, where it is known), or what is waited for, or the cure. */
  means:
    | { tries: number; said?: string }
    | { wait: (found: Found) => string }
    | { cannot: (found: Found) => string };
};
const METHOD = /\b(merges|merge commits|merging) (is|are) not allowed|must not contain merge commits/i;

/** Each line of an answer is judged by the first row that fits. The words are those that public threads quote. */
const rows: readonly Row[] = [
  // https://github.com/NixOS/nixpkgs-merge-bot/issues/179
  {
    of: [405, 409],
    words: /branch was modified|try the merge again/i,
    means: { tries: TRIES_OF_AN_OUTAGE, said: moved },
  },
  // GitHub may not have worked it out yet. https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
  { of: [405], words: /not mergeable/i, means: { tries: TRIES_OF_A_LAG, said: cures.conflict } },
  // Vigil's own check, posted a moment ago. https://github.com/paritytech/parity-processbot/issues/268
  { of: [405], words: /status check "vigil\/approval" is/i, means: { tries: TRIES_OF_A_LAG } },
  {
    ...{ of: [405], words: /status check "(?<name>[^"]+)" (?<state>(?:is|was|has)\b[^.]*)/i },
    means: { wait: ({ named }) => waits.check(named('name'), named('state')) },
  },
  {
    ...{ of: [405], words: /status check|waiting for status|deployment/i },
    means: { wait: ({ line }) => waits.checks(line) },
  },
  // https://github.com/NixOS/nixpkgs/issues/499676
  { of: [405, 422], words: /\bdraft\b/i, means: { wait: () => waits.draft } },
  // https://github.com/derailed-dash/gemini-review-action/issues/40
  { of: [405], words: /conversation/i, means: { wait: () => waits.conversation } },
  // https://github.com/pascalgn/automerge-action/issues/74
  { of: [405, 409], words: /\b(out.of|up.to).date\b/i, means: { wait: () => waits.behind } },
  // https://github.com/pascalgn/automerge-action/issues/235
  { of: [405], words: /merge queue/i, means: { cannot: () => cures.queue } },
  // https://github.com/ridedott/merge-me-action/issues/329
  { of: [405], words: METHOD, means: { cannot: ({ line }) => cures.method(line) } },
  { of: [405, 409], words: /conflict/i, means: { cannot: () => cures.conflict } },
  {
    ...{ of: [405], words: /review|code owner|approval|last push/i },
    means: { wait: ({ line }) => waits.review(line) },
  },
  // https://github.com/benc-uk/workflow-dispatch/issues/72
  { of: [422], words: /disabled workflow/i, means: { cannot: ({ workflow }) => cures.disabled(workflow) } },
  {
    ...{ of: [422], words: /'workflow_dispatch' trigger/i },
    means: { cannot: ({ workflow }) => cures.trigger(workflow) },
  },
  { of: [403], words: /archived/i, means: { cannot: () => cures.archived } },
  // https://github.com/withfig/push-to-fig-autocomplete-action/issues/20
  { of: [422], words: /not a fast.?forward/i, means: { tries: TRIES_OF_AN_OUTAGE } },
  // What was written a moment ago is not seen yet. https://github.com/nix-community/nixpkgs-update/issues/363
  { of: [422], words: /\bhead invalid\b|no commits between/i, means: { tries: TRIES_OF_A_LAG } },
  // https://github.com/github/rest-api-description/issues/4887
  {
    of: [422],
    words: /^reference (update failed|cannot be updated)|already exists|does not exist|no commit found/i,
    means: { tries: TRIES_OF_A_LAG },
  },
];

/** Whether only this way of merging is refused, so that another one may be allowed. */
export function refusesMethod(error: unknown): boolean {
  if (!isAnswered(error) || error.status !== 405) return false;
  const { lines } = wordsOf(error);
  return lines.length > 0 && lines.every((line) => METHOD.test(line));
}

/** What follows from an answer. `nowMs`: the time now, where GitHub does not tell its own. */
export function verdictOf(answer: Answered, nowMs: number): Verdict {
  const { status } = answer;
  const limited = limitMs(answer, nowMs);
  const reason = ownWords(answer, limited !== null || status === 429);
  const { lines, rules } = wordsOf(answer);
  const again = (tries: number, atLeastMs = 0): Verdict => ({ kind: 'again', tries, atLeastMs, reason });
  if (limited !== null) return again(TRIES_OF_AN_OUTAGE, limited);
  // A refusal was not carried out. A failure may have been.
  if (status === 429) return again(TRIES_OF_AN_OUTAGE);
  if (status >= 500) return again(TRIES_OF_AN_OUTAGE, Math.max(toldMs(answer, nowMs) ?? 0, lagMs(answer)));
  const judged = lines.flatMap((line) => judge(line, answer, rules, reason) ?? []);
  const cure = judged.find(({ kind }) => kind === 'cannot');
  if (cure) return cure;
  const waiting = judged.filter(({ kind }) => kind === 'wait').map((one) => one.reason);
  if (waiting.length > 0) return { kind: 'wait', reason: [...new Set(waiting)].join('; ').slice(0, 400) };
  const [first] = judged;
  if (first) return first;
  const workflow = workflowOf(answer);
  if (status === 404 && workflow !== null)
    return { kind: 'again', tries: TRIES, atLeastMs: 0, reason: cures.absent(workflow) };
  return [401, 403, 404, 405, 408, 409].includes(status) ? again(TRIES) : { kind: 'cannot', reason };
}

/** Where no row has a sentence: what the answer means, and never what it says. */
function ownWords({ status, request, response }: Answered, limited: boolean): string {
  if (limited) return patience('GitHub');
  // Octokit says 500 when no answer came.
  if (status >= 500 && response === undefined) return unreachable('GitHub');
  const merging = /\/pulls\/\d+\/merge$/.test(request?.url ?? '') && [405, 409].includes(status);
  return merging ? notMerged(status) : answered('GitHub', status);
}

function judge(line: string, answer: Answered, rules: boolean, reason: string): Verdict | null {
  for (const { of, words, means } of rows) {
    const match = of.includes(answer.status) ? words.exec(line) : null;
    if (!match) continue;
    const named = (name: string): string => match.groups?.[name]?.trim() ?? '';
    const found = { line, named, workflow: workflowOf(answer) ?? '' };
    if ('tries' in means)
      return { kind: 'again', tries: means.tries, atLeastMs: 0, reason: means.said ?? reason };
    return 'wait' in means
      ? { kind: 'wait', reason: means.wait(found) }
      : { kind: 'cannot', reason: means.cannot(found) };
  }
  // A rule that has no row is a rule all the same: people can meet it, and then it is merged.
  return rules && answer.status === 405 ? { kind: 'wait', reason: waits.rule(line) } : null;
}
