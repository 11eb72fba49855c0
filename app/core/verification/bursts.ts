// How large a burst may be and how long it takes: of requests, which are cheap, or of browser sessions, which are dear.
// Must never send so much at once that it is itself what hurts the service.
import * as z from 'zod';
import { boundOf } from './rates/bound.ts';

export type Size = {
  readonly least: number;
  readonly most: number;
  readonly at_once: number;
  /** After so many seconds none is begun any more. What was begun may take its time. */
  readonly begins_s: number;
};

export const REQUESTS: Size = { least: 20, most: 2000, at_once: 10, begins_s: 30 };
/**
 * A session is a browser's memory and a page with all that belongs to it. Four at once are what a small runner and a service that is
 * already ill can bear; fifty of them take a quarter of a minute when all is well, and a minute when it is not.
 */
export const SESSIONS: Size = { least: 5, most: 50, at_once: 4, begins_s: 60 };
/** What a session asks for: the page, its scripts, styles and pictures. */
export const REQUESTS_A_SESSION = 10;
/** What a session takes at least, with a browser context of its own. */
const SESSION_S = 1;

/** The two words of a plan: how much may fail, as `<= 1 %`, of a burst of so many a look. They go together. */
export const rateWords = (size: Size) => ({
  failing: z
    .string()
    .max(40)
    .refine((words) => boundOf(words) !== null, 'says how much may fail, from <= 0.01 % to <= 50 %')
    .optional(),
  of: z.int().min(size.least).max(size.most).optional(),
});

export const areTogether = ({ failing, of }: { failing?: string | undefined; of?: number | undefined }) =>
  (failing === undefined) === (of === undefined);
export const APART = {
  path: ['expect'],
  message: 'failing and of go together: how much may fail, and of how many requests or sessions a look',
};

/** Loads that are measured come one after the other, so that none slows another. */
export const loadsTake = (loads: number): number => loads * SESSION_S;
/** So many seconds a burst of sessions takes when the service is well. */
export const sessionsTake = (of: number): number => Math.ceil(of / SESSIONS.at_once) * SESSION_S;
