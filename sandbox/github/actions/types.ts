// The contract between the sandbox forge (server) and its workflow runner. Types only.
import type { Json } from './expressions.ts';

export type Environment = {
  secrets: Record<string, string>;
  variables: Record<string, string>;
  branches: string[];
};
export type StepState = {
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  log: string[];
  annotations: { level: string; message: string; properties: Record<string, string> }[];
  startedAt: number | null;
  completedAt: number | null;
};
export type JobState = {
  id: number;
  key: string;
  name: string;
  environment: string | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: number | null;
  completedAt: number | null;
  steps: StepState[];
  outputs: Record<string, string>;
  summary: string;
};
export type RunState = {
  id: number;
  number: number;
  attempt: number;
  workflow: string /* .github/workflows/x.yml */;
  name: string;
  displayTitle: string;
  event: RunRequest['event'];
  ref: string /* refs/heads/main */;
  sha: string;
  actor: string;
  triggeringActor: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  createdAt: number; // of the first attempt
  startedAt: number; // of this one
  updatedAt: number;
  jobs: JobState[];
};
export type RunRequest = {
  id: number;
  number: number;
  attempt: number;
  workflow: string;
  ref: string;
  sha: string;
  event: 'workflow_dispatch' | 'push' | 'schedule';
  payload?: Record<string, unknown>; // what the event adds to GITHUB_EVENT_PATH
  inputs: Record<string, string>;
  actor: string; // who started the run; a later attempt keeps the rights of that person
  triggeringActor?: string; // who started this attempt, when that is somebody else
  again?: { keys: string[]; before: JobState[]; createdAt: number }; // a later attempt: jobs to run again (with all that need them), and all of the last attempt
};
export type RunnerHost = {
  repository: {
    id: number;
    owner: string;
    ownerId: number;
    name: string;
    defaultBranch: string;
    visibility: string;
  };
  idOf(login: string): number;
  isProtected(ref: string): boolean;
  urls: { server: string; api: string; graphql: string; oidc: string };
  dir: string; // scratch
  machine: Record<string, string>;
  // Of this repository, or of another one that workflows may call, by `owner/name`:
  resolve(repository: string, ref: string): Promise<{ sha: string; ref: string } | undefined>; // what stands after the @ of `uses`
  readFile(repository: string, sha: string, path: string): Promise<string>; // file of a commit
  checkout(repository: string, sha: string): Promise<string>; // folder holding that commit's archive (cached per sha; read only)
  mintToken(permissions: Record<string, string>): string; // GITHUB_TOKEN of a job; names as in the API: pull_requests
  revokeToken(token: string): void;
  environment(name: string): Environment | undefined;
  variables(): Record<string, string>;
  changed(run: RunState): void; // at every change of state, with the one live object of the run; its logs grow in between
};
export type Runner = {
  parse(
    yaml: string,
    path: string,
  ):
    | {
        ok: true;
        name: string;
        triggers: Record<string, Json>; // each with what stands below it
        dispatchInputs: Record<
          string,
          { required: boolean; default?: string; type?: string; options?: string[] }
        > | null;
      }
    | { ok: false; errors: string[] };
  start(request: RunRequest): Promise<RunState>; // returns once queued (after the run exists); goes on by itself
  cancel(id: number): void; // a second call is force-cancel: nothing is asked, everything is killed
  idle(): Promise<void>; // no run is going
};
