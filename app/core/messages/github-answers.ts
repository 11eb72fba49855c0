// What an answer of GitHub means for people: what a merge waits for, and how to cure what does not go away by itself.
// Must never be shown as it is: a rule's own words are in it, and whoever shows a sentence escapes it.

/** A rule in GitHub's own words. */
const quoted = (rule: string): string => `“${rule.trim().replace(/\.$/, '').slice(0, 160)}”`;

/** What keeps a pull request from being merged, to stand after “Not merged yet:”. */
export const waits = {
  /** A rule of the organisation, by its own sentence: “The rule night of vigil.yml refuses this: …”. */
  organisation: (sentence: string) => `t${sentence.slice(1, 480).replace(/\.$/, '')}`,
  draft: 'the pull request is a draft, which counts as a hold until somebody marks it as ready for review',
  conversation: 'a conversation on the pull request is open, and a rule wants it resolved first',
  check: (name: string, state: string) => `the required check ${quoted(name)} ${state}`,
  checks: (rule: string) => `a required check or deployment is missing: ${quoted(rule)}`,
  review: (rule: string) => `a rule of the repository wants another review: ${quoted(rule)}`,
  behind:
    'a rule wants the branch to be up to date with the default branch. Whoever presses “Update branch” becomes an author, so somebody else must review it then',
  rule: (rule: string) => `a rule of the repository is not met: ${quoted(rule)}`,
} as const;

/** Why something cannot be done until people change something, and what. */
export const cures = {
  method: (said: string) =>
    `the repository allows no way of merging that Vigil knows: ${quoted(said)}. Allow squash merging in its settings, then say /vigil retry`,
  queue:
    'the default branch has a merge queue, and Vigil does not merge through one. Let the app bypass that rule for pull requests, then say /vigil retry',
  conflict:
    'it conflicts with the default branch: the same files were changed since it was proposed. Say /vigil retry for a new proposal',
  archived: 'the repository is archived. Take it out of the archive, then say /vigil retry',
  disabled: (workflow: string) =>
    `the workflow ${workflow} is disabled. Enable it on its page under Actions, then say /vigil retry`,
  trigger: (workflow: string) =>
    `the workflow ${workflow} cannot be dispatched. Put workflow_dispatch among its triggers on the default branch, then say /vigil retry`,
  absent: (workflow: string) =>
    `GitHub shows this app no workflow ${workflow} on the default branch. Put the file there and let the app write actions, then say /vigil retry`,
} as const;

/** Said while a merge is tried again. */
export const moved = 'GitHub did not merge it: main or its head moved in between';

/** Said after the reason when the approved fix was merged and its run could not be started. */
export const mergedNotRun = 'The approved fix is on the default branch and did not run.';

/** Why a proposal is withdrawn when its pull request no longer leads to the default branch. */
export const turnedTo = (base: string): string =>
  `somebody turned the pull request to ${base.slice(0, 100)}, where nothing may be merged`;
export const mergedInto = (base: string): string =>
  `The pull request was merged into ${base.slice(0, 100)}, which is not the default branch. Nothing ran.`;

const without = (workflow: string): string =>
  workflow === 'watch.yml'
    ? 'workspaces that are left behind stay without it'
    : 'no incident can be worked on without it';

/** For the log, at start and once a day: what would stop Vigil in the middle of an incident. */
export const foreseen = {
  absent: (workflow: string) =>
    `GitHub shows no workflow ${workflow} on the default branch: ${without(workflow)}`,
  disabled: (workflow: string, state: string) =>
    `the workflow ${workflow} is ${state.replaceAll('_', ' ')}: enable it on its page under Actions, since ${without(workflow)}`,
  noSquash:
    'squash merging is switched off in the settings of the repository: approved pull requests are merged in another way that it allows',
  noMethod:
    'the settings of the repository allow no way of merging: no approved pull request can be merged until one is allowed',
} as const;
