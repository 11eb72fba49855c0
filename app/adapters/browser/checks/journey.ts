// Walks through a site step by step, as a user would, and stops at the first step the site does not allow.
// It must never act twice in one step: a slow page must not lead to a second order.

import type { JourneyCheck, Step } from '#core/verification/checks';
import type { Session } from '../sessions.ts';
import { TooLate } from '../within.ts';
import { type Driver, type Said, watch } from './driver.ts';
import type { Look } from './look.ts';

/** Walks once, in a session of its own. The reason names the number of the step, from 1. */
export function lookAtJourney(check: JourneyCheck, session: Session, signal: AbortSignal): Promise<Look> {
  return watch(session, check.timeout_s, signal, async (driver) => {
    const opened = await driver.open(check.start);
    if (opened !== null) return opened;
    for (const [at, step] of check.steps.entries()) {
      const said = await take(driver, step).catch((error) => {
        if (error instanceof TooLate) return `not done within ${check.timeout_s} s of the whole journey`;
        throw error;
      });
      if (said !== null) return `step ${at + 1} (${Object.keys(step)[0]}): ${said}`;
    }
    return null;
  });
}

function take(driver: Driver, step: Step): Promise<Said> {
  if ('goto' in step) return driver.open(step.goto);
  if ('click' in step) return driver.click(step.click);
  if ('fill' in step) return driver.fill(step.fill.selector, step.fill.value);
  if ('select' in step) return driver.select(step.select.selector, step.select.value);
  if ('press' in step) return driver.pressEnter();
  return driver.expect(step.expect);
}
