import { expect, it } from 'vitest';
import { PastIncidentDocument } from '#core/knowledge/documents';
import { fact, incidentOf, must, untilProposed, untilVerifying } from '../../../test/support/incidents.ts';
import { correctionOf } from './correction.ts';
import { effectivenessOf, pastIncidentOf } from './past-incident.ts';

const about = { service: 'shop', failureTypes: ['error_rate', 'error_rate'], resolution: 'It helped.' };

it('is remembered with what was done and that it helped, in a shape the memory takes', () => {
  const document = pastIncidentOf(incidentOf([...untilVerifying, fact('recovery.confirmed')]), about);
  expect(PastIncidentDocument.safeParse(document).error).toBeUndefined();
  expect(document).toMatchObject({
    service: 'shop',
    failureTypes: ['error_rate'],
    outcome: 'resolved',
    effectiveness: 100,
    kind: 'purge-cache',
    hypothesis: 'Orders fail with 500.',
  });
});

it('has an effectiveness of nought when what ran did not help, and none when nothing ran', () => {
  const refuted = incidentOf([...untilVerifying, fact('recovery.refuted')]);
  expect(pastIncidentOf(refuted, about)).toMatchObject({ outcome: 'escalated', effectiveness: 0 });
  const rejected = incidentOf([...untilProposed, fact('remediation.rejected')]);
  expect(pastIncidentOf(rejected, about)?.effectiveness).toBeUndefined();
  expect(effectivenessOf(rejected)).toBe(null);
});

it('is nothing to remember while it goes on', () => {
  expect(pastIncidentOf(incidentOf(untilVerifying), about)).toBe(null);
});

it('keeps what a reviewer changed, line by line, and whose change it was', () => {
  const proposed = incidentOf(untilProposed);
  const files = must(proposed, 'remediation.proposed').files;
  const changed = incidentOf([
    ...untilProposed,
    fact('remediation.withdrawn'),
    fact('remediation.proposed', {
      by: 'person',
      pushed: { by: 'riley', head: 'a'.repeat(40) },
      files: { ...files, 'fix.sh': 'true\necho done\n' },
    }),
  ]);
  expect(correctionOf(changed)).toEqual({ by: 'riley', text: 'fix.sh\n+ echo done' });
  expect(correctionOf(proposed)).toBe(null);
});
