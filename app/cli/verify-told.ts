// Looks by one plan for `vigil verify`, and tells each look as soon as it is taken. Must never pass on a word from outside that was not made
// one line, freed of control characters and redacted.
import type { Picture } from '#adapters/browser/checks/pictures';
import type { BrowserOptions } from '#adapters/browser/sessions';
import type { Datadog } from '#adapters/datadog';
import { createRedactor } from '#core/redact/redact';
import { cut } from '#core/text/cut';
import { visible } from '#core/text/untrusted';
import { fromEverywhere, isLoad } from '#core/verification/checks';
import type { Sample } from '#core/verification/plan';
import type { CheckSecrets } from '#core/verification/secrets';
import type { SwarmSeen } from '#core/verification/swarm-seen';
import type { Shell } from './command.ts';
import { looked, type Round, type RuleWord } from './verify-look.ts';
import type { Album } from './verify-pictures.ts';
import { type CommandPlace, commandsFor } from './verify-place.ts';
import type { Planned } from './verify-plan.ts';
import { progressFor } from './verify-progress.ts';
import {
  type Look,
  lookLine,
  lookText,
  pictureLine,
  pictureText,
  tallied,
  walkedText,
} from './verify-report.ts';

export type Telling = {
  rule: RuleWord;
  browser: BrowserOptions;
  datadog: Datadog | null;
  secrets: CheckSecrets;
  /** Where commands run. */
  place: CommandPlace;
  json: boolean;
  album: Album | null;
  /** For the placeholders of this run's redaction. */
  key: string;
};

/** Looks by one plan, and tells each look as soon as it is taken. */
export async function atPlan(
  { rule, browser, datadog, secrets, place, json, album, key }: Telling,
  planned: Planned,
  round: number,
  last: Map<string, Look>,
  signal: AbortSignal,
  shell: Shell,
): Promise<{ seen: Round; looks: Look[] }> {
  const known = [
    ...(datadog === null ? [] : [datadog.apiKey, datadog.appKey]),
    ...Object.values(secrets).flatMap(({ value }) => value ?? []),
    ...(place.token ? [place.token] : []),
  ];
  const redact = createRedactor({ key, knownSecrets: known });
  const clean = (words: string | null): string | null =>
    words === null ? null : cut(visible(redact(words).text).replaceAll('\n', ' '), 500);
  const cleanSwarm = (swarm: SwarmSeen): SwarmSeen => ({
    ...swarm,
    errors: swarm.errors.map(({ reason, count }) => ({ reason: cut(clean(reason) ?? '', 200), count })),
  });
  const checks = planned.plan.checks.filter((check) => !isLoad(check)).flatMap(fromEverywhere);
  const width = Math.max(...checks.map(({ id }) => id.length));
  const looks: Look[] = [];
  const progress = progressFor(shell);
  const began = Date.now();
  const told = (id: string | null): string => {
    const { passed, failed, inconclusive } = tallied(looks);
    const at = checks.findIndex((check) => check.id === id) + 1;
    if (id !== null) return `looking at ${id}, ${at} of ${checks.length}`;
    return `looking by the rule ${rule}: ${passed} passed, ${failed} failed, ${inconclusive} inconclusive`;
  };
  const onNotice = (line: string): void => {
    progress.hide();
    shell.err(`!!! ${clean(line)}\n`);
  };
  const onSample = (sample: Sample): void => {
    const { overruled } = sample;
    const before = last.get(`${planned.file} ${sample.check}`);
    const look: Look = {
      ...sample,
      ...{ reason: clean(sample.reason), kind: checks.find(({ id }) => id === sample.check)?.kind ?? '' },
      overruled: overruled && { ...overruled, reason: clean(overruled.reason) },
      ...(sample.swarm ? { swarm: cleanSwarm(sample.swarm) } : {}),
      ...{ round, was: before && before.outcome !== sample.outcome ? before.outcome : null },
    };
    looks.push(look);
    last.set(`${planned.file} ${sample.check}`, look);
    progress.hide();
    shell.out(json ? lookLine(planned, look) : lookText(look, width, shell));
    if (rule !== 'once') progress.show(told(null), began);
  };
  const commands = commandsFor(place, planned.file, {
    redact: (text) => redact(text).text,
    tell: (sentence) => progress.show(sentence),
    warn: onNotice,
  });
  const pictures = album && {
    wants: (check: string, outcome: 'pass' | 'fail') => album.wants(planned.file, check, outcome),
    keep: async (picture: Picture): Promise<void> => {
      const at = await album.keep(planned.file, picture);
      progress.hide();
      shell.out(json ? pictureLine(planned, picture, at) : pictureText(picture, at));
    },
  };
  try {
    const seen = await looked({
      ...{ plan: planned.plan, rule, datadog, secrets, commands, signal, onSample, pictures },
      browser: { ...browser, onNotice },
      onLook: (check) => progress.show(told(check)),
      onProgress: (sessions) => progress.show(walkedText(sessions), began),
    });
    return { seen: { ...seen, reason: clean(seen.reason) }, looks };
  } finally {
    progress.hide();
  }
}
