// Which checks may have a picture taken of them, and how many. Pixels cannot be redacted, so a picture stays with its run, or at a desk.
// Must never allow one of a page that may show a secret, nor of many pages at once.
import { isNamed } from './secrets.ts';

/** Of one job. The width is the browser's window. */
export const PICTURES = { most: 4, bytes: 2 * 1024 * 1024, width: 1280 } as const;
/** So long the run keeps them. */
export const PICTURE_DAYS = 7;

/** What a picture shows, without the picture. */
export type Pictured = { readonly check: string; readonly at: number; readonly outcome: 'pass' | 'fail' };

type Words = { readonly screenshot?: true; readonly expect?: { readonly failing?: string } };

/** Why a check may not ask for a picture, or null. */
export function pictureFault(check: object): string | null {
  const { screenshot, expect } = check as Words;
  if (screenshot === undefined) return null;
  if (isNamed(check)) return 'a page that was given a secret is never pictured';
  return expect?.failing === undefined ? null : 'a burst is many pages, and none of them is pictured';
}

/** Whether this look may be pictured. Asked again when it is taken: a plan of another release may say less. */
export const mayPicture = (check: object): boolean =>
  (check as Words).screenshot === true && pictureFault(check) === null;

/** `home-fail-2026-11-03T02-14-05-120Z.jpg` */
export const pictureName = ({ check, at, outcome }: Pictured): string =>
  `${check}-${outcome}-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}.jpg`;
