// What every step does around its own work: read inputs, fetch the ledger and main, ask whether the step is due, deliver facts.
// Must never act on an incident whose ledger is broken, and never print what was not redacted.

import { setTimeout as delay } from 'node:timers/promises';
import * as core from '@actions/core';
import { deliver } from '#adapters/desk-client';
import { type Clone, fetchBranch } from '#adapters/git/clone';
import type { EvidenceItem } from '#adapters/git/evidence';
import { LEDGER_BRANCH } from '#adapters/git/ledger';
import { listIncidents, loadIncident } from '#adapters/git/ledger-files';
import { readSource, SETTINGS_PATH, type Source } from '#adapters/git/source';
import { FACTS_AUDIENCE } from '#adapters/github/job-identity';
import { type Job, jobDue } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import { isIncidentKey } from '#core/ledger/incident-key';
import type { Incident } from '#core/ledger/replay';
import { createRedactor } from '#core/redact/redact';
import type { Settings } from '#core/settings';
import { openMain } from './main.ts';

export type Step = {
  incident: Incident;
  attempt: number;
  run: { id: number; url: string };
  clone: Clone;
  /** What main said when the step began: every address a job speaks to. */
  settings: Settings;
  /** What main says now. */
  source(): Promise<Source>;
  /** The incident as the ledger has it now. */
  newest(): Promise<Incident>;
  /** Every other incident of the same ledger head. */
  others(): Promise<Incident[]>;
  post(
    facts: readonly Fact[],
    evidence?: readonly EvidenceItem[],
  ): Promise<{ ok: true } | { ok: false; reason: string }>;
  redact(text: string): string;
};

export const pause = (ms: number): Promise<void> => delay(ms);

/** Runs one step: does nothing and ends green when it is not due; ends red with the reason when it cannot tell the app. */
export function runStep(job: Job, act: (step: Step) => Promise<void>): Promise<void> {
  return withStep(job, async (step) => {
    const due = jobDue(step.incident, job, step.attempt);
    core.setOutput('due', String(due.due));
    if (due.due) await act(step);
    else core.notice(`${job} has nothing to do: ${due.reason}`);
  });
}

/** Opens the step from the job's inputs; a failure of any kind ends the job red, with its reason. */
export async function withStep(job: Job, act: (step: Step) => Promise<void>): Promise<void> {
  try {
    const key = core.getInput('incident', { required: true });
    const attempt = Number(core.getInput('attempt', { required: true }));
    if (!isIncidentKey(key) || !Number.isInteger(attempt)) {
      throw new Error(`there is no incident ${JSON.stringify(key)} attempt ${attempt}`);
    }
    await act(await openStep(job, key, attempt));
  } catch (error) {
    // Whatever failed may quote what it was given.
    core.setFailed(createRedactor({ key: job })(String(error)).text);
  }
}

async function openStep(job: Job, key: string, attempt: number): Promise<Step> {
  const { clone, source, token, home } = await openMain(job);
  const { settings } = source;
  const url = settings.vigil?.url;
  if (url === undefined)
    throw new Error(`${SETTINGS_PATH} on main names no vigil.url: nobody could be told anything`);
  const id = Number(process.env['GITHUB_RUN_ID']);
  const run = { id, url: `${home}/actions/runs/${id}` };
  const redactor = createRedactor({ key, knownSecrets: [token] });
  const incident = async (): Promise<Incident> => {
    const head = await fetchBranch(clone, LEDGER_BRANCH);
    if (!head) throw new Error('the ledger branch does not exist');
    await clone.local().raw('checkout', '--quiet', '--force', '--detach', head);
    const own = await loadIncident(clone.dir, key);
    if (!own.ok) throw new Error(`the ledger of ${key} is broken at ${own.file}: ${own.reason}`);
    if (!own.incident) throw new Error(`the ledger has no incident ${key}`);
    return own.incident;
  };
  return {
    incident: await incident(),
    attempt,
    run,
    clone,
    settings,
    others: () => otherIncidents(clone.dir, key),
    source: () => readSource(clone),
    newest: incident,
    redact: (text) => redactor(text).text,
    async post(facts, evidence = []) {
      const delivered = await deliver(url, () => core.getIDToken(FACTS_AUDIENCE), {
        incident: key,
        attempt,
        facts,
        evidence,
      });
      const names = facts.map((fact) => fact.type).join(', ');
      if (delivered.ok) core.info(`told the app: ${names}`);
      else if (!delivered.refused) throw new Error(`could not tell the app ${names}: ${delivered.reason}`);
      else core.warning(`the app did not take ${names}: ${redactor(delivered.reason).text}`);
      return delivered.ok ? { ok: true } : { ok: false, reason: delivered.reason };
    },
  };
}

async function otherIncidents(dir: string, key: string): Promise<Incident[]> {
  const others: Incident[] = [];
  for (const other of await listIncidents(dir)) {
    if (other === key) continue;
    const loaded = await loadIncident(dir, other);
    // A hold or a lease could stand in what cannot be read, so that nothing may start.
    if (!loaded.ok) throw new Error(`the ledger of ${other} is broken at ${loaded.file}: ${loaded.reason}`);
    if (loaded.incident) others.push(loaded.incident);
  }
  return others;
}
