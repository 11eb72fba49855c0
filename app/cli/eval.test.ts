import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Claude, startClaude } from '../../sandbox/claude/server.ts';
import { KEY, MODEL } from '../../test/support/claude.ts';
import { root } from '../../test/support/files.ts';
import { vigil } from '../../test/support/vigil.ts';
import { cliConfig } from '../config.ts';
import { main } from './main.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'eval-test-'));
  await cp(join(root, 'test/eval/vigil.yml'), join(dir, 'vigil.yml'));
  await cp(join(root, 'runbooks'), join(dir, 'runbooks'), { recursive: true });
  await mkdir(join(dir, 'cases'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const disk = `- id: disk-by-name
  alert: { title: Edge disk is almost full, service: PEDGE01, urgency: low, details: 'logs fill the disk' }
  expect: { runbook: edge-disk, kind: prune-logs, target: edge }
`;
const unlisted = `- id: nobody-knows
  alert: { title: Edge disk is almost full, service: PNOBODY, urgency: low }
  expect: human
`;
const wrong = `- id: not-this-one
  alert: { title: Edge disk is almost full, service: PEDGE01, urgency: low, details: 'logs fill the disk' }
  expect: human
`;

async function evaluated(cases: string, ...args: string[]) {
  await writeFile(join(dir, 'cases/cases.yml'), cases);
  return vigil(dir, ['eval', dir, ...args]);
}

describe('vigil eval by a model', () => {
  let claude: Claude;
  beforeAll(async () => {
    claude = await startClaude({ key: KEY });
  });
  afterAll(() => claude.close());
  const evaluatedBy = async (key: string, cases = disk) => {
    await writeFile(join(dir, 'cases/cases.yml'), cases);
    let out = '';
    let err = '';
    const code = await main(['eval', dir, '--provider', 'anthropic', '--json'], {
      cwd: dir,
      config: {
        ...cliConfig({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: claude.url, ANTHROPIC_MODEL: MODEL }),
      },
      colour: false,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      taken: async () => {},
      input: async function* () {},
    });
    return { code, out, err };
  };

  it('asks once a case, counts what it cost, and judges the answer as anybody’s', async () => {
    const { code, out } = await evaluatedBy(KEY);
    expect(code).toBe(0);
    const { provider, all, cases } = JSON.parse(out);
    expect(provider).toBe('anthropic');
    expect(cases[0]).toMatchObject({
      end: 'pull request',
      proposed: { runbook: 'edge-disk', target: 'edge' },
    });
    expect(all.usd).toBeGreaterThan(0);
    expect(claude.received).toHaveLength(1);
  });

  it('never asks about a service that is not in the inventory', async () => {
    const before = claude.received.length;
    const { out } = await evaluatedBy(KEY, unlisted);
    expect(JSON.parse(out).cases[0]).toMatchObject({ end: 'needs a person', usd: 0 });
    expect(claude.received.length).toBe(before);
  });

  it('ends when the key is refused, since nothing would be measured', async () => {
    const { code, err } = await evaluatedBy('sk-ant-wrong-0123456789');
    expect(code).toBe(1);
    expect(err).toMatch(/^vigil eval: Claude cannot be asked: unauthorized/);
    expect(err).not.toContain('sk-ant-wrong');
  });

  it('says which key is missing', async () => {
    const { code, err } = await evaluated(disk, '--provider', 'anthropic');
    expect(code).toBe(3);
    expect(err).toContain('--provider anthropic needs a key in ANTHROPIC_API_KEY');
  });
});

describe('vigil eval', () => {
  it('says of each case what came of it, with counts and intervals', async () => {
    const { code, out } = await evaluated(disk + unlisted);
    expect(code).toBe(0);
    expect(out).toContain('all: 2 cases');
    expect(out).toContain('right runbook first               1 of 1, 100.0 % (20.7 to 100.0)');
    expect(out).toContain('of 2 cases 2 right, 0 too careful, 0 wrong; cost 0.0000 USD');
  });

  it('names each wrong case and ends with 1 when a pull request stands where none should', async () => {
    const { code, out } = await evaluated(disk + wrong);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^wrong not-this-one \(cases, (tuning|held out)\): expected human, proposed edge-disk/m,
    );
    expect(out).toContain('below the bar: one pull request on traps, 0 may be');
    expect((await evaluated(disk + wrong, '--max-traps', '1')).code).toBe(0);
  });

  it('gives programs every case with what its pull request would carry', async () => {
    const { out } = await evaluated(disk, '--json');
    const parsed = JSON.parse(out);
    expect(parsed.cases[0]).toMatchObject({
      id: 'disk-by-name',
      end: 'pull request',
      first: { runbook: 'edge-disk' },
      proposed: { runbook: 'edge-disk', kind: 'prune-logs', target: 'edge' },
      pull: { risk: 'MEDIUM', verdict: 'review', lane: 'human' },
    });
  });

  it('takes a half without cases as below the bar, since nothing was shown', async () => {
    const { code, out } = await evaluated(disk, '--min-first', '0.9');
    expect(code).toBe(1);
    expect(out).toContain('0 of 0 is below 0.9');
  });

  it.each([
    [['--provider', 'oracle'], 'there is no provider "oracle"'],
    [['--min-first', 'most'], '"most" is no number from 0 to 1'],
    [['--bogus'], 'bogus'],
    [['--only', 'nothing-like-it'], 'no case has'],
  ])('ends with 3 on %o', async (args, said) => {
    const { code, err } = await evaluated(disk, ...args);
    expect(code).toBe(3);
    expect(err).toContain(said);
  });

  it('ends with 3 and names the file that is broken', async () => {
    const { code, err } = await evaluated('- id: x\n');
    expect(code).toBe(3);
    expect(err).toContain('cases.yml, case 1');
  });
});
