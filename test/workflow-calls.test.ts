// Callers and what they call: each rule is able to fail on this project's own files, and the template's callers are these.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderInstallation } from '../app/installation/render.ts';
import { readTemplate } from '../app/installation/template.ts';
import { lintWorkflow } from '../scripts/workflow-rules.ts';

const root = join(import.meta.dirname, '..');
const CALLED = readFileSync(join(root, '.github/workflows/respond-job.yml'), 'utf8');
const CALLER = readFileSync(join(root, '.github/workflows/respond.yml'), 'utf8');
const rulesOf = (good: string, from: string, to: string): string[] => {
  if (!good.includes(from)) throw new Error(`the workflow does not hold ${from}`);
  return lintWorkflow(
    'w.yml',
    good.replace(from, () => to),
    root,
  ).map(({ rule, reason }) => `${rule}: ${reason}`);
};

describe('a caller', () => {
  it.each([
    [
      'hands each secret over',
      '      DD_API_KEY: ${{ secrets.DD_API_KEY }}\n',
      '',
      'secrets: DD_API_KEY is not handed over, so it would be silently empty',
    ],
    [
      'hands over no other secret',
      '    secrets:',
      '    secrets:\n      DEPLOY_TOKEN: ${{ secrets.DEPLOY_TOKEN }}',
      'secrets: DEPLOY_TOKEN is not declared where it is handed to',
    ],
    [
      'hands over no secret for another',
      'DD_API_KEY: ${{ secrets.DD_API_KEY }}',
      'DD_API_KEY: ${{ secrets.CODER_API_TOKEN }}',
      'secrets: DD_API_KEY is not the secret of that name',
    ],
    [
      'writes the label out',
      'runner: ubuntu-24.04',
      "runner: '${{ inputs.incident }}'",
      'runner: the runner’s label is written out here',
    ],
    [
      'gives no more rights',
      'contents: read',
      'contents: write',
      'permissions: a job has at most contents: read and id-token: write, not contents',
    ],
    [
      'names the rights',
      '    permissions: { contents: read, id-token: write }',
      '    # none',
      'jobs: respond names no permissions, so that the called jobs have none',
    ],
    [
      'gives each input',
      "attempt: '${{ inputs.attempt }}', ",
      '',
      'inputs: attempt is not handed over, so it would be silently empty',
    ],
    [
      'has runs wait for each other',
      'queue: max, ',
      '',
      'concurrency: needs `queue: max` and `cancel-in-progress: false`',
    ],
  ])('%s', (_, from, to, said) => expect(rulesOf(CALLER, from, to)).toEqual([said]));
  it('does not hand over all secrets at once', () => {
    const all = CALLER.slice(CALLER.indexOf('    secrets:'));
    expect(rulesOf(CALLER, all, '    secrets: inherit\n')).toContain(
      'secrets: hand secrets over by name, not all of them',
    );
  });
});

describe('a file that is called', () => {
  it.each([
    [
      'declares what it uses',
      '      SKYFLOW_API_KEY: { required: false }\n',
      '',
      'secrets: SKYFLOW_API_KEY is not declared under workflow_call, so it would be silently empty',
    ],
    [
      'uses what it declares',
      '      DD_API_KEY:',
      '      OTHER: { required: false }\n      DD_API_KEY:',
      'secrets: OTHER is declared and nobody uses it',
    ],
    [
      'is started by nobody else',
      'on:\n',
      'on:\n  workflow_dispatch:\n',
      'triggers: a file that is called is not started by workflow_dispatch as well',
    ],
    [
      'leaves concurrency to its callers',
      'jobs:',
      'concurrency: { group: g, queue: max, cancel-in-progress: false }\njobs:',
      'concurrency: its callers have the concurrency',
    ],
  ])('%s', (_, from, to, said) => expect(rulesOf(CALLED, from, to)).toEqual([said]));
});

describe('a variable', () => {
  it.each([
    ['an input', '${{ inputs.attempt }}', '${{ vars.ATTEMPT }}'],
    ['a condition', '    timeout-minutes: 10', "    timeout-minutes: 10\n    if: vars.ON == 'yes'"],
    ['brackets', '${{ inputs.attempt }}', "${{ VARS['X'] }}"],
    ['all of them', '${{ inputs.attempt }}', '${{ toJSON(vars) }}'],
    ['a name', 'name: respond-job', 'name: respond-job\nrun-name: for ${{ vars.X }}'],
  ])('decides nothing: in %s', (_, from, to) =>
    expect(rulesOf(CALLED, from, to)).toEqual([
      'vars: whoever can write can set a variable; what a job is told stands in vigil.yml on main',
    ]),
  );
});

describe('the callers', () => {
  it.each(['respond', 'remediate', 'ingest', 'watch'])(
    'of this repository are those of the template: %s',
    async (name) => {
      const rendered = renderInstallation(await readTemplate(join(root, 'deploy/installation')), {
        ...{
          product: null,
          runner: 'ubuntu-24.04',
          defaultBranch: 'main',
          appId: 0,
          owners: '@acme/platform',
        },
        environment: {},
        settings: {
          workspace: { template: 'x', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' },
          services: {},
        },
      });
      if (!rendered.ok) throw new Error(rendered.problems.join('\n'));
      const path = `.github/workflows/${name}.yml`;
      expect(rendered.files[path]).toBe(await readFile(join(root, path), 'utf8'));
    },
  );
});
