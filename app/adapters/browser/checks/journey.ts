// Walks through a site step by step, as a user would, and stops at the first step the site does not allow.
// It must never act twice in one step: a slow page must not lead to a second order.

import type { JourneyCheck } from '#core/verification/checks';
import type { CheckSecrets } from '#core/verification/secrets';
import type { Step } from '#core/verification/steps';
import { withValues } from '#core/verification/variables';
import type { Session } from '../sessions.ts';
import { TooLate } from '../within.ts';
import { click, fill, press, select, tick, upload } from './acts.ts';
import type { Driver, Said } from './driver.ts';
import { expect } from './expectations.ts';
import type { Look, Wants } from './look.ts';
import { read } from './read.ts';
import { watchAndRead } from './reading.ts';
import { needsSecret, typeSecret } from './secret.ts';

/** Walks once, in a session of its own. The reason names the number of the step, from 1. */
export function lookAtJourney(
  check: JourneyCheck,
  session: Session,
  signal: AbortSignal,
  wants?: Wants,
  secrets: CheckSecrets = {},
): Promise<Look> {
  const walk = async (driver: Driver): Promise<Said> => {
    driver.allow(askedAfter(check.steps, 0));
    const opened = await driver.open(check.start);
    if (opened !== null) return opened;
    const values = new Map<string, string>();
    for (const [at, written] of check.steps.entries()) {
      const step = withValues(written, values);
      if (!('expect' in step)) driver.allow(askedAfter(check.steps, at + 1));
      // By what the plan says, before any word of the page came into it.
      const taken = needsSecret(written) ? typeSecret(driver, written, secrets) : take(driver, step, values);
      const said = await taken.catch((error) => {
        if (error instanceof TooLate) return `not done within ${check.timeout_s} s of the whole journey`;
        throw error;
      });
      if (said !== null) return `step ${at + 1} (${Object.keys(step)[0]}): ${said}`;
    }
    return driver.errorPage();
  };
  return watchAndRead(session, check, signal, walk, wants);
}

/** The status that the plan asks of the page that this act leads to. Any other error page ends the journey. */
function askedAfter(steps: readonly Step[], from: number): number | null {
  for (const step of steps.slice(from)) {
    if (!('expect' in step)) return null;
    if (step.expect.status !== undefined) return step.expect.status;
  }
  return null;
}

function take(driver: Driver, step: Step, values: Map<string, string>): Promise<Said> {
  if ('goto' in step) return driver.open(step.goto);
  if ('click' in step) return click(driver, step.click);
  if ('fill' in step) return fill(driver, step.fill.selector, step.fill.value);
  if ('select' in step) return select(driver, step.select.selector, step.select.value);
  if ('check' in step) return tick(driver, step.check, true);
  if ('uncheck' in step) return tick(driver, step.uncheck, false);
  if ('upload' in step) return upload(driver, step.upload.selector, step.upload.name, step.upload.content);
  if ('press' in step) return press(driver, step.press);
  if ('wait' in step) return driver.wait(step.wait);
  if ('dialog' in step) return driver.answer(step.dialog);
  if ('tab' in step) return Promise.resolve(driver.tabs.back() ? null : 'there is no tab before it');
  if ('read' in step) return read(driver, step.read, values);
  return expect(driver, step.expect);
}
