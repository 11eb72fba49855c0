// What somebody sees who checks a checkout before committing: this project's own passes, and each mistake is named with
// file, line, cause and cure.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vigil } from '../../test/support/vigil.ts';

const root = join(import.meta.dirname, '../..');
const SETTINGS = '.github/vigil.yml';
const RUNBOOK = 'runbooks/shop-checkout-errors.md';
let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-test-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  for (const file of [SETTINGS, RUNBOOK]) await cp(join(root, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Changes a file and gives the number of the line that changed first. */
async function edit(file: string, from: string, to: string): Promise<number> {
  const text = await readFile(join(dir, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(
    join(dir, file),
    text.replace(from, () => to),
  );
  return text.slice(0, text.indexOf(from)).split('\n').length;
}

describe('vigil check', () => {
  it('passes this project itself', async () => {
    const { out, code } = await vigil(root, ['check']);
    expect(out).toMatch(/^ok: \.github\/vigil\.yml and \d+ runbooks, no problems, /m);
    expect(code).toBe(0);
  });

  const mistakes: [what: string, file: string, from: string, to: string, offset: number, said: string][] = [
    [
      'a misspelt key of the settings',
      SETTINGS,
      'expires_hours: 4',
      'expire_hours: 4',
      0,
      '`expire_hours` is not a key of approval. Remove it or correct its spelling.',
    ],
    [
      'a threshold below the floor',
      SETTINGS,
      'confidence: 90',
      'confidence: 60',
      0,
      '`auto.confidence` is too small. Write at least 90.',
    ],
    [
      'an effect that nobody knows',
      SETTINGS,
      'effect: cache.purge',
      'effect: cache.erase',
      0,
      '`services.PSHOP01.actions.0.effect` has a value that is not known. Write one of read, cache.purge, ',
    ],
    [
      'a script that outlasts its job',
      SETTINGS,
      'script_seconds: 60',
      'script_seconds: 7200',
      0,
      'timeouts.script_seconds is 7200, and the job that runs a script is cut after 90 minutes, so that it would be lost. Set it to at most 1600.',
    ],
    [
      'a verification that outlasts its job',
      SETTINGS,
      'verify_seconds: 120',
      'verify_seconds: 3600',
      0,
      'timeouts.verify_seconds is 3600, and the job that verifies is cut after 30 minutes, so that nobody would hear what it saw. Set it to at most 1060.',
    ],
    [
      'a workspace that is stopped before its script ends',
      SETTINGS,
      'ttl_minutes: 60',
      'ttl_minutes: 15',
      0,
      'workspace.ttl_minutes is 15, and a script of 60 s may need its workspace for 21: it would be stopped on its way. Set it to at least 21.',
    ],
    [
      'a verification that is spread over more than the settings allow',
      RUNBOOK,
      'green: { need: 5, of: 5, over_s: 4 }',
      'green: { need: 5, of: 5, over_s: 121 }',
      0,
      'symptom.green.over_s is 121, and timeouts.verify_seconds of vigil.yml is 120. Set it to at most 120.',
    ],
    [
      'a look before the run that outlasts its job',
      RUNBOOK,
      'red: { need: 3, of: 5, over_s: 2 }',
      'red: { need: 3, of: 5, over_s: 301 }',
      0,
      'symptom.red.over_s is 301, and a look whether it is red may last 300 s. Set it to at most 300.',
    ],
    ['YAML that is none', SETTINGS, 'auto:', 'auto: [', 2, 'not YAML: '],
    [
      'an action named twice',
      SETTINGS,
      'id: restart-workers',
      'id: purge-cache',
      0,
      'the action purge-cache of PSHOP01 is named twice. Rename one of the two.',
    ],
    [
      'a rule of the policy without a condition',
      SETTINGS,
      'approval:',
      'policy: { rules: [{ name: ours, verdict: refuse, because: No }] }\napproval:',
      0,
      '`policy.rules.0`: a rule names at least one of command, effect, target, service, replicas_over, from, until, freeze, change_window and cool_down',
    ],
    [
      'a rule of the policy that would allow',
      SETTINGS,
      'approval:',
      'policy:\n  rules:\n    - name: ours\n      verdict: allow\n      because: No\n      command: rm\napproval:',
      3,
      '`policy.rules.0.verdict` has a value that is not known. Write one of review, refuse.',
    ],
    [
      'a rule for a service that is not there',
      SETTINGS,
      'approval:',
      'policy:\n  rules:\n    - name: ours\n      verdict: refuse\n      because: No\n      service: shopp\napproval:',
      5,
      'no service is called shopp, so the rule ours never holds for it. Correct the name.',
    ],
    [
      'a zone of a freeze that is not there',
      SETTINGS,
      'approval:',
      "policy:\n  rules:\n    - name: ours\n      verdict: refuse\n      because: No\n      freeze:\n        - from: '09:00'\n          to: '17:00'\n          zone: Europe/Atlantis\napproval:",
      8,
      '`policy.rules.0.freeze.0.zone` has the wrong form. Expected here: a time zone of the IANA list, such as Europe/Berlin, or UTC.',
    ],
    [
      'a target that heals itself by nobody',
      SETTINGS,
      '    name: shop\n',
      '    name: shop\n    self_heal: true\n',
      1,
      '`services.PSHOP01.self_heal`: says how it is managed, and nothing says by whom; write managed_by beside it.',
    ],
    [
      'a runbook for a service that is not in the inventory',
      RUNBOOK,
      'service: shop',
      'service: shoop',
      0,
      'no service of vigil.yml is called shoop, so this runbook never matches. Correct the name, or add the service.',
    ],
    [
      'a parameter that the inventory does not have',
      RUNBOOK,
      'SHOP_CACHE_PURGE_URL]',
      'SHOP_CACHE_ERASE_URL]',
      0,
      'PSHOP01 has no parameter SHOP_CACHE_ERASE_URL. Add it under services.PSHOP01.parameters in vigil.yml, or correct the name.',
    ],
    [
      'a check of an unknown kind',
      RUNBOOK,
      'kind: journey',
      'kind: wander',
      0,
      '`checks.0.kind` is of no known kind. Write one of http, page, journey',
    ],
    [
      'a plan with a parameter the runbook does not name',
      RUNBOOK,
      "start: '{SHOP_URL}",
      "start: '{SHOP_HOME}",
      0,
      'the verify plan does not bind: the inventory has no SHOP_HOME.',
    ],
    [
      'a script that the policy refuses',
      RUNBOOK,
      'echo "Purging the price cache"\n',
      'echo "Purging the price cache"\nrm -rf /var/lib/shop\n',
      1,
      'the policy refuses this: ',
    ],
    [
      'front matter that is never closed',
      RUNBOOK,
      '---\n# ',
      '# ',
      -13,
      'the front matter is not closed by ---.',
    ],
    ['no fix', RUNBOOK, '```bash fix', '```bash', -15, 'needs exactly one ```bash fix block, has 0'],
  ];

  it.each(mistakes)('names %s', async (_, file, from, to, offset, said) => {
    const line = await edit(file, from, to);
    const { out, code } = await vigil(dir, ['check']);
    expect(out).toContain(`${file}:${line + offset}: ${said}`);
    expect(out).toContain('failed: ');
    expect(code).toBe(1);
  });

  it('names every mistake of a file, and gives the same as JSON', async () => {
    await edit(SETTINGS, 'v: 1', 'v: 2');
    await edit(SETTINGS, 'reviews: 1', 'reviews: none');
    const { out, code } = await vigil(dir, ['check', '.', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      files: [SETTINGS, RUNBOOK],
      problems: [
        { file: SETTINGS, line: 4, level: 'problem', cause: expect.stringContaining('`v`'), cure: 'Write 1' },
        { line: 26, cause: '`approval.reviews` has the wrong type', cure: 'Write a number' },
      ],
    });
    expect(code).toBe(1);
  });

  it('warns of what a person should look at, and does not fail for it', async () => {
    await edit(RUNBOOK, 'risk: LOW', 'risk: HIGH');
    const auto = await edit(RUNBOOK, 'approval: auto', 'approval: auto');
    const { out, code } = await vigil(dir, ['check']);
    expect(out).toContain(`${RUNBOOK}:${auto}: warning: approval: auto has no effect: `);
    expect(code).toBe(0);
  });

  it('names two runbooks of one id, a missing vigil.yml and a missing directory', async () => {
    await cp(join(dir, RUNBOOK), join(dir, 'runbooks/shop-checkout-errors-2.md'));
    expect((await vigil(dir, ['check'])).out).toContain('the id shop-checkout-errors is that of runbooks/');
    await rm(join(dir, SETTINGS));
    const without = await vigil(dir, ['check']);
    expect(without.out).toContain('.github/vigil.yml:1: there is no such file');
    expect(without.code).toBe(1);
    const nowhere = await vigil(dir, ['check', 'nowhere']);
    expect(nowhere.err).toContain('nowhere is no directory');
    expect(nowhere.code).toBe(2);
  });
});
