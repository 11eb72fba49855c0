// What every step does around its own work: it reads inputs, fetches the ledger and main, asks whether the step is due, and
// delivers facts. Must never act on an incident with a broken ledger, and never print what was not redacted.

import { setTimeout as delay } from 'node:timers/promises';
import * as core from '@actions/core';
import { deliver, OUTCOME_PATIENCE_MS } from '#adapters/desk-client';
import type { Clone } from '#adapters/git/clone';
import type { EvidenceItem } from '#adapters/git/evidence';
import { readSource, SETTINGS_PATH, type Source } from '#adapters/git/source';
import { FACTS_AUDIENCE } from '#adapters/github/job-identity';
import { type Job, jobDue } from '#core/incident/job-due';
import type { Fact, FactType } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { createRedactor } from '#core/redact/redact';
import type { Settings } from '#core/settings';
import { incidentTold } from './incident-told.ts';
import { type JobsLedger, openJobsLedger } from './ledger.ts';
import { endSoon, openMain } from './main.ts';
import { mayProve } from './told.ts';

export type Step = {
  incident: Incident;
  attempt: number;
  run: { id: number; url: string };
  clone: Clone;
  /** What main said when the step began: every address a job speaks to. */
  settings: Settings;
  /** What main says now. */
  source(): Promise<Source>;
  ledger: JobsLedger;
  post(
    facts: readonly Fact[],
    evidence?: readonly EvidenceItem[],
  ): Promise<{ ok: true } | { ok: false; reason: string }>;
  redact(text: string): string;
  /** From now on these values are taken out of every text. */
  keepOut(values: readonly string[]): void;
};

/** What a script did, or that nobody knows it. */
const outcomes: readonly FactType[] = ['remediation.finished', 'remediation.lost', 'undo.finished'];

export const pause = (ms: number): Promise<void> => delay(ms);

/**
 * Runs one step. If it is not due, it ends green and does nothing. If it cannot tell the app, it ends red, with why. `tell`: what
 * other jobs of the run are told in the end, due or not.
 */
export function runStep(
  job: Job,
  act: (step: Step) => Promise<void>,
  tell: (step: Step) => Promise<void> = async () => undefined,
): Promise<void> {
  return withStep(job, async (step) => {
    const due = jobDue(step.incident, job, step.attempt);
    core.setOutput('due', String(due.due));
    if (due.due) {
      mayProve();
      await act(step);
    } else core.notice(`${job} has nothing to do: ${due.reason}`);
    await tell(step);
  });
}

/** Opens the step from what the job is told. Any failure ends the job red, with the reason. */
export async function withStep(job: Job, act: (step: Step) => Promise<void>): Promise<void> {
  let step: Step | null = null;
  try {
    const { key, attempt } = incidentTold();
    step = await openStep(job, key, attempt);
    await act(step);
  } catch (error) {
    // An error may quote text from outside.
    core.setFailed(createRedactor({ key: job })(String(error)).text);
  } finally {
    step?.ledger.close();
    endSoon();
  }
}

async function openStep(job: Job, key: string, attempt: number): Promise<Step> {
  const { clone, source, token, runner, from } = await openMain(job);
  const { settings } = source;
  const url = settings.vigil?.url;
  if (url === undefined)
    throw new Error(`${SETTINGS_PATH} on main names no vigil.url: nobody could be told anything`);
  const run = { id: runner.run, url: `${runner.home}/actions/runs/${runner.run}` };
  const known = [token];
  let redactor = createRedactor({ key, knownSecrets: known });
  const ledger = await openJobsLedger({ ...from, dir: `${from.dir}-ledger` }, key);
  return {
    incident: await ledger.newest(),
    attempt,
    run,
    clone,
    settings,
    ledger,
    source: () => readSource(clone),
    redact: (text) => redactor(text).text,
    keepOut(values) {
      known.push(...values);
      redactor = createRedactor({ key, knownSecrets: known });
    },
    async post(facts, evidence = []) {
      const outcome = facts.some(({ type }) => outcomes.includes(type));
      const delivered = await deliver(
        url,
        () => core.getIDToken(FACTS_AUDIENCE),
        { incident: key, attempt, facts, evidence },
        outcome ? { patienceMs: OUTCOME_PATIENCE_MS } : {},
      );
      const names = facts.map((fact) => fact.type).join(', ');
      if (delivered.ok) {
        core.info(`told the app: ${names}`);
        return { ok: true };
      }
      const reason = redactor(delivered.reason).text;
      if (!delivered.refused)
        throw new Error(
          `could not tell the app ${names}: ${reason} (vigil.url in ${SETTINGS_PATH} is ${url})`,
        );
      // What came of a script is nowhere else: nobody may take this for a job that went well.
      if (outcome) throw new Error(`the app did not take the outcome ${names}: ${reason}`);
      core.warning(`the app did not take ${names}: ${reason}`);
      return { ok: false, reason: delivered.reason };
    },
  };
}
