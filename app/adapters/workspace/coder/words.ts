// What is said of a script in Coder, in one place. Coder's own words stand in them, so that whoever shows them redacts them first.
import type { Stage } from './clocks.ts';
import type { Agent, Build, JobStatus } from './read.ts';

/** What a build that is not over waits for, or null where there is nothing to wait for. */
export const waitsFor: Record<JobStatus, ((build: Build) => string) | null> = {
  pending: ({ job: { queue_position: position, queue_size: size } }) =>
    position
      ? `it waits in Coder’s queue, at position ${position} of ${size ?? position}`
      : 'it waits in Coder’s queue',
  running: () => 'its workspace is being built',
  canceling: () => 'its build is being canceled',
  succeeded: null,
  canceled: null,
  failed: null,
  unknown: () => 'Coder says nothing of its build that is understood',
};

export const stageOver: Record<Stage, string> = {
  queue: 'nobody had taken its build out of Coder’s queue in time',
  build: 'its workspace was not built in time',
  agent: 'the agent of its workspace never connected',
  script: 'it did not end in time',
};

/** How the agent that ran it ended, where neither an exit code nor a last line came. */
export const endedWithoutWitness = ({ lifecycle_state: state }: Agent): string => {
  const hint =
    state === 'start_error' ? '; a start script that cannot be begun, or a full disk, looks like that' : '';
  return `the agent ended with “${state}”, without an exit code and without the script’s last line${hint}`;
};

const people = [
  'initiator',
  'dashboard',
  'cli',
  'ssh_connection',
  'vscode_connection',
  'jetbrains_connection',
];
const byWhom = (reason: string): string =>
  people.includes(reason) || reason === '' ? 'by somebody' : `by Coder (${reason})`;

/** Another build has come after ours. */
export function replaced({ transition, reason }: Build): string {
  const what = {
    start: 'its workspace was started again: it may have run twice',
    stop: `its workspace was stopped ${byWhom(reason)} while it ran`,
    delete: `its workspace was deleted ${byWhom(reason)} while it ran`,
    unknown: 'something that is not understood was done to its workspace',
  };
  return what[transition];
}

export const said = {
  before: (name: string): string =>
    `a workspace ${name} existed before and is deleted: it may have run there`,
  stranger: (name: string): string =>
    `a workspace ${name} is there that is not of this script; it is left alone`,
  earlier: (name: string): string =>
    `a workspace ${name} of an earlier run of this script is there: it may have run`,
  unclear: (words: string): string => `whether its workspace was made cannot be told: ${words}`,
  asked: (words: string): string => `Coder could not be asked: ${words}`,
  notMade: (words: string): string => `Coder did not make the workspace: ${words}`,
  template: (is: string, wanted: string): string =>
    `its workspace was made from the template “${is}”, not from “${wanted}”`,
  claimed: 'its workspace was not made for it, but taken from prepared ones, whose scripts have run already',
  untaken: 'no provisioner takes its build',
  canceled: 'its build was canceled, which does not show that nothing ran',
  failed: (error: string | undefined): string => error || 'its build failed',
  agents: (count: number): string => `its workspace has ${count} agents, and the template promises one`,
  noScript: 'the template’s script “remediation” is not there, or not once',
  twice: 'the agent began its script again: it may have run twice',
  disconnected: 'the agent of its workspace lost its connection and did not come back; it may still run',
  leaving: (state: string): string => `its workspace is on its way out (${state}) while it ran`,
  hidden: (words: string): string => `its workspace is not to be seen any more: ${words}; it may be dormant`,
  refused: (words: string): string => `the token is not taken any more: ${words}`,
  unread: (words: string): string => `Coder could not be read: ${words}`,
  large: 'the script is too large for a workspace parameter',
  nobodys: 'it is not said of which incident and commit the script is',
} as const;

export const gone = {
  never: 'there is no such workspace',
  hidden: (words: string): string =>
    `it was there and is not to be seen any more: ${words}; it may be dormant`,
  dormant: 'it is dormant, and this token may not delete what is dormant',
  late: (seconds: number, words: string): string =>
    `it was not gone after ${seconds} s${words && `: ${words}`}`,
} as const;
