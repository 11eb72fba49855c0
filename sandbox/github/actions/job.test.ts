// What a job may do and what it leaves behind: rights, secrets, environments, identity, logs, post parts, time-outs.
// Over 250 lines: each rule of a job has a workflow of its own.

import { readFile } from 'node:fs/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWorld, ends, logOf, type World, workflow } from './host-double.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld(300);
});
afterEach(() => world.close());

const CORE = import.meta.resolve('@actions/core');
/** An action whose one file is both main and post, written with the toolkit every real action uses. */
const action = (name: string, body: string, runs = ', post: index.js', inputs = '') => ({
  [`actions/${name}/action.yml`]: `name: ${name}\ndescription: x\ninputs: { ${inputs} }\nruns: { using: node24, main: index.js${runs} }\n`,
  [`actions/${name}/index.js`]: `import * as core from '${CORE}';\n${body}\n`,
  'package.json': '{"type":"module"}',
});

test("a job's token has the rights the job asks for, in the API's spelling, and dies with the job", async () => {
  await world.commit(
    workflow(
      `
  named: { runs-on: x, permissions: { contents: read, pull-requests: write, issues: none, id-token: write }, steps: [{ run: echo }] }
  inherits: { needs: named, runs-on: x, steps: [{ run: 'test -z "$ACTIONS_ID_TOKEN_REQUEST_URL"' }] }
  nothing: { needs: inherits, runs-on: x, permissions: {}, steps: [{ run: echo }] }`,
      'permissions: { checks: read }',
    ),
  );
  expect(ends(await world.run())).toEqual({ named: 'success', inherits: 'success', nothing: 'success' });
  expect(world.minted).toEqual([
    { metadata: 'read', contents: 'read', pull_requests: 'write' },
    { metadata: 'read', checks: 'read' },
    { metadata: 'read' },
  ]);
  expect(world.live.size).toBe(0);
});

test('a job gets the secrets and variables of its environment, and no other job does', async () => {
  world.environments = {
    prod: { secrets: { KEY: 'sesame-street' }, variables: { PLACE: 'prod' }, branches: ['main'] },
  };
  const steps = `[{ run: 'echo "key is [$KEY] \${#KEY} at $PLACE $OTHER"', env: { KEY: "\${{ secrets.KEY }}", PLACE: "\${{ vars.PLACE }}", OTHER: "\${{ vars.OTHER }}" } }]`;
  await world.commit(
    workflow(`
  with: { runs-on: x, environment: prod, steps: ${steps} }
  mapped: { runs-on: x, environment: { name: "\${{ 'prod' }}" }, steps: ${steps} }
  without: { runs-on: x, steps: ${steps} }
  unknown: { runs-on: x, environment: nowhere, steps: ${steps} }`),
  );
  const run = await world.run();
  const logs = run.jobs.map((job) => job.steps[1]?.log[0]);
  expect(logs).toEqual([
    'key is [***] 13 at prod kept',
    'key is [***] 13 at prod kept',
    'key is [] 0 at repository kept',
    'key is [] 0 at repository kept',
  ]);
  expect(run.jobs[3]?.steps[0]?.log.join()).toContain("Environment 'nowhere' does not exist");
});

test('a ref that the environment does not allow gets no secret and no step', async () => {
  world.environments = {
    prod: { secrets: { KEY: 'sesame-street' }, variables: {}, branches: ['main', 'release/*'] },
  };
  await world.commit(workflow('  a: { runs-on: x, environment: prod, steps: [{ run: echo reached }] }'));
  const run = await world.run({ ref: 'refs/heads/mallory' });
  expect(ends(run)).toEqual({ a: 'failure' });
  expect(run.jobs[0]?.steps.map((step) => step.conclusion)).toEqual(['failure', 'skipped']);
  expect(logOf(run)).toContain('Branch "mallory" is not allowed to deploy to prod');
  expect(logOf(run)).not.toContain('reached');
  expect(world.minted).toEqual([]);
  expect((await world.run({ id: 2, ref: 'refs/heads/release/1' })).conclusion).toBe('success');
});

test('an identity token verifies against the published keys and says who asks', async () => {
  world.environments = { 'prod:1': { secrets: {}, variables: {}, branches: ['main'] } };
  await world.commit({
    ...action(
      'who',
      "core.setOutput('token', [...await core.getIDToken('vigil')].reverse().join(''));\ncore.info('got ' + await core.getIDToken('vigil'))",
      '',
    ),
    ...workflow(`
  a:
    runs-on: x
    environment: prod:1
    permissions: { id-token: write }
    steps:
      - { id: who, uses: $/actions/who }
      - run: 'echo "reversed $T"; echo "$ACTIONS_ID_TOKEN_REQUEST_URL $ACTIONS_ID_TOKEN_REQUEST_TOKEN $(rev <<< "$ACTIONS_ID_TOKEN_REQUEST_TOKEN")"; node -e "fetch(process.env.ACTIONS_ID_TOKEN_REQUEST_URL, { headers: { authorization: \\"Bearer wrong\\" } }).then((r) => r.text()).then(console.log)"'
        env: { T: "\${{ steps.who.outputs.token }}" }`),
  });
  const run = await world.run({ attempt: 3 });
  const log = logOf(run);
  expect(log).toContain('got ***');
  const token = [...(/reversed (\S+)/.exec(log)?.[1] ?? '')].reverse().join('');
  const jwks = `${world.issuer}/.well-known/jwks`;
  const discovery = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json();
  expect(discovery).toMatchObject({ issuer: world.issuer, jwks_uri: jwks });
  const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks)), {
    issuer: world.issuer,
    audience: 'vigil',
    algorithms: ['RS256'],
  });
  expect(protectedHeader.alg).toBe('RS256');
  const { iat = 0, exp, nbf = 0, jti, ...claims } = payload;
  expect(exp).toBe(iat + 300);
  expect(nbf).toBeLessThan(iat);
  expect(jti).toMatch(/^[0-9a-f-]{36}$/);
  expect(claims).toEqual({
    iss: world.issuer,
    aud: 'vigil',
    sub: 'repo:acme@65/vigil@74:environment:prod%3A1',
    repository: 'acme/vigil',
    repository_id: '74',
    repository_owner: 'acme',
    repository_owner_id: '65',
    run_id: '1',
    run_number: '7',
    run_attempt: '3',
    actor: 'vigil[bot]',
    actor_id: '10',
    ref_protected: 'true',
    repository_visibility: 'private',
    workflow: 'respond',
    workflow_ref: 'acme/vigil/.github/workflows/w.yml@refs/heads/main',
    workflow_sha: 'a'.repeat(40),
    job_workflow_ref: 'acme/vigil/.github/workflows/w.yml@refs/heads/main',
    job_workflow_sha: 'a'.repeat(40),
    event_name: 'workflow_dispatch',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    base_ref: '',
    head_ref: '',
    sha: 'a'.repeat(40),
    environment: 'prod:1',
    check_run_id: String(run.jobs[0]?.id),
    runner_environment: 'github-hosted',
  });
  expect(log).toContain('the request token is unknown');
  const [, requestUrl = '', backwards = ''] = /(http\S+) \*\*\* (\S+)/.exec(log) ?? [];
  const authorization = `Bearer ${[...backwards].reverse().join('')}`;
  expect(authorization).toMatch(/^Bearer [0-9a-f-]{72}$/);
  expect((await fetch(requestUrl, { headers: { authorization } })).status).toBe(401);
});

test('an action gets its inputs, hands on outputs, variables and state, and cleans up last first', async () => {
  const body = `
if (core.getState('name')) core.info('post of ' + core.getState('name') + ' after ' + core.getInput('loud name'));
else {
  core.info('main ' + core.getInput('loud name') + ' ' + core.getInput('token').length + ' [' + core.getInput('absent') + ']');
  core.saveState('name', core.getInput('loud name'));
  core.setOutput('long', 'two\\nlines');
  core.exportVariable('FROM_ACTION', 'exported');
  core.addPath('/added/by/action');
  await core.summary.addRaw('did ' + core.getInput('loud name')).write();
  if (core.getInput('fail') === 'true') core.setFailed('as told');
}`;
  const inputs =
    'loud name: { default: nobody }, token: { default: "${{ github.token }}" }, fail: { default: "false" }';
  await world.commit({
    ...action('act', body, ', post: index.js', inputs),
    ...workflow(`
  a:
    runs-on: x
    steps:
      - { id: one, uses: $/actions/act, with: { loud name: first } }
      - { id: two, uses: $/actions/act, with: { surprise: x } }
      - { if: "false", uses: $/actions/act, with: { loud name: skipped } }
      - run: echo "$FROM_ACTION \${{ env.FROM_ACTION }} \${PATH%%:*}" '\${{ toJSON(steps.one.outputs.long) }}'
      - { uses: $/actions/act, name: "The \${{ steps.one.outcome }}", with: { loud name: third, fail: true } }
      - run: echo never`),
  });
  const run = await world.run();
  const [job] = run.jobs;
  expect(job?.conclusion).toBe('failure');
  expect(job?.steps.slice(1).map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Run $/actions/act', 'success'],
    ['Run $/actions/act', 'success'],
    ['Run $/actions/act', 'skipped'],
    [`Run echo "$FROM_ACTION exported \${PATH%%:*}" '"two\\nlines"'`, 'success'],
    ['The success', 'failure'],
    ['Run echo never', 'skipped'],
    ['Post The success', 'success'],
    ['Post Run $/actions/act', 'success'],
    ['Post Run $/actions/act', 'success'],
  ]);
  const lines = logOf(run).split('\n').slice(2);
  expect(lines).toEqual([
    'main first 21 []',
    "##[warning]Unexpected input 'surprise' for $/actions/act",
    'main nobody 21 []',
    'exported exported /added/by/action "two\\nlines"',
    'main third 21 []',
    '##[error]as told',
    'post of third after third',
    'post of nobody after nobody',
    'post of first after first',
  ]);
  expect(job?.summary).toBe('did first\ndid nobody\ndid third\n');
});

test('a post part with a condition of its own is asked at the end', async () => {
  await world.commit({
    ...action(
      'on-failure',
      "core.info(core.getState('x') ? 'post ran' : 'main'); core.saveState('x', '1')",
      ', post: index.js, post-if: failure()',
    ),
    ...workflow(`
  good: { runs-on: x, steps: [{ uses: $/actions/on-failure }] }
  bad: { runs-on: x, steps: [{ uses: $/actions/on-failure }, { run: exit 1 }] }`),
  });
  const run = await world.run();
  expect(run.jobs.map((job) => job.steps.at(-1)?.conclusion)).toEqual(['skipped', 'success']);
  expect(run.jobs[1]?.steps.at(-1)?.log).toEqual(['post ran']);
});

test.each([
  [
    { 'actions/x/action.yml': 'name: x\ndescription: x\nruns: { using: composite, steps: [] }' },
    'composite is not supported, only node24',
  ],
  [
    { 'actions/x/action.yml': 'name: x\ndescription: x\nruns: { using: node24, main: i.js, pre: p.js }' },
    'runs.pre is not supported',
  ],
  [{ 'actions/y/action.yml': '' }, 'has no action.yml there'],
])('an action that cannot be run fails the job before its first step %#', async (files, reason) => {
  await world.commit({
    ...files,
    ...workflow('  a: { runs-on: x, steps: [{ run: echo ran }, { uses: $/actions/x }] }'),
  });
  const run = await world.run();
  expect(ends(run)).toEqual({ a: 'failure' });
  expect(logOf(run)).toContain(reason);
  expect(logOf(run)).not.toContain('ran\n');
  expect(world.live.size).toBe(0);
});

test('no secret reaches a log, a summary or a job output', async () => {
  world.environments = {
    prod: {
      secrets: { KEY: 'sesame street/1', LINES: 'first-line\nsecond-line' },
      variables: {},
      branches: ['main'],
    },
  };
  await world.commit(
    workflow(`
  a:
    runs-on: x
    environment: prod
    outputs: { plain: "\${{ steps.s.outputs.plain }}", key: "\${{ steps.s.outputs.key }}", made: "\${{ steps.s.outputs.made }}" }
    steps:
      - id: s
        env: { KEY: "\${{ secrets.KEY }}", LINES: "\${{ secrets.LINES }}", TOKEN: "\${{ github.token }}" }
        run: |
          echo "key $KEY / $LINES / $TOKEN"
          for pre in '' x xx; do echo "base64 $(echo -n "$pre$KEY" | base64)"; done
          echo "url sesame%20street%2F1" >&2
          echo "::add-mask::made up"
          echo "::warning::it was made up"
          echo "summary of $KEY" >> $GITHUB_STEP_SUMMARY
          { echo plain=visible; echo "key=the $KEY"; echo "made=so made up"; } >> $GITHUB_OUTPUT
  b: { needs: a, runs-on: x, steps: [{ run: 'echo "b sees \${{ toJSON(needs.a.outputs.key) }} \${{ needs.a.outputs.plain }}"' }] }`),
  );
  const run = await world.run();
  const text = JSON.stringify(run);
  for (const secret of ['sesame', 'first-line', 'second-line', '0123456789abcdef', 'c2VzYW1', 'made up'])
    expect(text).not.toContain(secret);
  for (const word of logOf(run).split(/\s+/))
    expect(Buffer.from(word, 'base64').toString()).not.toContain('ame street');
  expect(run.jobs[0]?.outputs).toEqual({ plain: 'visible' });
  expect(run.jobs[0]?.summary).toBe('summary of ***\n');
  expect(logOf(run)).toContain("Skip output 'key' since it may contain secret.");
  expect(logOf(run)).toContain('b sees null visible');
});

test('steps start from a clean environment, in an empty workspace, with what GitHub promises', async () => {
  process.env['LEAK'] = 'leaked';
  await world.commit(
    workflow(
      `
  a:
    runs-on: x
    env: { JOB: "\${{ inputs.none || 'job' }}", GITHUB_SHA: forged, MACHINE: overridden }
    steps:
      - run: env | cut -d= -f1 | sort | tr '\\n' ' '; ls -A | wc -l
      - run: 'echo $TOP $JOB $GITHUB_SHA $MACHINE $GITHUB_REPOSITORY $GITHUB_RUN_ATTEMPT $RUNNER_OS; cat $GITHUB_EVENT_PATH; touch here'
      - { run: 'mkdir -p sub', shell: bash }
      - { run: 'basename $PWD; ls ..', working-directory: sub }
      - { run: 'false | true; echo went on' }
      - { run: 'false | true; echo never', shell: bash, continue-on-error: true, id: soft }
      - run: echo soft \${{ steps.soft.outcome }} \${{ steps.soft.conclusion }} \${{ job.status }}`,
      'env: { TOP: "top of ${{ github.workflow }}" }',
    ),
  );
  const run = await world.run({ inputs: { incident: 'k1' } });
  delete process.env['LEAK'];
  const [, names, values, , folder, soft, hard, last] = run.jobs[0]?.steps.map((step) => step.log) ?? [];
  expect(
    names
      ?.join(' ')
      .split(' ')
      .filter((name) => !/^(GITHUB|RUNNER)_/.test(name)),
  ).toEqual([...['CI', 'HOME', 'JOB', 'LANG', 'MACHINE', 'PATH', 'PWD', 'SHLVL', 'TOP', '_', '0']]);
  expect(values?.[0]).toBe(`top of respond job ${'a'.repeat(40)} overridden acme/vigil 1 Linux`);
  expect(JSON.parse(values?.[1] ?? '')).toMatchObject({
    inputs: { incident: 'k1' },
    repository: { full_name: 'acme/vigil' },
  });
  expect(folder).toEqual(['sub', 'here', 'sub']);
  expect(soft).toEqual(['went on']);
  expect(hard).toEqual(['##[error]Process completed with exit code 1.']);
  expect(last).toEqual(['soft failure success success']);
  expect(run.conclusion).toBe('success');
});

test('a step that speaks nonsense to the runner fails, and what it says in between is text', async () => {
  await world.commit(
    workflow(`
  file: { runs-on: x, steps: [{ run: 'echo nonsense >> $GITHUB_OUTPUT' }] }
  open: { runs-on: x, steps: [{ run: 'echo "x<<END" >> $GITHUB_ENV' }] }
  old: { runs-on: x, steps: [{ run: 'echo "::set-env name=x::y"' }] }
  said: { runs-on: x, steps: [{ run: 'echo "::stop-commands::t0"; echo "::set-env name=x::y"; echo "::t0::"; echo "::group::G"; echo "::error file=a.ts,line=1::100%25%0Abad"' }] }`),
  );
  const run = await world.run();
  expect(ends(run)).toEqual({ file: 'failure', open: 'failure', old: 'failure', said: 'success' });
  expect(logOf(run)).toContain("Invalid format 'nonsense'");
  expect(logOf(run)).toContain("Matching delimiter not found 'END'");
  expect(run.jobs[3]?.steps[1]?.log).toEqual([
    '::stop-commands::t0',
    '::set-env name=x::y',
    '::t0::',
    '##[group]G',
    '##[error]100%\nbad',
  ]);
  expect(run.jobs[3]?.steps[1]?.annotations).toEqual([
    { level: 'error', message: '100%\nbad', properties: { file: 'a.ts', line: '1' } },
  ]);
});

test('time-outs end a step as failed and a job as cancelled; what always runs still runs', async () => {
  await world.commit(
    workflow(`
  step: { runs-on: x, steps: [{ timeout-minutes: 1, run: sleep 30 }, { if: failure(), run: echo after the step }] }
  job: { runs-on: x, timeout-minutes: 1, steps: [{ run: sleep 30 }, { run: echo never }, { if: always(), run: echo after the job }] }`),
  );
  const run = await world.run();
  expect(ends(run)).toEqual({ step: 'failure', job: 'cancelled' });
  expect(logOf(run)).toContain("##[error]The action 'Run sleep 30' has timed out after 1 minutes.");
  expect(logOf(run)).toContain('after the step');
  expect(logOf(run)).toContain('after the job');
  expect(logOf(run)).not.toContain('never');
});

test('what always runs has five minutes after a cancellation, then it is ended by force', async () => {
  await world.close();
  world = await createWorld(60);
  await world.commit(
    workflow(
      '  a: { runs-on: x, timeout-minutes: 1, steps: [{ if: always(), run: sleep 30 }, { if: always(), run: echo never }] }',
    ),
  );
  const run = await world.run();
  expect(run.jobs[0]?.steps.map((step) => step.conclusion)).toEqual(['success', 'cancelled', 'cancelled']);
  expect(logOf(run)).not.toContain('never');
});

test('a process left behind does not hold up its step and does not outlive the job', async () => {
  await world.commit(workflow('  a: { runs-on: x, steps: [{ run: "sleep 60 & echo pid $!" }] }'));
  const run = await world.run();
  const pid = Number(/pid (\d+)/.exec(logOf(run))?.[1]);
  expect(ends(run)).toEqual({ a: 'success' });
  await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), { timeout: 5_000, interval: 10 });
});

/** Whether a process is there and more than the remains of an ended one. */
const isAlive = async (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) Z /.test(stat),
    () => false,
  );
