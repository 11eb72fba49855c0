// Walks through a site step by step, as a user would, and stops at the first step the site does not allow.
// It must never act twice in one step: a slow page must not lead to a second order.

import type { JourneyCheck, Step } from '#core/verification/checks';
import type { Session } from '../sessions.ts';
import { TooLate } from '../within.ts';
import { click, fill, press, select } from './acts.ts';
import { type Driver, type Said, watch } from './driver.ts';
import { expect } from './expectations.ts';
import type { Look } from './look.ts';

/** Walks once, in a session of its own. The reason names the number of the step, from 1. */
export function lookAtJourney(check: JourneyCheck, session: Session, signal: AbortSignal): Promise<Look> {
  return watch(session, check.timeout_s, signal, async (driver) => {
    driver.allow(askedAfter(check.steps, 0));
    const opened = await driver.open(check.start);
    if (opened !== null) return opened;
    for (const [at, step] of check.steps.entries()) {
      if (!('expect' in step)) driver.allow(askedAfter(check.steps, at + 1));
      const said = await take(driver, step).catch((error) => {
        if (error instanceof TooLate) return `not done within ${check.timeout_s} s of the whole journey`;
        throw error;
      });
      if (said !== null) return `step ${at + 1} (${Object.keys(step)[0]}): ${said}`;
    }
    return driver.errorPage();
  });
}

/** The status that the plan asks of the page that this act leads to. Any other error page ends the journey. */
function askedAfter(steps: readonly Step[], from: number): number | null {
  for (const step of steps.slice(from)) {
    if (!('expect' in step)) return null;
    if (step.expect.status !== undefined) return step.expect.status;
  }
  return null;
}

function take(driver: Driver, step: Step): Promise<Said> {
  if ('goto' in step) return driver.open(step.goto);
  if ('click' in step) return click(driver, step.click);
  if ('fill' in step) return fill(driver, step.fill.selector, step.fill.value);
  if ('select' in step) return select(driver, step.select.selector, step.select.value);
  if ('press' in step) return press(driver, step.press);
  return expect(driver, step.expect);
}
