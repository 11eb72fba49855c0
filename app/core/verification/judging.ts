// What all looks say together while a job looks: its own, those of the job that measured, and those of jobs before it in a series.
// Must never call it well by what is too old to stand beside what is seen now.
import { type AfterRun, isRefuted, judgeAfterRun } from './after-run.ts';
import { only, partsOf } from './elsewhere.ts';
import type { Sample } from './plan.ts';
import type { Rule } from './rule.ts';
import { judgeSettling, type Settling, type Stretch } from './settling.ts';
import { type GreenVerdict, type Judgement, judgeRed, type RedVerdict } from './verdict.ts';

/** So old may be what another job looked at, to stand beside what this one sees. */
const FRESH_MS = 900_000;

export type Looked = {
  readonly which: 'red' | 'green';
  readonly rule: Rule;
  /** This job looks at what needs a key alone, and another one judges the whole. */
  readonly keyed: boolean;
  readonly stretch: Stretch | null;
  readonly measured: readonly Sample[];
  readonly earlier: readonly Sample[];
};
export type Judged = Judgement<RedVerdict | GreenVerdict | 'improving' | 'waiting'> & Pick<AfterRun, 'worse'>;

/** `samples`: what this job has seen so far. `now` in Unix milliseconds. */
export function judged(looked: Looked, samples: readonly Sample[], now: number): Judged {
  const { which, rule, keyed, stretch, earlier } = looked;
  const seen = [...looked.measured, ...samples];
  if (stretch) {
    const said = settled(judgeSettling([...earlier, ...seen], rule, stretch));
    return said.verdict === 'confirmed' && isStale(looked, now)
      ? { ...said, verdict: 'improving', decided: false }
      : said;
  }
  if (which === 'green') return judgeAfterRun(seen, rule);
  const red = judgeRed(seen, rule);
  // Whether a part is red says nothing of the whole: each of its checks is looked at until it is known.
  return keyed ? { ...red, decided: isKnown(samples, rule) } : red;
}

/** It is known that it did not help, and only whether something got worse is still open. */
export const isOnlyHarm = ({ which, rule, stretch, measured }: Looked, samples: readonly Sample[]): boolean =>
  which === 'green' && !stretch && isRefuted(judgeAfterRun([...measured, ...samples], rule));

/** All is well here, and what is not yet well is for another job to see. */
export function isOnlyOthers(looked: Looked, samples: readonly Sample[], now: number): boolean {
  const { rule, stretch, earlier } = looked;
  const [own, other] = partsOf(rule);
  if (stretch === null || other.checks.length === 0 || judged(looked, samples, now).decided) return false;
  return judgeSettling([...earlier, ...samples], own, stretch).verdict === 'recovered';
}

/** What another job saw is too old by now, and there is time to have it looked at once more. */
export function isStale({ stretch, measured }: Looked, now: number): boolean {
  if (stretch === null || now >= stretch.began + stretch.within_s * 1000) return false;
  return measured.some(({ check, at }) => {
    const isNewest = !measured.some((one) => one.check === check && one.at > at);
    return isNewest && now - at > FRESH_MS;
  });
}

const isKnown = (samples: readonly Sample[], rule: Rule): boolean =>
  rule.checks.every((check) => judgeRed(samples, only(rule, [check])).decided);

function settled({ verdict, ...rest }: Settling): Judged {
  if (verdict === 'recovered') return { ...rest, verdict: 'confirmed' };
  return { ...rest, verdict: verdict === 'worse' ? 'refuted' : verdict };
}
