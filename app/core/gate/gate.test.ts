// The last gate before a run: each condition alone must close it. The incident is really judged, so digests are real.
import { describe, expect, test } from 'vitest';
import { decisionText } from '#core/decision';
import { indexOf, leaseHolder } from '#core/incident/open-index';
import {
  fact,
  incidentOf,
  KEY,
  OPENED,
  untilMerged,
  untilProposed,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { mergedIncident } from '../../../test/support/proposals.ts';
import { flagText, purgeText, runbookOf, SETTINGS_SHA256, shopSettings } from '../../../test/support/shop.ts';
import { type GateInput, mayRun } from './gate.ts';

const runbook = runbookOf(flagText);
const { incident, proposal, judged } = mergedIncident(runbook);
const files = Object.fromEntries(
  Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
const open: GateInput = {
  incident,
  onMain: { files, runbookSha256: runbook.sha256 },
  settings: shopSettings(),
  settingsSha256: SETTINGS_SHA256,
  held: false,
  leasedTo: null,
  changes: [],
  now: OPENED,
};

describe('the last gate', () => {
  test('opens when all it looks at again still holds', () => {
    const digest = judged.digest.slice(0, 12);
    expect(decisionText(mayRun(open))).toBe(
      [
        '✓ may run: all 10 conditions hold',
        '  ✓ approved: approved by @olga',
        '  ✓ stage: the incident is SYNTHESIZING',
        '  ✓ merged: merged as bbbbbbb',
        '  ✓ same files: the folder holds fix.sh remediation.yml undo.sh verify.yml',
        `  ✓ same digest: on main ${digest}, approved ${digest}`,
        '  ✓ not expired: approved until 2026-11-03T07:00:00.000Z',
        '  ✓ policy: the policy says allow, lane human',
        '  ✓ no freeze: freeze: false',
        '  ✓ no hold: not held',
        '  ✓ lease: shop is free',
      ].join('\n'),
    );
  });

  const names = (change: Partial<GateInput>) =>
    mayRun({ ...open, ...change })
      .children.filter(({ ok }) => !ok)
      .map(({ name }) => name);
  const onMain = (change: Record<string, string>) => ({ ...open.onMain, files: { ...files, ...change } });
  const { 'undo.sh': _undo, ...withoutUndo } = files;
  const unmerged = incidentOf(
    incident.records.slice(0, -1).map(({ type, data }) => fact(type, data)),
    OPENED,
  );
  const auto = mergedIncident(runbookOf(purgeText), { lane: 'auto', by: [] });
  const autoFiles = { ...auto.proposal.files } as Record<string, string>;

  test.each<[string, Partial<GateInput>, string[]]>([
    [
      'the script has one byte more',
      { onMain: onMain({ 'fix.sh': `${files['fix.sh']} ` }) },
      ['same digest'],
    ],
    ['the undo was changed', { onMain: onMain({ 'undo.sh': 'true\n' }) }, ['same digest']],
    ['the checks were changed', { onMain: onMain({ 'verify.yml': 'v: 1\n#\n' }) }, ['same digest']],
    ['the manifest was changed', { onMain: onMain({ 'remediation.yml': 'v: 2\n' }) }, ['same digest']],
    ['a file came in', { onMain: onMain({ 'more.sh': '' }) }, ['same files', 'same digest']],
    ['the undo is gone', { onMain: { ...open.onMain, files: withoutUndo } }, ['same files']],
    ['the folder is gone', { onMain: { ...open.onMain, files: {} } }, ['same files']],
    ['the runbook changed', { onMain: { ...open.onMain, runbookSha256: '1'.repeat(64) } }, ['same digest']],
    ['the runbook is gone', { onMain: { ...open.onMain, runbookSha256: null } }, ['same digest']],
    ['vigil.yml changed', { settingsSha256: '6'.repeat(64) }, ['same digest']],
    [
      'the template changed',
      {
        settings: shopSettings({
          workspace: { template: 'vigil-remediate', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b12' },
        }),
      },
      ['same digest'],
    ],
    ['the approval ran out this moment', { now: new Date('2026-11-03T07:00:00.000Z') }, ['not expired']],
    ['it is held', { held: true }, ['no hold']],
    ['somebody else is at work', { leasedTo: 'pd-other1' }, ['lease']],
    [
      'the script was started already',
      { incident: withFacts(incident, [fact('remediation.started')]) },
      ['stage'],
    ],
    ['the incident ended', { incident: withFacts(incident, [fact('alert.cleared')]) }, ['stage']],
    ['it is not merged', { incident: unmerged }, ['merged']],
    ['it was withdrawn', { incident: withFacts(incident, [fact('remediation.withdrawn')]) }, ['proposed']],
    ['nobody approved', { incident: incidentOf(untilProposed) }, ['approved']],
    ['the service left the inventory', { settings: shopSettings({ services: {} }) }, ['in the inventory']],
  ])('is closed when %s', (_, change, closed) => {
    expect(names(change)).toEqual(expect.arrayContaining(closed));
    expect(mayRun({ ...open, ...change }).ok).toBe(false);
  });

  test('is closed by a policy that has come to refuse the script', () => {
    const poorer = shopSettings();
    const service = poorer.services['PSHOP01'];
    if (!service) throw new Error('no shop');
    const settings = { ...poorer, services: { PSHOP01: { ...service, actions: [] } } };
    expect(names({ settings })).toEqual(['policy']);
  });

  test('is closed in a freeze for the auto lane only', () => {
    const settings = shopSettings({ auto: { enabled: true, freeze: true } });
    const input = {
      ...open,
      incident: auto.incident,
      onMain: { files: autoFiles, runbookSha256: runbookOf(purgeText).sha256 },
    };
    expect(mayRun(input).ok).toBe(true);
    expect(names({ ...input, settings })).toEqual(['no freeze']);
    expect(mayRun({ ...open, settings }).ok).toBe(true);
  });
});

test('what runs without a person is LOW still, by the inventory as it is now', () => {
  const { services } = shopSettings();
  const shop = services['PSHOP01'];
  if (!shop) throw new Error('no shop');
  const actions = shop.actions.map((one) => ({ ...one, effect: 'session.end' as const }));
  const settings = shopSettings({ services: { PSHOP01: { ...shop, actions } } });
  const alone = mergedIncident(runbookOf(purgeText), { lane: 'auto', by: [] });
  const decision = mayRun({
    ...open,
    incident: alone.incident,
    onMain: {
      files: { ...alone.proposal.files } as Record<string, string>,
      runbookSha256: runbookOf(purgeText).sha256,
    },
    settings,
  });
  expect(decision.children.filter(({ ok }) => !ok).map(({ reason }) => reason)).toEqual([
    'the policy says allow, lane auto, risk MEDIUM',
  ]);
});

describe('the lease of a service', () => {
  const holder = (list: Parameters<typeof incidentOf>[0], target = 'shop', except = 'pd-other1') =>
    leaseHolder(indexOf([incidentOf(list)], null, OPENED), target, except);
  const started = [...untilMerged, fact('remediation.started')];
  const refuted = [...untilVerifying, fact('recovery.refuted')];
  const undoable = [
    ...untilProposed.slice(0, -2),
    fact('remediation.proposed', {
      files: { 'fix.sh': 'a', 'undo.sh': 'b', 'verify.yml': 'c', 'remediation.yml': 'd' },
    }),
    ...untilMerged.slice(untilProposed.length - 1),
    fact('remediation.started'),
    fact('remediation.finished'),
    fact('recovery.refuted', { worse: 'home was green and is red' }),
  ];
  const left = [...undoable.slice(0, -1), fact('recovery.refuted')];

  test.each([
    ['its script runs', started, KEY],
    ['its outcome is looked at', untilVerifying, KEY],
    ['nobody knows what its script did', [...started, fact('remediation.lost')], KEY],
    ['its undo is owed', undoable, KEY],
    ['its undo waits for a word', left, null],
    ['its undo was asked for', [...left, fact('undo.requested')], KEY],
    ['its undo runs', [...undoable, fact('undo.started')], KEY],
    ['its undo is done', [...undoable, fact('undo.started'), fact('undo.finished')], null],
    ['it only proposes', untilMerged, null],
    ['it is resolved', [...untilVerifying, fact('recovery.confirmed')], null],
    ['it failed and has no undo', refuted, null],
  ])('as it stands when %s', (_, list, key) => {
    expect(holder(list)).toBe(key);
  });

  test('is of one service, and an incident never waits for itself', () => {
    expect(holder(started, 'billing')).toBeNull();
    expect(holder(started, 'shop', KEY)).toBeNull();
  });
});
