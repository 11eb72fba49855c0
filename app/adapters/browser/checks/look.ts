// What one look at a check saw. All kinds of check share it, so that pass, fail and "saw nothing" mean the same everywhere.
// It must never hold an exception: an accident on our side is an inconclusive look with its reason.

export type Look = {
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** Null for a pass. It may quote the page, so it is untrusted text: one line, at most 300 characters. */
  readonly reason: string | null;
  /** The browser went away. A look in a new browser may see more. */
  readonly lost: boolean;
  /** What the page said to people at the end, as it was: not redacted. Only where it was asked for. */
  readonly words?: string;
  /** What it looked like then, on Chromium. Only where it was asked for. */
  readonly picture?: Uint8Array;
};
/** Whether something of a page is wanted when a look at it ended so. */
export type Wanted = (outcome: 'pass' | 'fail') => boolean;
/** What is wanted besides the outcome. Left out: nothing. */
export type Wants = { readonly words?: Wanted | undefined; readonly picture?: Wanted | undefined };

export const pass: Look = { outcome: 'pass', reason: null, lost: false };
export const fail = (reason: string): Look => ({ outcome: 'fail', reason: oneLine(reason), lost: false });
export const sawNothing = (reason: string, lost = false): Look => ({
  outcome: 'inconclusive',
  reason: oneLine(reason),
  lost,
});

/** Text from outside, made safe for one line of a log or a fact. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** The first line of what was thrown, with the code of its cause. */
export function errorLine(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const cause = error.cause instanceof Error ? error.cause : null;
  const code = cause !== null && 'code' in cause ? ` (${String(cause.code)})` : '';
  return oneLine((cause?.message || error.message).split('\n')[0] ?? '') + code;
}

/** An address without user name, query and fragment, because those may hold a secret. */
export function place(address: string): string {
  if (!URL.canParse(address)) return oneLine(address);
  const { origin, pathname, href } = new URL(address);
  return oneLine(origin === 'null' ? (href.split(/[?#]/)[0] ?? '') : origin + pathname);
}
