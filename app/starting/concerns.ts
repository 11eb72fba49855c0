// What does not work outside, as last seen: told in the log when it comes, when it changes and when it is over, and shown by
// /readyz for as long as it stays. Must never tell the same thing again with each look.
import type { Logger } from 'pino';
import { mended } from '#core/messages/starting';

/**
 * `stops`: Vigil cannot do its work like this. `reason`: what was answered, for the log alone. `kind`: stands for the sentence
 * where that has a number in it, which is no news.
 */
export type Concern = { says: string; stops: boolean; reason?: string; kind?: string };
export type Concerns = {
  /** Null: it works, as far as is known. */
  set(subject: string, concern: Concern | null): void;
  /** Sentences without secrets, those that stop Vigil apart. */
  list(): { stops: string[]; warns: string[] };
};

export function openConcerns(log: Pick<Logger, 'error' | 'warn' | 'info'>): Concerns {
  const known = new Map<string, Concern>();
  const said = (stops: boolean): string[] =>
    [...known.values()].flatMap((one) => (one.stops === stops ? [one.says] : []));
  return {
    set(subject, concern) {
      const before = known.get(subject);
      if (!concern) {
        if (known.delete(subject)) log.info(mended(subject));
        return;
      }
      known.set(subject, concern);
      const { says, stops, reason, kind = says } = concern;
      if ((before?.kind ?? before?.says) === kind && before?.stops === stops) return;
      const how = stops ? 'error' : 'warn';
      log[how](reason === undefined ? {} : { reason }, says);
    },
    list: () => ({ stops: said(true), warns: said(false) }),
  };
}
