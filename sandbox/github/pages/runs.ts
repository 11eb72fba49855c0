// Pages of workflow runs (jobs, steps, logs) and of environments. Must never show a secret, only its name.
import { html } from 'hono/html';
import { empty, type Html, state } from '../../page.ts';
import type { JobState, RunState } from '../actions/types.ts';
import { type Forge, isoTime } from '../forge.ts';
import { ago, frame, list } from './frame.ts';
import { markdown } from './markdown.ts';

export const runLine = ({ urls }: Forge, run: RunState) =>
  html`<a href="${urls.web}/actions/runs/${run.id}">${run.displayTitle}</a> ${run.name} #${run.number}: ${state(run.conclusion ?? run.status)} ${ago(isoTime(run.createdAt))}`;

export const runList = (forge: Forge): Html =>
  frame(
    forge,
    'Workflow runs',
    list([...forge.state.runs.values()].toReversed().map((run) => runLine(forge, run))),
  );

function jobPart(job: JobState, base: string): Html {
  const steps = job.steps.map(
    (step) =>
      html`<details ${step.conclusion === 'failure' ? 'open' : ''}><summary>${step.name}: ${step.conclusion ?? step.status}</summary><pre>${step.log.join('\n')}</pre></details>`,
  );
  return html`<article id="job-${job.id}"><h2>${job.name}: ${job.conclusion ?? job.status}</h2>
${job.environment ? html`<p>environment <code>${job.environment}</code></p>` : ''}${steps}${markdown(job.summary, base)}</article>`;
}

export function runPage(forge: Forge, run: RunState): Html {
  const { workflow, actor, attempt, sha, status, conclusion } = run;
  const head = html`<p>${workflow}, ${conclusion ?? status}, started by ${actor}, attempt ${attempt}, at <a href="${forge.urls.web}/commit/${sha}"><code>${sha.slice(0, 12)}</code></a></p>`;
  return frame(
    forge,
    run.displayTitle,
    html`${head}${run.jobs.map((job) => jobPart(job, `${forge.urls.web}/actions/runs`))}`,
  );
}

/** Each environment: which branches may use it, what it holds, which jobs used it last. */
export function environmentList(forge: Forge): Html {
  const jobs = [...forge.state.runs.values()]
    .toReversed()
    .flatMap((run) => run.jobs.map((job) => ({ run, job })));
  const parts = Object.entries(forge.environments).map(([name, { branches, secrets, variables }]) => {
    const used = jobs.filter(({ job }) => job.environment === name).slice(0, 5);
    const names = (of: Record<string, string>) => Object.keys(of).map((one) => html`<code>${one}</code> `);
    return html`<article><h2>${name}</h2><p>Branches ${branches.map((branch) => html`<code>${branch}</code> `)}</p>
<p>Secrets ${Object.keys(secrets).length > 0 ? names(secrets) : 'none'}</p>${Object.keys(variables).length > 0 ? html`<p>Variables ${names(variables)}</p>` : ''}
${used.length > 0 ? list(used.map(({ run }) => runLine(forge, run))) : empty('No job used it yet.')}</article>`;
  });
  return frame(forge, 'Environments', html`${parts}`);
}
