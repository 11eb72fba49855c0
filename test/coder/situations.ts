// The situations of a real Coder, each as the order of its answers and what must be said of it. The numbers are those of the list
// they were written from. Must never be changed to fit what Vigil says: an order was seen on a server, or is in its source.
// Over 250 lines: it is one list, read beside the list it was written from.
import { html, json, type Moment, NONCE, nothing, type Story } from './scripted.ts';

/** `verdict`: the outcome, exit code and witnesses, or `unknown`. `says`: in the reason, output or what was told while it waited. */
export type Situation = {
  row: string;
  story: Story;
  verdict: string;
  says?: RegExp;
  ran: 'once' | 'never' | 'perhaps twice' | 'perhaps';
};

const trailer = (rc: number): string =>
  `VIGIL_RESULT {"nonce":"${NONCE}","ran":true,"rc":${rc},"out":3,"err":0,"late":${rc === 124}}`;
const pending: Moment = { at: 0, build: { status: 'pending' }, job: { status: 'pending' } };
const building: Moment = { at: 2, build: { status: 'starting' }, job: { status: 'running' } };
const up: Moment = { at: 6, build: { status: 'running' }, job: { status: 'succeeded' }, agent: {} };
const runs: Moment = {
  at: 8,
  agent: { status: 'connected', lifecycle_state: 'starting', first_connected_at: 'then' },
};
const begun = [pending, building, up, runs];
const ended = (
  at: number,
  exit: number,
  state = exit === 0 ? 'ready' : 'start_error',
  status = exit === 0 ? 'ok' : 'exit_failure',
): Moment => ({
  at,
  agent: { lifecycle_state: state },
  script: { exit_code: exit, status },
});
const well: Story = {
  moments: [...begun, ended(14, 0)],
  log: [
    [12, 'purged'],
    [14, trailer(0)],
  ],
};
const other = (at: number, transition: string, reason: string, status: string, job: string): Moment => ({
  at,
  build: { id: 'n', build_number: 2, transition, reason, status },
  job: { status: job },
  agent: null,
});
const refusal = (status: number, message: string, more: object = {}): Story => ({
  create: [{ answer: json(status, message, more) }],
});
const refused = (row: string, story: Story, says: RegExp): Situation => ({
  row,
  story,
  verdict: 'refused',
  says,
  ran: 'never',
});

export const situations: Situation[] = [
  {
    row: '1 created, 4 built, 8 its agent starts, 10 the script ends with 0',
    story: well,
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '2 in the queue',
    story: {
      moments: [
        { ...pending, job: { status: 'pending', queue_position: 3, queue_size: 9 } },
        ...[building, up, runs].map((one) => ({ ...one, at: one.at + 60 })),
        ended(80, 0),
      ],
      log: [[79, trailer(0)]],
    },
    ...{ verdict: 'succeeded 0 by both', says: /at position 3 of 9/, ran: 'once' },
  },
  {
    row: '3 nobody takes its build',
    story: {
      moments: [
        {
          ...pending,
          build: {
            status: 'pending',
            matched_provisioners: { count: 0, available: 0, most_recently_seen: null },
          },
        },
      ],
    },
    ...{ verdict: 'provision_failed', says: /no provisioner takes its build/, ran: 'never' },
  },
  {
    row: '4 its build takes for ever',
    story: { moments: [pending, building] },
    ...{ verdict: 'provision_failed', says: /not built in time/, ran: 'never' },
  },
  {
    row: '5 its build fails',
    story: {
      moments: [
        pending,
        building,
        {
          at: 6,
          build: { status: 'failed' },
          job: { status: 'failed', error: 'terraform apply: exit status 1' },
        },
      ],
    },
    ...{ verdict: 'provision_failed', says: /terraform apply: exit status 1/, ran: 'never' },
  },
  {
    row: '6 the quota is used up',
    story: {
      moments: [
        pending,
        building,
        {
          at: 4,
          build: { status: 'failed' },
          job: { status: 'failed', error: 'insufficient quota', error_code: 'INSUFFICIENT_QUOTA' },
        },
      ],
    },
    ...{ verdict: 'provision_failed', says: /insufficient quota/, ran: 'never' },
  },
  {
    row: '7 somebody cancels its build, whose agent comes and runs the script all the same',
    story: {
      moments: [
        pending,
        building,
        { at: 6, build: { status: 'canceling' }, job: { status: 'canceling' } },
        { at: 8, build: { status: 'canceled' }, job: { status: 'canceled' }, agent: {} },
        runs,
        ended(20, 0),
      ],
      log: [[19, trailer(0)]],
    },
    ...{ verdict: 'succeeded 0 by both', ran: 'once' },
  },
  {
    row: '7 somebody cancels its build before there is an agent',
    story: {
      moments: [pending, building, { at: 6, build: { status: 'canceled' }, job: { status: 'canceled' } }],
    },
    ...{ verdict: 'provision_failed', says: /canceled/, ran: 'never' },
  },
  {
    row: '7 somebody cancels its build, and its agent is there but says nothing',
    story: {
      moments: [
        pending,
        building,
        { at: 6, build: { status: 'canceled' }, job: { status: 'canceled' }, agent: {} },
        { ...runs, at: 9 },
      ],
    },
    ...{ verdict: 'unknown', says: /canceled/, ran: 'perhaps' },
  },
  {
    row: '9 its agent comes late, and runs the script',
    story: {
      moments: [
        pending,
        building,
        up,
        { at: 70, agent: { status: 'timeout' } },
        { ...runs, at: 90 },
        ended(99, 0),
      ],
      log: [[98, trailer(0)]],
    },
    ...{ verdict: 'succeeded 0 by both', ran: 'once' },
  },
  {
    row: '9 its agent never comes',
    story: { moments: [pending, building, up, { at: 70, agent: { status: 'timeout' } }] },
    ...{ verdict: 'agent_never_connected', says: /never connected/, ran: 'never' },
  },
  {
    row: '9 its agent comes while its workspace is taken away',
    story: {
      moments: [
        pending,
        building,
        up,
        { at: 70, agent: { status: 'timeout' } },
        { at: 610, agent: { first_connected_at: 'then' } },
        { at: 310, agent: { first_connected_at: 'then', status: 'timeout' } },
      ],
      deletes: 'hangs',
    },
    ...{ verdict: 'unknown', ran: 'perhaps' },
  },
  {
    row: '11 the script ends with 3',
    story: {
      moments: [...begun, ended(14, 3)],
      log: [
        [13, 'no'],
        [15, trailer(3)],
      ],
    },
    verdict: 'failed 3 by both',
    ran: 'once',
  },
  {
    row: '12 its wrapper is killed',
    story: { moments: [...begun, ended(14, -1)] },
    verdict: 'unknown',
    says: /ended by a signal, and its last line is not there/,
    ran: 'once',
  },
  {
    row: '13 the agent ends it at its limit',
    story: { moments: [...begun, ended(90, 255, 'start_timeout', 'timed_out')] },
    verdict: 'timed_out 255 by exit code',
    ran: 'once',
  },
  {
    row: '13 the wrapper ends it at its limit',
    story: { moments: [...begun, ended(69, 124)], log: [[70, trailer(124)]] },
    verdict: 'timed_out 124 by both',
    ran: 'once',
  },
  {
    row: '13 the agent ended it, and tells no exit code',
    story: { moments: [...begun, { at: 90, agent: { lifecycle_state: 'start_timeout' } }] },
    verdict: 'timed_out by place',
    ran: 'once',
  },
  {
    row: '14 a child that it left behind holds its output open',
    story: { moments: [...begun, ended(14, 255, 'start_error', 'pipes_left_open')], log: [[13, trailer(0)]] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '14 the same, and its last line is lost',
    story: { moments: [...begun, ended(14, 255, 'start_error', 'pipes_left_open')] },
    verdict: 'unknown',
    says: /pipes_left_open/,
    ran: 'once',
  },
  {
    row: '15 its log is full',
    story: {
      moments: [...begun, { ...ended(14, 0), agent: { lifecycle_state: 'ready', logs_overflowed: true } }],
      log: [[12, 'x']],
    },
    verdict: 'succeeded 0 by exit code',
    ran: 'once',
  },
  {
    row: '16 its log comes 2.6 s after its exit code',
    story: {
      moments: [...begun, ended(14, 0)],
      log: [
        [12, 'x'],
        [16.6, trailer(0)],
      ],
    },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '16 the end of its log never comes',
    story: { moments: [...begun, ended(14, 0)], log: [[12, 'x']] },
    verdict: 'succeeded 0 by exit code',
    ran: 'once',
  },
  {
    row: '16 the end of its log never comes, and it failed',
    story: { moments: [...begun, ended(14, 3)], log: [[12, 'x']] },
    verdict: 'failed 3 by exit code',
    ran: 'once',
  },
  {
    row: '17 the server is restarted while it runs: its exit code never comes',
    story: {
      moments: [...begun, { at: 30, agent: { lifecycle_state: 'ready' } }],
      log: [[29, trailer(0)]],
      outages: [
        [10, 14, nothing],
        [14, 20, html(502)],
      ],
    },
    ...{ verdict: 'succeeded 0 by last line', ran: 'once' },
  },
  {
    row: '17 the same, and it failed',
    story: {
      moments: [...begun, { at: 30, agent: { lifecycle_state: 'start_error' } }],
      log: [[29, trailer(2)]],
      outages: [[10, 20, html(503)]],
    },
    verdict: 'failed 2 by last line',
    ran: 'once',
  },
  {
    row: '18 its agent begins again',
    story: {
      moments: [
        ...begun,
        { at: 14, agent: { lifecycle_state: 'ready' } },
        { at: 20, agent: { lifecycle_state: 'starting' } },
      ],
    },
    ...{ verdict: 'unknown', says: /may have run twice/, ran: 'perhaps twice' },
  },
  {
    row: '18 its wrapper says that it had run before',
    story: {
      moments: [...begun, ended(14, 97)],
      log: [
        [
          13,
          `VIGIL_RESULT {"nonce":"${NONCE}","ran":false,"rc":97,"why":"this workspace has already begun its script"}`,
        ],
      ],
    },
    ...{ verdict: 'unknown', says: /may have run twice/, ran: 'perhaps twice' },
  },
  {
    row: '18 two last lines that differ',
    story: {
      moments: [...begun, ended(14, 0)],
      log: [
        [13, trailer(0)],
        [14, trailer(1)],
      ],
    },
    ...{ verdict: 'unknown', says: /came twice/, ran: 'perhaps twice' },
  },
  {
    row: '19 its node is lost',
    story: { moments: [...begun, { at: 12, agent: { status: 'disconnected' } }] },
    verdict: 'unknown',
    says: /lost its connection/,
    ran: 'perhaps',
  },
  {
    row: '19 its agent is killed, and the script goes on to its end',
    story: { moments: [...begun, { at: 12, agent: { status: 'disconnected' } }], log: [[11, trailer(0)]] },
    verdict: 'succeeded 0 by last line',
    ran: 'once',
  },
  {
    row: '20 somebody stops its workspace',
    story: {
      moments: [
        ...begun,
        other(12, 'stop', 'initiator', 'stopping', 'running'),
        other(15, 'stop', 'initiator', 'stopped', 'succeeded'),
      ],
    },
    verdict: 'unknown',
    says: /stopped by somebody/,
    ran: 'perhaps',
  },
  {
    row: '20 Coder stops its workspace',
    story: { moments: [...begun, other(12, 'stop', 'autostop', 'stopping', 'running')] },
    verdict: 'unknown',
    says: /stopped by Coder \(autostop\)/,
    ran: 'perhaps',
  },
  {
    row: '20 it had ended before it was stopped',
    story: {
      moments: [...begun, ended(12, 0), other(15, 'stop', 'initiator', 'stopped', 'succeeded')],
      log: [[11, 'x']],
    },
    verdict: 'succeeded 0 by exit code',
    ran: 'once',
  },
  {
    row: '21 a stop that fails',
    story: { moments: [...begun, other(12, 'stop', 'initiator', 'failed', 'failed')] },
    verdict: 'unknown',
    says: /stopped/,
    ran: 'perhaps',
  },
  {
    row: '22 somebody starts it again',
    story: {
      moments: [...begun, { at: 14, build: { id: 'n', build_number: 3 }, agent: { id: 'a2' } }],
      log: [[13, trailer(0)]],
    },
    verdict: 'unknown',
    says: /started again: it may have run twice/,
    ran: 'perhaps twice',
  },
  {
    row: '23 somebody deletes its workspace',
    story: {
      moments: [
        ...begun,
        other(12, 'delete', 'initiator', 'deleting', 'running'),
        other(16, 'delete', 'initiator', 'deleted', 'succeeded'),
      ],
    },
    verdict: 'unknown',
    says: /deleted by somebody/,
    ran: 'perhaps',
  },
  {
    ...refused(
      '27 the name is another script’s',
      { before: 'another script' },
      /not of this script; it is left alone/,
    ),
  },
  {
    row: '27 the name is an earlier run’s',
    story: { before: 'an earlier run' },
    verdict: 'unknown',
    says: /earlier run/,
    ran: 'perhaps',
  },
  {
    row: '27 a workspace of this name existed before',
    story: { before: 'deleted' },
    verdict: 'unknown',
    says: /existed before/,
    ran: 'perhaps',
  },
  {
    row: '28 two creations at once: 500, and it is there',
    story: { ...well, create: [{ answer: json(500, 'Internal server error'), made: true }] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '28 its creation is carried out and the answer lost',
    story: { ...well, create: [{ answer: html(502), made: true }] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '28 its creation is lost on the way',
    story: { ...well, create: [{ answer: nothing, made: false }, {}] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  refused(
    '29 its version is archived',
    refusal(500, 'Archived template versions cannot be used to make a workspace.', {
      validations: [{ field: 'template_version_id', detail: 'template version archived' }],
    }),
    /Archived template versions/,
  ),
  refused(
    '30 its version is not known',
    refusal(400, 'Invalid template version.', {
      validations: [{ field: 'template_version_id', detail: 'unknown' }],
    }),
    /template_version_id: unknown/,
  ),
  refused(
    '31 the template demands its active version',
    refusal(403, 'Internal error inserting workspace build.', {
      detail: 'cannot use non-active version for "start" transition',
    }),
    /non-active version/,
  ),
  refused(
    '32 the template is deprecated',
    refusal(400, 'Template "x" has been deprecated, and cannot be used to create a new workspace.', {
      detail: 'use the other',
    }),
    /use the other/,
  ),
  refused(
    '33 its version is being imported',
    refusal(406, 'The provided template version is running. Wait for it to complete importing!'),
    /Wait for it/,
  ),
  refused(
    '34 a parameter is missing',
    refusal(400, 'Unable to validate parameters', {
      validations: [{ field: 'nonce', detail: 'Required parameter not provided' }],
    }),
    /nonce: Required parameter not provided/,
  ),
  refused(
    '36 its body is not understood',
    refusal(400, 'Validation failed.', { validations: [{ field: 'name', detail: 'bad' }] }),
    /name: bad/,
  ),
  refused(
    '37 it may not be created',
    refusal(403, 'Unauthorized to create workspace.'),
    /Unauthorized to create workspace/,
  ),
  refused(
    '38 somebody must sign in elsewhere first',
    refusal(403, 'External auth required', { validations: [{ field: 'external_auth', detail: 'github' }] }),
    /external_auth: github/,
  ),
  refused('39 the token is not taken', { ...refusal(401, 'You are signed out.') }, /You are signed out/),
  {
    row: '39 the token ends while it runs',
    story: { ...well, outages: [[10, 10_000, json(401, 'User is not active (status = "suspended").')]] },
    verdict: 'unknown',
    says: /token is not taken any more.*suspended/,
    ran: 'perhaps',
  },
  refused(
    '40 a scope is missing',
    refusal(404, 'Resource not found or you do not have access to this resource'),
    /404/,
  ),
  {
    row: '41 too many requests for a minute',
    story: { ...well, outages: [[9, 40, json(429, 'You’ve been rate limited')]] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '41 too many requests when it is created',
    story: { ...well, create: [{ answer: json(429, 'You’ve been rate limited'), made: false }, {}] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '42 a proxy answers for a while',
    story: { ...well, outages: [[9, 30, html(404)]] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '42 a proxy answers for ever',
    story: { ...well, outages: [[9, 10_000, html(502)]] },
    verdict: 'unknown',
    says: /could not be read/,
    ran: 'perhaps',
  },
  {
    row: '43 somebody makes it dormant: it is not to be seen',
    story: { moments: [...begun, { at: 12, workspace: { hidden: true } }] },
    verdict: 'unknown',
    says: /not to be seen any more.*dormant/,
    ran: 'perhaps',
  },
  {
    row: '43 it is dormant, and seen with a token that may',
    story: { ...well, moments: [...begun, { at: 10, workspace: { dormant_at: 'then' } }, ended(14, 0)] },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  {
    row: '44 it is a prepared one, whose scripts have run',
    story: { ...well, buildNumber: 2 },
    verdict: 'unknown',
    says: /prepared ones/,
    ran: 'perhaps',
  },
  {
    row: '45 an agent of its agent',
    story: {
      ...well,
      moments: [
        ...begun,
        {
          at: 9,
          more: [
            {
              id: 'child',
              parent_id: 'a',
              name: 'dev',
              status: 'connected',
              lifecycle_state: 'ready',
              scripts: [
                {
                  id: 'x',
                  log_source_id: 'y',
                  display_name: 'remediation',
                  run_on_start: true,
                  exit_code: 9,
                  status: 'exit_failure',
                },
              ],
            },
          ],
        },
        ended(14, 0),
      ],
    },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
  refused('47 its body is too large', refusal(413, 'Request body too large.'), /Request body too large/),
  {
    row: '48 its script cannot be begun',
    story: { moments: [...begun, { at: 12, agent: { lifecycle_state: 'start_error' } }] },
    verdict: 'unknown',
    says: /cannot be begun, or a full disk/,
    ran: 'perhaps',
  },
  {
    row: '49 the cluster refuses its pod',
    story: {
      moments: [
        pending,
        building,
        {
          at: 6,
          build: { status: 'failed' },
          job: { status: 'failed', error: 'pods "x" is forbidden: violates PodSecurity "restricted:latest"' },
        },
      ],
    },
    verdict: 'provision_failed',
    says: /PodSecurity/,
    ran: 'never',
  },
  {
    row: 'a second agent beside it',
    story: {
      moments: [
        ...begun,
        {
          at: 9,
          more: [
            {
              id: 'b2',
              parent_id: null,
              name: 'zz',
              status: 'connected',
              lifecycle_state: 'ready',
              scripts: [],
            },
          ],
        },
      ],
    },
    verdict: 'unknown',
    says: /2 agents/,
    ran: 'perhaps',
  },
  {
    row: 'another template',
    story: { ...well, template: 'other' },
    verdict: 'unknown',
    says: /from the template “other”/,
    ran: 'perhaps',
  },
  {
    row: 'both witnesses say something else',
    story: { moments: [...begun, ended(14, 0)], log: [[13, trailer(3)]] },
    verdict: 'unknown',
    says: /exit code 0 \(ok\), and its last line says 3/,
    ran: 'once',
  },
  {
    row: 'the script forges a last line',
    story: {
      moments: [...begun, ended(14, 3)],
      log: [
        [12, 'VIGIL_RESULT {"nonce":"0","ran":true,"rc":0,"late":false}'],
        [12, 'VIGIL_RESULT {'],
        [12, 'VIGIL_RESULT null'],
        [13, trailer(3)],
      ],
    },
    verdict: 'failed 3 by both',
    ran: 'once',
  },
  {
    row: 'exit code 97 of the script itself',
    story: { moments: [...begun, ended(14, 97)], log: [[13, trailer(97)]] },
    verdict: 'failed 97 by both',
    ran: 'once',
  },
  {
    row: 'exit code 98, and nothing else is known',
    story: { moments: [...begun, ended(14, 98)] },
    verdict: 'unknown',
    ran: 'perhaps',
  },
  {
    row: 'its payload is not what was approved',
    story: {
      moments: [...begun, ended(14, 98)],
      log: [
        [
          13,
          `VIGIL_RESULT {"nonce":"${NONCE}","ran":false,"rc":98,"why":"the payload is not what was approved"}`,
        ],
      ],
    },
    verdict: 'refused',
    says: /not what was approved/,
    ran: 'never',
  },
  {
    row: 'a state that nobody knows yet',
    story: {
      ...well,
      moments: [
        ...begun,
        { at: 10, agent: { lifecycle_state: 'pondering', status: 'musing' }, job: { status: 'reviewed' } },
        { at: 12, agent: { lifecycle_state: 'starting', status: 'connected' }, job: { status: 'succeeded' } },
        ended(14, 0),
      ],
    },
    verdict: 'succeeded 0 by both',
    ran: 'once',
  },
];
