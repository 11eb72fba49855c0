// Types a secret into a field, as a person does who looks where they are first.
// Must never type one on a page of another origin than those it is for, into a frame, or by anything that a page could read it from
// before: it is no part of what is asked of a page. Nobody takes a picture of a look; who begins to has to leave out those with secrets.
import { type CheckSecrets, filled, refusalAt, secretsIn } from '#core/verification/secrets';
import type { Step } from '#core/verification/steps';
import { askTarget } from '../in-page/ask.ts';
import type { Driver, Said } from './driver.ts';

type Fill = Extract<Step, { fill: object }>;

/** What a step fills needs a secret. */
export const needsSecret = (step: Step): step is Fill =>
  'fill' in step && secretsIn({ kind: 'journey', steps: [step] }).length > 0;

export async function typeSecret(driver: Driver, step: Fill, secrets: CheckSecrets): Promise<Said> {
  const { selector, value } = step.fill;
  const names = secretsIn({ kind: 'journey', steps: [step] });
  mayGo(driver, names, secrets);
  const said = await driver.until(async () => {
    const { why, done, readOnly } = asKind(
      await driver.evaluate(askTarget(driver.layout, 'field', selector, '')),
    );
    if (why === 'missing') return `${selector} is missing from the page itself`;
    if (why !== undefined) return `${selector} cannot be used: ${why}`;
    return done || readOnly ? `${selector} takes no text` : null;
  });
  if (said !== null) return said;
  // Somebody may have led on, or a frame may have taken the keys for itself.
  mayGo(driver, names, secrets);
  const holder = await driver.evaluate('document.activeElement ? document.activeElement.tagName : ""');
  if (/^(|BODY|HTML|I?FRAME|OBJECT|EMBED)$/.test(String(holder))) return `${selector} does not keep the keys`;
  await driver.timed(driver.tabs.here().page.keyboard.sendCharacter(filled(value, secrets)));
  return null;
}

/** Says nothing of the service: another page than the plan's author meant is no proof that it is broken. */
function mayGo(driver: Driver, names: readonly string[], secrets: CheckSecrets): void {
  const at = URL.parse(driver.tabs.here().page.mainFrame().url())?.origin ?? null;
  const refusal = refusalAt(at === 'null' ? null : at, names, secrets);
  if (refusal !== null) throw new Error(refusal);
}

const asKind = (answer: unknown): { why?: string; done?: boolean; readOnly?: boolean } =>
  typeof answer === 'object' && answer !== null ? answer : { why: 'missing' };
