// Every situation of a real Coder: its verdict and its sentence; and that no single answer that was lost on the way makes another
// known verdict of it.
import { describe, expect, test } from 'vitest';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import type { Ran } from '#adapters/workspace/port';
import { workspaceName } from '#core/ledger/incident-key';
import { tidy } from '../../actions/watch/tidy.ts';
import { fact, incidentOf, KEY, OPENED, untilMerged } from '../support/incidents.ts';
import { ACCOUNT, html, json, nothing, ORDER, type Played, play } from './scripted.ts';
import { situations } from './situations.ts';

const verdictOf = (ran: Ran): string =>
  !ran.known
    ? 'unknown'
    : ran.outcome === 'refused' || ran.exit === null
      ? `${ran.outcome}${ran.outcome === 'timed_out' ? ` by ${ran.said}` : ''}`
      : `${ran.outcome} ${ran.exit} by ${ran.said}`;
const run = (played: Played): Promise<Ran> => coderWorkspaces(ACCOUNT, played.ask).run(ORDER, played.watch);

/** What may be said of a script that ran so often. */
const truth: Record<(typeof situations)[number]['ran'], RegExp> = {
  never: /^(refused|provision_failed|agent_never_connected)$/,
  once: /^(succeeded|failed|timed_out|unknown)/,
  perhaps: /^unknown$/,
  'perhaps twice': /^unknown$/,
};
const FIX = workspaceName(KEY, 1);

describe('the situations of a real Coder', () => {
  test.each(situations)('$row: nothing is said of it that is not so', ({ verdict, ran, says }) => {
    expect(verdict).toMatch(truth[ran]);
    if (ran === 'perhaps twice') expect(String(says)).toMatch(/twice/);
  });

  test.each(situations)('$row: the janitor leaves none of it', async ({ story }) => {
    const played = play(story);
    const place = coderWorkspaces(ACCOUNT, played.ask);
    await place.run(ORDER, played.watch);
    const lost = incidentOf([...untilMerged, fact('remediation.started'), fact('remediation.lost')]);
    const hours = OPENED.getTime() + 3 * 3_600_000;
    const rows = await tidy({
      workspaces: place,
      ledger: { owner: async () => ({ ok: true, incident: lost }), open: async () => [] },
      watch: { ...played.watch, now: () => hours + played.watch.now() },
      dryRun: false,
      post: async () => null,
    }).catch((error: Error) => error.message);
    const away = story.outages?.some(([, to]) => to >= 10_000);
    if (away) return expect(rows).toMatch(/^the workspaces could not be listed/);
    const hidden = story.moments?.some(({ workspace }) => workspace?.['hidden']);
    if (story.deletes === 'hangs') expect(rows).toMatchObject([{ name: FIX, done: 'not gone' }]);
    else expect([played.standing(), Array.isArray(rows)]).toEqual([hidden ?? false, true]);
  });

  test.each(situations)('$row: $verdict', async ({ story, verdict, says }) => {
    const played = play(story);
    const ran = await run(played);
    const words = `${ran.known ? '' : ran.reason} ${ran.output} ${played.watch.told.join('; ')}`;
    expect([verdictOf(ran), words]).toEqual([verdict, expect.stringMatching(says ?? /.*/s)]);
    expect(played.creations()).toBeLessThanOrEqual(story.create?.length ?? 1);
    // A minute of a script, an hour of waiting at most.
    expect(played.watch.now()).toBeLessThan(3600_000);
  });

  test.each(situations)('$row: its workspace can be taken away, or is left alone', async ({ story }) => {
    const played = play(story);
    const place = coderWorkspaces(ACCOUNT, played.ask);
    const ran = await place.run(ORDER, played.watch);
    if (
      (ran.known && !ran.made) ||
      story.outages?.some(([, to]) => to >= 10_000) ||
      story.deletes === 'hangs'
    )
      return;
    const ended = await place.end(ORDER.name, played.watch, { seen: played.creations() > 0 });
    const hidden = story.moments?.some(({ workspace }) => workspace?.['hidden']);
    expect([ended.gone, played.standing()]).toEqual([!hidden, hidden ?? false]);
    // What had the name before is not another's to lose: a story that begins with one never creates.
    if (story.before) expect(played.creations()).toBeLessThanOrEqual(1);
  });
});

/** A sign of what was lost: a proxy's word for "not there", an error, silence. */
const faults = {
  'a 500': json(500, 'Internal server error'),
  'a page that says 404': html(404),
  silence: nothing,
};

describe('one lost answer makes no other known verdict', () => {
  test.each(situations)('$row', async ({ row, story, verdict }) => {
    for (const [name, lost] of Object.entries(faults))
      for (let read = 0; ; read++) {
        const answer = { ...lost };
        let reached = false;
        const played = play(story, { read, answer });
        const { ask } = played;
        played.ask = (method, path, body) => {
          return ask(method, path, body).then((given) => {
            reached ||= given === answer;
            return given;
          });
        };
        const ran = await run(played);
        if (!reached) break;
        expect(['unknown', verdict], `${row}: ${name} at read ${read}`).toContain(verdictOf(ran));
        expect(played.creations(), row).toBeLessThanOrEqual(3);
      }
  });
});
