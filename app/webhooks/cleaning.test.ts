// A model's files on their way into the ledger: what a runbook on main holds was reviewed, everything else is looked at.
import { describe, expect, it } from 'vitest';
import { hearing, memoryLedger } from '../../test/support/hearing.ts';
import { KEY } from '../../test/support/incidents.ts';
import { proposalOf } from '../../test/support/proposals.ts';
import { purgeText, runbookOf } from '../../test/support/shop.ts';
import { withoutSecrets } from './cleaning.ts';

const runbook = runbookOf(
  purgeText.replace("url: '{SHOP_URL}/health'", "url: '{SHOP_URL}/health?buyer=jo.doe@acme.example'"),
);
const model = { ...proposalOf(runbook), by: 'model' as const };
const said = (proposal: typeof model, runbooks = [runbook]) =>
  withoutSecrets(
    hearing(memoryLedger()),
    KEY,
    [{ type: 'remediation.proposed', data: proposal }],
    runbooks,
  )[0];

describe('a model’s proposal', () => {
  it('may repeat what the runbook it cites holds on main', () =>
    expect(said(model)).toMatchObject({ type: 'remediation.proposed' }));

  it.each([
    [
      'one byte more',
      { ...model, files: { ...model.files, 'verify.yml': `${model.files['verify.yml']}\n` } },
      [runbook],
    ],
    ['a runbook that is not on main', model, []],
    ['a parameter no script could hold', { ...model, parameters: { SHOP_PURGE_URL: "x'; id" } }, [runbook]],
  ])('is not written down with personal data and %s', (_, proposal, runbooks) =>
    expect(said(proposal, runbooks)).toMatchObject({ type: 'incident.escalated', data: { code: 'privacy' } }),
  );
});
