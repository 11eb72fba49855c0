// Which tags an alert names of itself, and which service it is about. A monitor that watches many groups carries tags of its own,
// and those say who owns it, not what is sick. Must never hand on a name that could be more than a name in a query.
import { stringsIn } from './monitors.ts';

const TAG = /^[a-z][a-z0-9_./-]*:\S.{0,198}$/i;
const SERVICE = /^service:([a-z0-9._/-]{1,100})$/i;
/** `[Triggered on {host:db-1,env:prod}] CPU`, and `…/monitors/42?group=host%3Adb-1`. */
const IN_TITLE = /\bon \{([^{}]{1,400})\}/g;
const IN_LINK = /^https:\/\/\S*\/monitors\/\d+\?(?:\S*&)?group=([^&#\s]{1,600})/;
const GROUP_KEYS = /^(?:alert_scope|scope|group|alert_group)$/i;
const MAX_TAGS = 50;

export type AlertTags = {
  /** Of the group that alerts: from scope, title or link. */
  group: readonly string[];
  /** All others, also those that the alert has from its monitor. */
  other: readonly string[];
};

/** Reads tags out of an alert of any shape. */
export function alertTags(alert: unknown): AlertTags {
  const [group, other]: [string[], string[]] = [[], []];
  for (const { key, text } of stringsIn(alert)) {
    for (const [, tags = ''] of text.matchAll(IN_TITLE)) group.push(...tagsIn(tags));
    const link = IN_LINK.exec(text)?.[1];
    if (link !== undefined) group.push(...tagsIn(decoded(link)));
    if (GROUP_KEYS.test(key)) group.push(...tagsIn(text));
    else if (/^tags$/i.test(key)) other.push(...tagsIn(text));
    else if (/^(?:host|hostname)$/i.test(key)) other.push(...tagsIn(`host:${text.trim()}`));
  }
  return { group: distinct(group), other: distinct(other) };
}

/**
 * The service whose logs are looked at: of the alert's group, else the alert's own tag that the monitor has not, else that of the
 * only red group, else what both agree on. Null: nobody names one.
 */
export function serviceOf(
  { group, other }: AlertTags,
  monitor: { tags: readonly string[]; red: readonly string[] } | null,
): string | null {
  const owned = servicesIn(monitor?.tags ?? []);
  const sick = [...new Set((monitor?.red ?? []).flatMap((name) => servicesIn(tagsIn(name))))];
  const own = servicesIn(other);
  return (
    servicesIn(group)[0] ??
    own.find((name) => !owned.includes(name)) ??
    (sick.length === 1 ? sick[0] : undefined) ??
    own[0] ??
    owned[0] ??
    null
  );
}

/** Tags of a text such as `env:prod,service:checkout` or `{host:db-1}`. */
export function tagsIn(text: string): string[] {
  return text
    .replace(/^\s*\{|\}\s*$/g, '')
    .split(/[,;\n]|\s+(?=[a-z][\w./-]*:)/i)
    .map((tag) => tag.trim())
    .filter((tag) => TAG.test(tag));
}

const servicesIn = (tags: readonly string[]): string[] => tags.flatMap((tag) => SERVICE.exec(tag)?.[1] ?? []);
const distinct = (tags: readonly string[]): string[] => [...new Set(tags)].slice(0, MAX_TAGS);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
