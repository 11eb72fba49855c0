// The workflows keep the rules, and each rule is able to fail: a good workflow with one thing spoilt is named at its line.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintWorkflow } from '../scripts/workflow-rules.ts';

const root = join(import.meta.dirname, '..');
const GOOD = `name: good
on:
  workflow_dispatch:
    inputs:
      incident: { required: true, type: string }
permissions: {}
concurrency:
  group: good-\${{ inputs.incident }}
  queue: max
  cancel-in-progress: false
jobs:
  orient:
    runs-on: ubuntu-24.04
    environment: { name: vigil-orient, deployment: false }
    timeout-minutes: 10
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: $/actions/orient
        with:
          incident: \${{ inputs.incident }}
          attempt: 1
          pagerduty-api-key: \${{ secrets.PAGERDUTY_API_KEY }}
      - run: |
          echo "reading $INCIDENT"
          echo done
        env: { INCIDENT: "\${{ inputs.incident }}" }
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with:
          ref: \${{ github.workflow_sha }}
          persist-credentials: false
`;

/** GOOD with one thing replaced: what the linter says, as `line rule`, with the line relative to the replaced text. */
function spoil(from: string, to: string): string[] {
  if (!GOOD.includes(from)) throw new Error(`the good workflow does not hold ${from}`);
  const start = GOOD.slice(0, GOOD.indexOf(from)).split('\n').length;
  const text = GOOD.replace(from, () => to);
  return lintWorkflow('bad.yml', text, root).map(({ line, rule }) => `${line - start} ${rule}`);
}

describe('this project’s workflows', async () => {
  const folder = join(root, '.github/workflows');
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
  it('are there', () => expect(names).toEqual(expect.arrayContaining(['remediate.yml', 'respond.yml'])));
  it.each(names)('%s keeps every rule', async (name) => {
    expect(lintWorkflow(name, await readFile(join(folder, name), 'utf8'), root)).toEqual([]);
  });
});

describe('a workflow', () => {
  it('that is good passes', () => expect(lintWorkflow('good.yml', GOOD, root)).toEqual([]));
  it('may be started on a schedule', () =>
    expect(spoil('on:\n', 'on:\n  schedule: [{ cron: "7 * * * *" }]\n')).toEqual([]));

  it.each([
    ['a push', '  workflow_dispatch:\n    inputs:', '  push:\n  workflow_dispatch:\n    inputs:'],
    ['a comment', '  workflow_dispatch:\n    inputs:', '  issue_comment:\n  workflow_dispatch:\n    inputs:'],
    [
      'a fork’s pull request',
      '  workflow_dispatch:\n    inputs:',
      '  pull_request_target:\n  workflow_dispatch:\n    inputs:',
    ],
  ])('may not be started by %s', (_, from, to) => expect(spoil(from, to)).toEqual(['0 triggers']));
  it('may be started by a push to main, and by a push to nothing else', () => {
    const push = (how: string) => spoil('on:\n', `on:\n  push: ${how}\n`);
    expect(push("{ branches: [main], paths: ['runbooks/**'] }")).toEqual([]);
    for (const how of ['', '{}', '{ branches: [main, next] }', "{ branches: ['**'] }", '{ branches: main }'])
      expect(push(how)).toEqual(['1 triggers']);
    for (const how of ["{ tags: ['v*'] }", '{ branches: [main], tags: [v1] }', '{ branches-ignore: [next] }'])
      expect(push(how)).toEqual(['1 triggers']);
  });
  it('may not be started by a trigger in short form', () => {
    const inputs = GOOD.slice(GOOD.indexOf('on:\n'), GOOD.indexOf('permissions: {}'));
    expect(spoil(inputs, 'on: push\n')).toEqual(['0 triggers']);
    expect(spoil(inputs, 'on: [workflow_dispatch, push]\n')).toEqual(['0 triggers']);
  });

  it('has no rights of its own', () => {
    expect(spoil('permissions: {}\n', '')).toEqual(['-5 permissions']);
    expect(spoil('permissions: {}', 'permissions: read-all')).toEqual(['0 permissions']);
    expect(spoil('permissions: {}', 'permissions: { issues: read }')).toEqual(['0 permissions']);
  });

  it('lets runs wait for each other and cancels none', () => {
    expect(spoil('  queue: max\n', '')).toEqual(['-2 concurrency']);
    expect(spoil('cancel-in-progress: false', 'cancel-in-progress: true')).toEqual(['-3 concurrency']);
    expect(spoil('  cancel-in-progress: false\n', '')).toEqual(['-3 concurrency']);
    const group = GOOD.slice(GOOD.indexOf('concurrency:'), GOOD.indexOf('jobs:'));
    expect(spoil(group, '')).toEqual(['-6 concurrency']);
  });

  it('gives no secret to all jobs at once', () =>
    expect(spoil('jobs:', 'env: { KEY: "${{ secrets.PAGERDUTY_API_KEY }}" }\njobs:')).toEqual(['0 secrets']));
  it('is understood by the parser', () =>
    expect(spoil('    runs-on:', '    run-on:')[0]).toMatch(/^\S+ syntax$/));
});

describe('a job', () => {
  it('is one of Vigil’s', () => expect(spoil('  orient:', '  helper:')).toEqual(['0 jobs']));
  it('is not another workflow that is not there, or not pinned', () => {
    const body = GOOD.slice(GOOD.indexOf('    runs-on:'));
    const call = (uses: string) =>
      spoil(
        `  orient:\n${body}`,
        `  orient:\n    uses: ${uses}\n    permissions: { contents: read }\n    with: { runner: x }\n`,
      );
    expect(call('./.github/workflows/other.yml')).toEqual(['0 jobs']);
    expect(call('./.github/workflows/respond.yml')).toEqual(['0 jobs']);
    expect(call('acme/vigil/.github/workflows/respond-job.yml@v1')).toEqual(['0 jobs']);
    expect(call(`acme/vigil/.github/workflows/respond-job.yml@${'a'.repeat(40)}`)).toEqual([]);
  });

  it('has a time limit, in numbers', () => {
    expect(spoil('    timeout-minutes: 10\n', '')).toEqual(['-3 timeout']);
    expect(spoil('timeout-minutes: 10', 'timeout-minutes: ${{ inputs.minutes }}')).toContain('0 timeout');
  });

  it('has the time limit of the one table', () => {
    for (const minutes of [360, 11, 0])
      expect(spoil('timeout-minutes: 10', `timeout-minutes: ${minutes}`)).toEqual(['0 timeout']);
  });

  it('runs where its file says, not where a run is told to, or a variable', () => {
    for (const label of [
      '${{ inputs.incident }}',
      '${{ inputs.runner }}',
      "${{ github.event_name == 'x' && 'y' || 'z' }}",
    ])
      expect(spoil('runs-on: ubuntu-24.04', `runs-on: ${label}`)).toEqual(['0 runner']);
    expect(spoil('runs-on: ubuntu-24.04', 'runs-on: ${{ vars.VIGIL_RUNNER }}')).toEqual([
      '0 vars',
      '0 runner',
    ]);
  });

  it.each([
    ['a container', 'container: node:24'],
    ['services', 'services: { db: { image: "postgres:17" } }'],
    ['a failure nobody sees', 'continue-on-error: true'],
  ])('has no %s', (_, line) =>
    expect(spoil('    runs-on:', `    ${line}\n    runs-on:`)).toEqual(['0 jobs']),
  );

  it.each(['PATH', 'BASH_ENV', 'LD_PRELOAD', 'NODE_OPTIONS', 'GIT_SSH_COMMAND', 'node_options'])(
    'is not steered by %s, nor is a step or a whole workflow',
    (name) => {
      expect(spoil('    steps:', `    env: { ${name}: x }\n    steps:`)).toEqual(['0 env']);
      expect(spoil('{ INCIDENT:', `{ ${name}: x, INCIDENT:`)).toEqual(['0 env']);
      expect(spoil('jobs:', `env: { ${name}: x }\njobs:`)).toEqual(['0 env']);
    },
  );

  const own = 'environment: { name: vigil-orient, deployment: false }';
  it('has the environment of its own', () => {
    expect(spoil(`    ${own}\n`, '')).toEqual(['-2 environment', '-2 deployment']);
    for (const name of ['vigil-execute', '"vigil-${{ inputs.incident }}"'])
      expect(spoil(own, `environment: { name: ${name}, deployment: false }`)).toEqual(['0 environment']);
  });

  it.each([
    'environment: vigil-orient',
    'environment: { name: vigil-orient }',
    'environment: { name: vigil-orient, deployment: true }',
    "environment: { name: vigil-orient, deployment: '${{ false }}' }",
  ])('makes no record of a deployment: not %s', (environment) =>
    expect(spoil(own, environment)).toEqual(['0 deployment']),
  );

  it('may read and prove who it is, nothing else', () => {
    expect(spoil('contents: read', 'contents: write')).toEqual(['0 permissions']);
    expect(spoil('contents: read', 'issues: write')).toEqual(['0 permissions']);
    const own = GOOD.slice(GOOD.indexOf('    permissions:'), GOOD.indexOf('    steps:'));
    expect(spoil(own, '    permissions: write-all\n')).toEqual(['0 permissions']);
  });

  it.each([
    ['another job’s', '${{ secrets.CODER_API_TOKEN }}'],
    ['another job’s, in brackets', "${{ secrets['CODER_API_TOKEN'] }}"],
    ['another job’s, shouted', '${{ SECRETS.coder_api_token }}'],
    ['a secret picked by an input', '${{ secrets[inputs.incident] }}'],
    ['all of them', '${{ toJSON(secrets) }}'],
    ['another job’s, inside a text', 'key ${{ secrets.CODER_API_TOKEN }} end'],
    ['all of them, with a star', "${{ join(secrets.*, ',') }}"],
  ])('may not use secrets: %s', (_, value) => {
    expect(spoil('${{ secrets.PAGERDUTY_API_KEY }}', JSON.stringify(value))).toEqual(['0 secrets']);
    expect(spoil('    steps:', `    env: { KEY: ${JSON.stringify(value)} }\n    steps:`)).toEqual([
      '0 secrets',
    ]);
  });
});

describe('a step', () => {
  it('has no expression in its script', () => {
    expect(spoil('      - run: |', '      - run: echo ${{ inputs.incident }}\n      - run: |')).toEqual([
      '0 run',
    ]);
    expect(spoil('echo done', 'echo ${{ inputs.incident }}')).toEqual(['-2 run']);
    expect(spoil('      - run: |', '      - run: ${{ inputs.incident }}\n      - run: |')).toEqual(['0 run']);
  });

  it.each([
    ['a tag', 'actions/checkout@v5'],
    ['a short SHA', 'actions/checkout@0123456'],
    ['a folder of the workspace', './actions/orient'],
    ['a container', 'docker://alpine:3'],
    ['an action that is not there', '$/actions/nonesuch'],
    ['a folder that is no action', '$/app/core'],
    ['a way out of the folder', '$/actions/../app'],
  ])('uses no foreign code: %s', (_, uses) =>
    expect(spoil('actions/checkout@0123456789abcdef0123456789abcdef01234567', uses)).toEqual(['0 uses']),
  );

  it('has no expression in the shell that runs it, or in code it hands to somebody’s action', () => {
    const shell = 'shell: ${{ inputs.incident }}';
    expect(spoil('        env: { INCIDENT', `        ${shell}\n        env: { INCIDENT`)).toEqual([
      '0 syntax',
    ]);
    expect(
      spoil('    steps:', '    defaults:\n      run:\n        shell: ${{ inputs.incident }}\n    steps:'),
    ).toContain('2 run');
    const script =
      'actions/github-script@0123456789abcdef0123456789abcdef01234567\n        with:\n          script: |\n';
    const checkout = GOOD.slice(GOOD.indexOf('actions/checkout'));
    expect(spoil(checkout, `${script}            run()\n`)).toEqual([]);
    expect(spoil(checkout, `${script}            run("\${{ inputs.incident }}")\n`)).toEqual(['2 run']);
  });

  it('checks out the commit its workflow comes from, and leaves no token behind', () => {
    expect(spoil('ref: ${{ github.workflow_sha }}', 'ref: main')).toEqual(['-2 checkout']);
    expect(spoil('ref: ${{ github.workflow_sha }}', 'ref: ${{ inputs.incident }}')).toEqual(['-2 checkout']);
    expect(spoil('          ref: ${{ github.workflow_sha }}\n', '')).toEqual(['-2 checkout']);
    expect(spoil('persist-credentials: false', 'persist-credentials: true')).toEqual(['-3 checkout']);
  });

  it('gives an action what it declares', () => {
    expect(spoil('          attempt: 1\n', '')).toEqual(['-3 inputs']);
    expect(spoil('          attempt: 1\n', '          attempt: 1\n          atempt: 1\n')).toEqual([
      '1 inputs',
    ]);
  });
});
