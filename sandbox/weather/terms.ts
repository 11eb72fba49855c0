// What a kind of weather is made of. Types only.

/** Where a request of Vigil's goes. GitHub's server is three of them. */
export type Place = 'github' | 'git' | 'identity' | 'pagerduty' | 'slack' | 'datadog' | 'coder' | 'app';
export type Asked = { place: Place; method: string; path: string; body: string };
export type Answer = { status: number; headers?: Record<string, string>; body: string };
export type Trouble =
  /** It is done, and whoever asked hears something else, or nothing. */
  | { done: true; answer: Answer | 'cut' }
  /** It is not done. */
  | { done: false; answer: Answer | 'cut' | 'silence' };
export type Rule = {
  at: readonly Place[];
  hits(asked: Asked): boolean;
  trouble: Trouble;
  /** For every different request its first time; for the first so many; or for so long after the first one. */
  span: 'once each' | { first: number } | { seconds: number };
};

/** When a delivery goes out, in milliseconds; null when this kind leaves it alone. `turn` counts all deliveries. */
export type Deliveries = (delivery: {
  by: 'github' | 'pagerduty';
  event: string;
  turn?: number;
}) => readonly number[] | null;

/** What GitHub tells everybody: `pull_request.opened` with its payload and who did it. */
export type Happening = { event: string; sender: string; payload: Record<string, unknown> };
export type Reaction = {
  on: string;
  /** False when it was none of theirs. What goes wrong is thrown. */
  act(hands: Hands, happening: Happening): Promise<boolean>;
};

/** What people of a world can do; each act goes the way a person's would, and throws when it is refused. */
export type Hands = {
  /** GitHub's REST API of the repository, in somebody's name. */
  call(login: string, method: string, path: string, body?: object): Promise<unknown>;
  issues(): Promise<{ number: number; pull_request?: object }[]>;
  /** Pushes text at the end of a file, or a commit that changes none. */
  push(login: string, branch: string, change: { path: string; text: string } | null): Promise<void>;
  /** Puts the branch back to a commit. */
  force(login: string, branch: string, commit: string): Promise<void>;
  /** Another repository of the installation. */
  elsewhere: {
    call(login: string, method: string, path: string, body?: object): Promise<unknown>;
    /** Sees to it that there is an issue, or an open pull request, of that number; the latter's branch. */
    issue(number: number): Promise<void>;
    pull(number: number): Promise<string>;
    push(login: string, branch: string): Promise<void>;
  };
  slack: { remove(): Promise<void>; archive(): Promise<void> };
};

export type Kind = {
  /** For people who choose one. */
  about: string;
  rules?: readonly Rule[];
  deliveries?: Deliveries;
  people?: readonly Reaction[];
  clockMs?: number;
  /** Only a world whose jobs run can have it. */
  jobs?: true;
  /** Only where Vigil opens a pull request is there an occasion. */
  pull?: true;
};
