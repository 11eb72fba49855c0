// Facts from jobs. It checks who calls (OIDC), what this job may say (environment) and whether that can happen now
// (lifecycle), and then writes. Must never accept a fact of another job's environment, and never a start from a re-run.
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { EvidenceItem, StoredItem } from '#adapters/git/evidence';
import type { View } from '#adapters/git/ledger';
import { type Identified, type JobIdentity, WATCH_WORKFLOW } from '#adapters/github/job-identity';
import { incidentStatus } from '#adapters/pagerduty';
import { holdOn } from '#core/incident/hold';
import { isAtWork } from '#core/incident/left-workspaces';
import { putBackOwed } from '#core/incident/put-back-owed';
import { strayBefore, undoDue } from '#core/incident/running';
import type { Runbook } from '#core/knowledge/runbook';
import { type Fact, type FactType, parseFact } from '#core/ledger/facts';
import { isIncidentKey, workspaceNamed } from '#core/ledger/incident-key';
import { factsOf } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { canonical } from '#core/text/hash';
import type { Desk } from '../desk/desk.ts';
import type { Hearing } from '../desk/world.ts';
import { cleanPost, withoutSecrets, withoutWords } from './cleaning.ts';
import { answer, parseJson, readBody } from './http.ts';

const CAP = 1_048_576;
const Post = z.strictObject({
  incident: z.string().refine(isIncidentKey, 'a ledger key'),
  attempt: z.number().int().min(1),
  facts: z
    .array(z.strictObject({ type: z.string(), data: z.record(z.string(), z.json()) }))
    .min(1)
    .max(10),
  evidence: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        source: z.string().max(40),
        title: z.string().max(200),
        text: z.string().max(100_000),
      }),
    )
    .max(50)
    .default([]),
});

const RESPOND = '.github/workflows/respond.yml';
const REMEDIATE = '.github/workflows/remediate.yml';
/** The workflows of each job, and the facts of its environment. The job undo uses the environment of execute. */
const workflows: Record<string, { files: readonly string[]; may: readonly FactType[] }> = {
  orient: { files: [RESPOND], may: factsOf('orient') },
  decide: { files: [RESPOND], may: factsOf('decide') },
  measure: { files: [RESPOND, REMEDIATE], may: factsOf('measure') },
  load: { files: [REMEDIATE], may: factsOf('load') },
  rehearse: { files: [RESPOND], may: factsOf('rehearse') },
  execute: { files: [REMEDIATE], may: [...factsOf('execute'), ...factsOf('undo')] },
  verify: { files: [REMEDIATE], may: factsOf('verify') },
  conclude: { files: [REMEDIATE], may: factsOf('conclude') },
  // It belongs to no incident, and says one thing.
  watch: { files: [WATCH_WORKFLOW], may: ['workspace.deleted'] },
};
const starts: readonly FactType[] = ['remediation.started', 'undo.started'];
const several: readonly FactType[] = ['workspace.deleted', 'symptom.measured', 'swarm.measured'];

export type FactsPort = {
  identify(token: string): Promise<Identified>;
  storeEvidence(key: string, items: EvidenceItem[]): Promise<{ branch: string; items: StoredItem[] }>;
  /** The runbooks on main. A model's files that are equal to theirs are not checked for secrets; without them all are. */
  runbooks?(): Promise<readonly Runbook[]>;
};

export async function handleFacts(
  world: Hearing,
  desk: Pick<Desk, 'wake'>,
  port: FactsPort,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<true> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!token) return answer(response, 401, { error: 'a GitHub OIDC token is needed' });
  const identified = await port.identify(token);
  if (!identified.ok) return answer(response, 401, { error: identified.reason });
  const body = await readBody(request, CAP);
  if (!body.ok) return answer(response, body.status, { error: body.reason });
  const post = Post.safeParse(parseJson(body.raw));
  if (!post.success) return answer(response, 400, { error: z.prettifyError(post.error) });
  const { incident: key, attempt } = post.data;
  const facts: Fact[] = [];
  const clean = await cleanPost(world, key, post.data);
  for (const { type, data } of clean.facts) {
    const parsed = parseFact(type, data);
    if (!parsed.ok) return answer(response, 400, { error: parsed.reason });
    const refusal = refuse(identified.identity, parsed.fact);
    if (refusal) return answer(response, 403, { incident: key, error: refusal });
    facts.push(parsed.fact);
  }
  if (clean.withheld) world.log.warn({ incident: key, reason: clean.withheld }, 'text of a job was withheld');
  const worded = clean.withheld ? withoutWords(facts, clean.withheld) : facts;
  const proposes = worded.some(({ type }) => type === 'remediation.proposed');
  const sayable = withoutSecrets(world, key, worded, (proposes && (await port.runbooks?.())) || []);
  const ready = await complete(world, port, key, sayable, clean.evidence, identified.identity);
  const { identity } = identified;
  const written = await world.ledger.append(key, (incident, view) => {
    const reason = standDown(incident, view, attempt, ready, identity, world.now());
    if (reason) return { standDown: reason };
    return {
      facts:
        incident?.stage === 'TRIGGERED' && identity.job !== 'watch'
          ? [begun(world, identity), ...ready]
          : ready,
      actor: { kind: 'job', job: identity.job, run: identity.run, attempt: identity.runAttempt },
      at: world.now(),
    };
  });
  desk.wake(key);
  if (written.ok)
    return answer(response, 202, {
      incident: key,
      seq: written.incident.seq,
      head: written.incident.head,
      stage: written.incident.stage,
    });
  return answer(
    response,
    written.reason === ALREADY ? 200 : 409,
    written.reason === ALREADY ? { incident: key, already: true } : { error: written.reason },
  );
}

const ALREADY = 'this run has said so already';

function refuse({ job, workflow, run, runAttempt }: JobIdentity, { type, data }: Fact): string | null {
  const known = workflows[job];
  if (!known?.files.includes(workflow)) return `the environment vigil-${job} is not one of ${workflow}`;
  if (!known.may.includes(type)) return `a ${job} job may not say ${type}`;
  if (starts.includes(type) && runAttempt > 1) return 'a re-run never executes; dispatch the workflow again';
  if ((type === 'symptom.measured' || type === 'swarm.measured') && data.run.id !== run)
    return 'it was measured in another run';
  return null;
}

function standDown(
  incident: Incident | null,
  view: View,
  attempt: number,
  facts: readonly Fact[],
  by: JobIdentity,
  now: Date,
): string | null {
  if (!incident) return 'there is no such incident';
  if (incident.attempt !== attempt) return `attempt ${attempt} is over`;
  const said = (fact: Fact): boolean =>
    incident.records.some(
      (record) =>
        record.type === fact.type &&
        record.attempt === attempt &&
        record.actor.kind === 'job' &&
        record.actor.run === by.run &&
        // One run may take several workspaces away, and measure again when it is run again.
        (!several.includes(record.type) || isEqual(record.data, fact.data)),
    );
  if (facts.every(said)) return ALREADY;
  const phase = incident.stage === 'VERIFYING' ? 'green' : 'red';
  if (facts.some((fact) => fact.type === 'symptom.measured' && fact.data.phase !== phase))
    return `nobody looks for that in ${incident.stage}`;
  const refusal = by.job === 'watch' ? watchRefusal(incident, facts) : null;
  if (refusal) return refusal;
  if (facts.some((fact) => fact.type === 'undo.started')) return undoRefusal(incident, view);
  if (!facts.some((fact) => fact.type === 'remediation.started')) return null;
  const approved = latestOf(incident, 'remediation.approved');
  const proposal = latestOf(incident, 'remediation.proposed');
  const started = facts.find((fact) => fact.type === 'remediation.started');
  if (!approved || !proposal || started?.data.digest !== approved.digest)
    return 'what would run is not what was approved';
  if (!latestOf(incident, 'pull.merged')) return 'the pull request is not merged';
  if (Date.parse(approved.expires) <= now.getTime()) return `the approval expired at ${approved.expires}`;
  const hold = holdOn(view.held(), incident);
  if (hold) return `@${hold.by} holds it: ${hold.reason || 'no reason given'}`;
  return busy(incident, proposal.target, view);
}

const isEqual = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** What takes away what is left may speak of this incident's own workspaces, and of none in which a script is at work. */
function watchRefusal(incident: Incident, facts: readonly Fact[]): string | null {
  for (const { type, data } of facts) {
    if (type !== 'workspace.deleted') continue;
    if (workspaceNamed(data.workspace)?.key !== incident.key)
      return `${data.workspace} is no workspace of ${incident.key}`;
    if (isAtWork(incident, data.workspace)) return `a script is at work in ${data.workspace}`;
  }
  return null;
}

/** Another incident at work on the service, or a script of an earlier attempt that may still be. */
function busy(incident: Incident, target: string, view: View): string | null {
  const stray = strayBefore(incident);
  if (stray) return `the script of attempt ${stray.attempt} may still be at work in ${stray.workspace}`;
  const holder = view.leaseHolder(target, incident.key);
  return holder ? `${holder} is at work on ${target}` : null;
}

/** An undo may start when it is due and nobody else is at work on the service. */
function undoRefusal(incident: Incident, view: View): string | null {
  if (!undoDue(incident)) return 'no undo is owed';
  const hold = holdOn(view.held(), incident);
  const agreed = putBackOwed(incident) && latestOf(incident, 'putback.due')?.because !== 'asked';
  if (hold && agreed) return `@${hold.by} holds it: ${hold.reason || 'no reason given'}`;
  return busy(incident, latestOf(incident, 'remediation.proposed')?.target ?? '', view);
}

/** Adds what only the app knows: where the evidence is stored, the alert's state, and the start of the synthesis. */
async function complete(
  world: Hearing,
  port: FactsPort,
  key: string,
  facts: readonly Fact[],
  evidence: EvidenceItem[],
  by: JobIdentity,
): Promise<Fact[]> {
  const ready: Fact[] = [];
  for (const fact of facts) {
    if (fact.type === 'evidence.gathered') {
      const stored =
        evidence.length > 0 ? await port.storeEvidence(key, evidence) : { branch: '', items: [] };
      ready.push({ ...fact, data: { ...fact.data, branch: stored.branch, items: stored.items } });
    } else if (fact.type === 'symptom.absent') {
      const id = (await world.ledger.find(key))?.opened.pagerduty.id ?? '';
      const status = await incidentStatus(world.config.pagerduty, id);
      ready.push({
        ...fact,
        data: {
          ...fact.data,
          alert: !status.ok ? 'unknown' : status.value === 'resolved' ? 'cleared' : 'firing',
        },
      });
    } else ready.push(fact);
    if (fact.type === 'context.retrieved') ready.push({ type: 'synthesis.started', data: runOf(world, by) });
  }
  return ready;
}

function runOf({ config }: Hearing, { run: id }: JobIdentity): { run: { id: number; url: string } } {
  const { owner, repo, server } = config.github;
  return { run: { id, url: `${server}/${owner}/${repo}/actions/runs/${id}` } };
}

/** A run that posts facts was dispatched. The app may have died before it could write that, so it is written now. */
function begun(world: Hearing, by: JobIdentity): Fact {
  return { type: 'investigation.started', data: runOf(world, by) };
}
