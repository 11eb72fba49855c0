// What the desk works with: the ledger, main, GitHub and the vendors, put together once at start.
// Must never hold state that decides something: such state is in the ledger.
import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clone } from '#adapters/git/clone';
import type { Ledger } from '#adapters/git/ledger';
import { readSource, type Source } from '#adapters/git/source';
import type { Repo } from '#adapters/github/api';
import { type Cleaned, skyflowClean } from '#adapters/skyflow';
import type { Fact } from '#core/ledger/facts';
import type { Testimony } from '#core/policy/second-witness';
import { createRedactor } from '#core/redact/redact';
import type { Config } from '../config.ts';

export type World = {
  config: Config;
  ledger: Ledger;
  repo: Repo;
  /** Clone for reading main and proposals' branches. */
  clone: Clone;
  /** main as it is now. Where this process's thresholds are stricter, they replace those of main. */
  source(): Promise<Source>;
  /** main as it was at most two seconds ago. It may decide whether something is due, never whether it is granted. */
  cachedSource(): Promise<Source>;
  /** Our own redactor for one incident's text. Within the incident, equal values get equal placeholders. */
  redact(key: string, text: string): string;
  /**
   * Cleans texts from outside: first our own redactor, then Skyflow where it is configured. When something fails, no text
   * comes back, and the caller writes a notice in place of each. `deadlineMs`: how long the caller can wait.
   */
  clean(key: string, texts: readonly string[], deadlineMs?: number): Promise<Cleaned>;
  log: Logger;
  now(): Date;
  owner: { replica: string; boot: string };
  /** Version of the policy in force. By default, this program's own. */
  policy?: string;
  /** Says how bash reads a script, beside Vigil. Without it nobody is asked. */
  witness?: (script: string) => Promise<Testimony>;
};

/** What came of an effect: the facts that follow from it, and a result for the ledger. */
export type Performed = { facts: Fact[]; result: string };

/** The part of the world that a webhook needs: to clean text and to write facts. */
export type Hearing = Pick<World, 'config' | 'ledger' | 'redact' | 'clean' | 'log' | 'now'>;

const CACHED_MS = 2000;

/**
 * Reads main whenever it is asked. A caller who asks while a read is under way waits for the next read and shares it. Two
 * fetches into one clone at once would disturb each other, and the read under way could already be too old.
 */
export function sourceReader(
  clone: Clone,
  config: Config,
  now: () => Date,
): Pick<World, 'source' | 'cachedSource'> {
  let cached: Source | null = null;
  let last: { at: number; source: Source } | null = null;
  let running: Promise<Source> | null = null;
  let next: Promise<Source> | null = null;
  const read = async (): Promise<Source> => {
    const at = now().getTime();
    cached = await readSource(clone, cached);
    const { auto, ...rest } = cached.settings;
    const stricter = {
      ...auto,
      confidence: Math.max(auto.confidence, config.thresholds.confidence),
      context: Math.max(auto.context, config.thresholds.context),
    };
    const source = { ...cached, settings: { ...rest, auto: stricter } };
    last = { at, source };
    return source;
  };
  const begin = (): Promise<Source> => {
    next = null;
    const own = read().finally(() => {
      if (running === own) running = null;
    });
    running = own;
    return own;
  };
  const source = (): Promise<Source> => {
    if (running === null) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
  const cachedSource = async (): Promise<Source> =>
    last && now().getTime() - last.at < CACHED_MS ? last.source : source();
  return { source, cachedSource };
}

function placeholderKey(config: Config, key: string): string {
  return createHmac('sha256', config.github.webhookSecret).update(`redaction:${key}`).digest('hex');
}

/** Cleans text from outside. The redactor comes first, so that Skyflow never sees a secret. */
export function incidentCleaner(config: Config, redact: World['redact']): World['clean'] {
  return async (key, texts, deadlineMs) => {
    const clean = texts.map((text) => redact(key, text));
    if (!config.skyflow) return { ok: true, texts: clean };
    const limits = deadlineMs === undefined ? {} : { deadlineMs };
    return skyflowClean(config.skyflow, placeholderKey(config, key), clean, limits);
  };
}

/** A redactor. Its placeholders depend on the incident and on a key of this installation, never on the text alone. */
export function incidentRedactor(config: Config): (key: string, text: string) => string {
  const known = [
    config.github.webhookSecret,
    config.pagerduty.apiKey,
    ...config.pagerduty.secrets,
    ...(config.slack ? [config.slack.token, config.slack.signingSecret ?? ''] : []),
    ...(config.signIn ? [config.signIn.clientSecret] : []),
    ...(config.skyflow ? [config.skyflow.token] : []),
  ];
  return (key, text) => {
    const redactor = createRedactor({
      key: placeholderKey(config, key),
      knownSecrets: known,
    });
    return redactor(text).text;
  };
}
