// What the demo reports when stories have ended: for people, and as JSON for programs. It must never call right what was not
// looked at.
import type { Played } from './demo.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { wrapped } from './telling.ts';
import { paint, table } from './terminal.ts';

/** What was found out at the end of one story. */
export function outcome(played: Played, verbose: boolean): string[] {
  const { stage, expected, pass, seconds, stages, verdicts, screenshots, unpictured, calls, writes } = played;
  const right = verdicts.filter(({ ok }) => ok).length;
  const ends = stage === expected ? 'as expected' : `not ${expected}`;
  const detail = verbose
    ? [
        ...table(stages.map(({ name, ms }) => [name, `${(ms / 1000).toFixed(1)} s`])).split('\n'),
        ...verdicts.map(({ what, ok }) => `${ok ? paint('green', '✓') : paint('red', '✗')} ${what}`),
        ...screenshots.map((path) => `picture ${path}`),
        `${calls} GitHub calls, ${writes} of them writes`,
      ]
    : [];
  return [
    ...detail,
    ...(unpictured === null ? [] : wrapped(unpictured)),
    ...(Object.keys(played.looks).length > 0 ? wrapped(looksOf(played.looks)) : []),
    ...(played.weather ? wrapped(weatherOf(played.weather)) : []),
    `${pass ? paint('green', 'PASS') : paint('red', 'FAIL')}  ${stage} after ${seconds} s, ${ends}; ${right} of ${verdicts.length} checks of the outside hold`,
  ];
}

function looksOf(looks: Played['looks']): string {
  const names: Record<string, string> = {
    lightpanda: 'Lightpanda',
    chromium: 'Chromium',
    http: 'plain HTTP',
  };
  return `looked: ${Object.entries(looks)
    .map(([engine, times]) => `${names[engine] ?? engine} ${times} times`)
    .join(', ')}`;
}

/** What the weather did; what did nothing is said too. */
function weatherOf({ struck, stumbled }: NonNullable<Played['weather']>): string {
  const kinds = Object.entries(struck).map(
    ([name, times]) => `${name} struck ${times === 1 ? 'once' : `${times} times`}`,
  );
  const people = stumbled.map((reason) => `people could not act: ${reason}`);
  return `weather: ${[...(kinds.length > 0 ? kinds : ['nothing struck']), ...people].join('; ')}`;
}

/** One table of all that were played, and below it plainly what went wrong. */
export function closing(all: readonly Played[]): string[] {
  const rows = all.map(({ scenario, stage, expected, seconds, pass }) => [
    ...[scenario, stage, expected, seconds.toFixed(1), pass ? 'PASS' : 'FAIL'],
  ]);
  const heads = ['scenario', 'ended', 'expected', 'seconds', ''];
  const wrong = all.filter(({ pass }) => !pass);
  return [
    ...(all.length > 1 ? ['', ...table([heads, ...rows]).split('\n')] : []),
    ...wrong.flatMap((played) => ['', ...faults(played).flatMap((line) => wrapped(line))]),
    ...(wrong.length > 0 ? ['', `${wrong.length} of ${all.length} did not go as it should.`] : []),
  ];
}

function faults({ scenario, stage, expected, verdicts, log }: Played): string[] {
  return [
    ...(stage === expected ? [] : [`it ended ${stage}, expected ${expected}`]),
    ...verdicts.filter(({ ok }) => !ok).map(({ what }) => `not so: ${what}`),
    ...(log === null ? [] : [`the app's log: ${log}`]),
  ].map((line) => `${scenario}: ${line}`);
}

/** What a story is about. */
export function titled({ name, about }: Scenario): string[] {
  return wrapped(`${name}: ${about}`).map((line) => line.replace(name, paint('bold', name)));
}

/** One line for programs. */
export function jsonLine({ verdicts, incident: _, ...line }: Played): string {
  return JSON.stringify({ ...line, wrong: verdicts.filter(({ ok }) => !ok).map(({ what }) => what) });
}
