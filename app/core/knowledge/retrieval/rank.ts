// How well runbooks fit an incident, from 0 to 100, for reasons that can be told: which alert the runbook names, which words
// both have and how rare they are, and whether another runbook fits as well. Must never let words that stand only in the
// evidence lift a runbook over the threshold: somebody who can write a log line must not choose the fix.
// This room holds how texts are compared; it must not read files or know where a runbook comes from.
import type { Collection, Prepared, Searchable } from './collection.ts';
import { isPale, saidIn, tokensOf, tokensOfWord, wordsOf } from './tokens.ts';

/** Below this score Vigil says that it has no runbook. */
export const PROPOSE_THRESHOLD = 60;
/** The highest score of a runbook when there is a doubt about it. */
const DOUBT = PROPOSE_THRESHOLD - 5;

export type Symptoms = { service: string | null; title: string; text: string };
export type Ranked = { entry: Searchable; score: number; why: string };
type Fit = {
  runbook: Prepared;
  support: number;
  named: number;
  alert: string;
  /** The words of the alert's name. */
  ring: ReadonlySet<string>;
  anchor: number;
  words: string[];
};

/** Weight of the title's words and of the evidence's. */
const TITLE = 1;
const EVIDENCE = 0.6;
/** With this support, certainty is about two thirds. It is the most careful number that lost no case of the tuning half. */
const ENOUGH = 3.7;
/** With less support than this by the title alone, the title does not name the runbook's subject. */
const ANCHOR = 1.4;
/** There is a doubt when another runbook explains this much by itself: at least RIVAL, and this share of the first's. */
const RIVAL = 2.2;
const RIVAL_SHARE = 0.55;

/** The share of certainty that a title loses when no runbook of the service knows any of its words. */
const STRANGE = 0.45;
/** When the evidence rules out a word of at least this weight, there is a doubt. */
const DENIAL = 1;

/** All runbooks that have something in common with the incident, best first. Equal ones are in the order of their ids. */
export function rank(collection: Collection, candidates: readonly Prepared[], symptoms: Symptoms): Ranked[] {
  const incident = incidentTokens(symptoms, candidates);
  const fits = candidates
    .map((runbook) => fitOf(collection, runbook, incident))
    .filter(({ support, named }) => support > 0 || named > 0)
    .sort((a, b) => certainty(b) - certainty(a) || (a.runbook.entry.id < b.runbook.entry.id ? -1 : 1));
  const [first] = fits;
  const rival = first
    ? (rivalOf(collection, first, fits.slice(1, 8), incident) ??
      claimant(collection, first, fits.slice(1, 8), symptoms.title))
    : null;
  return fits.map((one) => {
    const doubt = one === first && rival ? `; ${rival.runbook.entry.id} fits as well` : '';
    const denied = deniedOf(collection, one.runbook, incident);
    const against = denied.length > 0 ? `; the evidence rules out ${denied.join(', ')}` : '';
    const pale = one.anchor < ANCHOR ? '; the alert’s name does not speak of it' : '';
    const most = `${doubt}${pale}${against}` === '' ? 100 : DOUBT;
    return {
      entry: one.runbook.entry,
      score: Math.min(
        most,
        Math.round(certainty(one) * (1 - STRANGE * incident.strange ** 2 * (1 - one.named)) * 100),
      ),
      why: `${reason(one)}${doubt}${against}${pale}`,
    };
  });
}

type Incident = {
  /** From concept to the single words that stand for it, so that a word and its concept count only once. */
  spoken: ReadonlyMap<string, readonly string[]>;
  /** From token to the word as the incident wrote it. */
  written: ReadonlyMap<string, string>;
  /** The share of the title's words that no candidate knows. */
  strange: number;
  tokens: ReadonlyMap<string, number>;
  title: ReadonlySet<string>;
  /** What the evidence rules out, and no other word claims. */
  denied: ReadonlySet<string>;
};

function incidentTokens({ title, text }: Symptoms, candidates: readonly Prepared[]): Incident {
  const tokens = new Map<string, number>();
  const said = saidIn(text);
  for (const token of tokensOf(said.asserted)) tokens.set(token, EVIDENCE);
  const named = tokensOf(title);
  for (const token of named) tokens.set(token, TITLE);
  const denied = new Set([...tokensOf(said.denied)].filter((token) => !tokens.has(token)));
  const written = new Map<string, string>();
  const spoken = new Map<string, string[]>();
  for (const word of new Set(wordsOf(`${title}\n${said.asserted}`))) {
    const [own, ...concepts] = tokensOfWord(word);
    if (own === undefined || own.startsWith('~')) continue;
    if (!written.has(own)) written.set(own, word);
    for (const concept of concepts) spoken.set(concept, [...(spoken.get(concept) ?? []), own]);
  }
  return { tokens, title: named, denied, strange: strangeOf(title, candidates), spoken, written };
}

function fitOf(collection: Collection, runbook: Prepared, incident: Incident): Fit {
  const { service } = runbook.entry;
  let support = 0;
  let anchor = 0;
  const words: { token: string; worth: number }[] = [];
  const worthOf = (token: string): number =>
    (incident.tokens.get(token) ?? 0) * (runbook.fields.get(token) ?? 0) * collection.weight(token, service);
  for (const [token, heard] of incident.tokens) {
    const spoken = (incident.spoken.get(token) ?? []).map(worthOf);
    const worth = worthOf(token) - Math.max(0, ...spoken);
    if (worth <= 0) continue;
    support += worth;
    if (heard === TITLE) anchor += worth;
    words.push({ token, worth });
  }
  const alerts = runbook.alerts.map(({ name, tokens }) => ({
    name,
    tokens,
    share: shareOf(collection, tokens, incident.title, service),
  }));
  const [best] = alerts.sort((a, b) => b.share - a.share);
  words.sort((a, b) => b.worth - a.worth);
  return {
    ...{
      runbook,
      support,
      anchor,
      named: best?.share ?? 0,
      alert: best?.name ?? '',
      ring: best?.tokens ?? new Set(),
    },
    words: [
      ...new Set(words.map(({ token }) => incident.written.get(token) ?? token.replace(/^~/, ''))),
    ].slice(0, 5),
  };
}

function strangeOf(title: string, candidates: readonly Prepared[]): number {
  const words = [...new Set(wordsOf(title, false))].map(tokensOfWord);
  const told = words.filter((tokens) => tokens.length > 0 && !tokens.every(isPale));
  const strange = told.filter(
    (tokens) => !candidates.some(({ fields }) => tokens.some((token) => fields.has(token))),
  );
  return told.length === 0 ? 0 : strange.length / told.length;
}

/** The share of an alert's name that the title says, by weight. A name without words of any weight gives 0. */
function shareOf(
  collection: Collection,
  alert: ReadonlySet<string>,
  title: ReadonlySet<string>,
  service: string,
): number {
  let all = 0;
  let said = 0;
  for (const token of alert) {
    const weight = Math.max(collection.weight(token, service), 0.1);
    all += weight;
    if (title.has(token)) said += weight;
  }
  return all === 0 ? 0 : said / all;
}

/** From 0 to 1: by the alert's name if the title says it, otherwise by the words in common. */
function certainty({ named, support }: Fit): number {
  const words = 1 - Math.exp(-support / ENOUGH);
  const base = Math.max(0.97 * named ** 2, 0.95 * words);
  return base + (1 - base) * 0.5 * Math.min(named, words);
}

/** Another runbook that explains much of the incident, where the first runbook does not. */
function rivalOf(collection: Collection, first: Fit, others: readonly Fit[], incident: Incident): Fit | null {
  for (const other of others) {
    const [mine, theirs] = [
      beyond(collection, first, other, incident),
      beyond(collection, other, first, incident),
    ];
    if (theirs >= RIVAL && theirs >= RIVAL_SHARE * mine) return other;
    if (rings(first) && rings(other) && [...other.ring].some((token) => !first.ring.has(token))) return other;
  }
  return null;
}

/** Words of the runbook's names and keywords that the evidence rules out. */
function deniedOf(collection: Collection, { fields, entry }: Prepared, { denied }: Incident): string[] {
  return [...denied]
    .filter((token) => (fields.get(token) ?? 0) >= 0.8 && collection.weight(token, entry.service) >= DENIAL)
    .map((token) => token.replace(/^~/, ''))
    .filter((word, _, all) => !all.some((other) => other !== word && other.startsWith(word)));
}

const rings = ({ named }: Fit): boolean => named >= 0.85;

/** When a title says two things and the first runbook explains one of them: the runbook that explains the other. */
function claimant(collection: Collection, first: Fit, others: readonly Fit[], title: string): Fit | null {
  const clauses = title.split(/\band\b|\bplus\b|\bwhile\b|[,;&+]/i).map(tokensOf);
  if (clauses.length < 2) return null;
  for (const tokens of clauses) {
    const heard = {
      tokens: new Map([...tokens].map((token) => [token, TITLE])),
      title: tokens,
      denied: new Set<string>(),
      strange: 0,
      spoken: new Map<string, string[]>(),
      written: new Map<string, string>(),
    };
    const own = fitOf(collection, first.runbook, heard).support;
    const other = others.find(({ runbook }) => {
      const theirs = fitOf(collection, runbook, heard).support;
      return theirs >= ANCHOR && theirs > 1.5 * own;
    });
    if (other) return other;
  }
  return null;
}

/** The support of `one` by words that do not support `other`. */
function beyond(collection: Collection, one: Fit, other: Fit, incident: Incident): number {
  let support = 0;
  const worthOf = (token: string): number =>
    (incident.tokens.get(token) ?? 0) *
    Math.max(0, (one.runbook.fields.get(token) ?? 0) - (other.runbook.fields.get(token) ?? 0)) *
    collection.weight(token, one.runbook.entry.service);
  for (const token of incident.tokens.keys()) {
    const spoken = (incident.spoken.get(token) ?? []).map(worthOf);
    support += Math.max(0, worthOf(token) - Math.max(0, ...spoken));
  }
  return support;
}

function reason({ named, alert, words }: Fit): string {
  const shared = words.length === 0 ? '' : `shares ${words.join(', ')}`;
  if (named >= 0.6) return `alert “${alert}”`;
  return shared === '' ? 'no word in common' : shared;
}
