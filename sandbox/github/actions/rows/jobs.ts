// Section J, and what is said of environments and identity: jobs as GitHub's documentation has them.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
import type { JobState } from '../types.ts';
import { ends, type Job, type JobRow, row, said } from './row.ts';

const job = (run: string, more: Job = {}): Job => ({ 'runs-on': 'x', steps: [{ run }], ...more });
/** A row of several jobs, each named after it; seen is how they ended. */
const graph = (id: string, jobs: Record<string, Job>, github: Record<string, string>): JobRow => ({
  ...{ id, github },
  jobs: Object.fromEntries(
    Object.entries(jobs).map(([key, { needs, ...rest }]) => [
      id + key,
      { ...rest, ...(needs ? { needs: [needs].flat().map((one) => id + one) } : {}) },
    ]),
  ),
  see: (all) => Object.fromEntries(Object.keys(github).map((key) => [key, all[id + key]?.conclusion])),
});
const rights = ({ steps: [setUp] }: JobState) =>
  setUp?.log.find((line) => line.startsWith('Permissions'))?.replace(/^.*token: (\{.*\}), .*$/, '$1');
const skipped = job('true', { if: 'false' });
const FAILING = job('exit 1');
const CLAIMS = `node -e 'fetch(process.env.ACTIONS_ID_TOKEN_REQUEST_URL, { headers: { authorization: "Bearer " + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN } }).then((r) => r.json()).then(({ value }) => {
  const c = JSON.parse(Buffer.from(value.split(".")[1], "base64url"));
  const { aud, runner_environment, actor_id, repository_visibility, repository_owner_id, job_workflow_sha } = c;
  console.log(JSON.stringify([c.exp - c.iat, c.nbf < c.iat, new URL(aud).pathname, c.check_run_id.length > 0, c.jti.length, runner_environment, actor_id, repository_visibility, repository_owner_id, job_workflow_sha.length, c.sub]));
})'`;
const everyRight = (level: string) => new RegExp(`^\\{("[a-z-]+":"${level}",?){10,}\\}$`);

export const jobs: JobRow[] = [
  graph('J01', { a: skipped, b: job('true', { needs: 'a' }) }, { b: 'skipped' }),
  graph('J02', { a: skipped, b: job('true', { needs: 'a', if: '!cancelled()' }) }, { b: 'success' }),
  graph(
    'J03',
    {
      a: FAILING,
      b: job('true', { needs: 'a', if: 'always()' }),
      c: job('true', { needs: 'b', if: 'failure()' }),
    },
    { c: 'success' },
  ),
  graph(
    'J04',
    {
      a: job('true'),
      b: job('true', { needs: 'a' }),
      c: job("test -z '${{ needs.J04a.result }}'", { needs: 'b' }),
    },
    { c: 'success' },
  ),
  row('J05', [{ run: 'exec sleep 30' }], ['cancelled', true], {
    job: { 'timeout-minutes': 1 },
    see: ({ conclusion, steps: [setUp] }) => [
      conclusion,
      /exceeded the maximum execution time/.test(setUp?.log.join() ?? ''),
    ],
  }),
  row('J07', [{ run: 'true' }], true, {
    job: { permissions: 'read-all' },
    see: (one) => everyRight('read').test(rights(one) ?? ''),
  }),
  row('J07-write', [{ run: 'true' }], true, {
    job: { permissions: 'write-all' },
    see: (one) => everyRight('write').test(rights(one) ?? ''),
  }),
  row('J10', [{ run: 'true' }], '{"contents":"read"}', {
    job: { permissions: { contents: 'read' } },
    see: rights,
  }),
  row('J11', [{ run: 'echo "[$ACTIONS_ID_TOKEN_REQUEST_TOKEN]"' }], '[]', { see: said }),
  graph(
    'J14',
    {
      a: {
        'runs-on': 'x',
        outputs: { x: '${{ steps.s.outputs.x }}' },
        steps: [{ id: 's', run: 'echo x=1 > $GITHUB_OUTPUT; exit 1' }],
      },
      b: job("test '${{ needs.J14a.outputs.x }}' = 1", { needs: 'a', if: 'always()' }),
    },
    { a: 'failure', b: 'success' },
  ),
  row('J16-environment', [{ run: 'echo "${#KEY}"', env: { KEY: '${{ secrets.KEY }}' } }], '10', {
    job: { environment: { name: 'J16-environment', deployment: false } },
    secrets: { KEY: 'sesame1234' },
    see: said,
  }),
  row(
    'J17-identity',
    [{ run: CLAIMS }],
    JSON.stringify([
      300,
      true,
      '/acme',
      true,
      36,
      'github-hosted',
      '10',
      'private',
      '65',
      40,
      'repo:acme@65/vigil@74:ref:refs/heads/main',
    ]),
    {
      job: { permissions: { 'id-token': 'write' } },
      see: said,
    },
  ),
  row(
    'J18-continue',
    [{ run: 'exit 1' }, { run: 'true' }, { if: 'failure()', run: 'true' }],
    ['failure', 'skipped', 'success'],
    { see: ends },
  ),
];
