// `node test/crash/run.ts [--point N | --from N] [--moment before|unanswered|answered] [--lanes N]`: the crash sweep with its
// progress and its result as one line. Ends with 1 when any point ended otherwise than the undisturbed run.
import { parseArgs } from 'node:util';
import { moments } from './gate.ts';
import { lineOf, sweep } from './sweep.ts';

const { values } = parseArgs({
  options: {
    point: { type: 'string' },
    from: { type: 'string', default: '0' },
    moment: { type: 'string' },
    lanes: { type: 'string', default: '3' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const point = values.point === undefined ? null : Number(values.point);
const wanted = moments.filter((moment) => values.moment === undefined || values.moment === moment);
const { points, verdicts, seconds } = await sweep({
  only: (at) => (point === null ? at >= Number(values.from) : at === point),
  moments: wanted,
  lanes: point === null ? Number(values.lanes) : 1,
  say,
});
const wrong = verdicts.filter(({ equal }) => !equal);
for (const verdict of wrong) say(lineOf(verdict));
const count = point === null ? points.length - Number(values.from) : 1;
const result =
  wrong.length === 0 && verdicts.length > 0 ? 'all equal' : `${wrong.length} of ${verdicts.length} differ`;
say(`${count} points x ${wanted.length} moments, ${result} (${seconds.toFixed(0)} s)`);
process.exit(wrong.length === 0 && verdicts.length > 0 ? 0 : 1);
