// `kubectl exec`, `docker exec`: a command that runs in a container. It is judged like any other, and may only read.
// It must never let a shell in a container go unjudged, nor one that waits for a keyboard.
import type { Found } from '../engine/apply.ts';
import { dispatch } from '../engine/command.ts';
import type { Parsed } from '../engine/options.ts';
import { type Issue, question, type Run, refusal, type Site } from '../engine/run.ts';
import { shapeOf, textOf } from '../engine/value.ts';

/** The first operand is the container, the rest is the command. */
export function checkElsewhere(parsed: Parsed, run: Run, site: Site): Found {
  const issues: Issue[] = [];
  const [place, ...words] = parsed.operands;
  if (place && textOf(place) === null && !/name/.test(shapeOf(place.value))) {
    issues.push(question('tainted', 'In which container this runs is known only at run time.'));
  }
  if (words.length === 0) issues.push(refusal('interactive', 'No command is given, so a shell would open.'));
  else dispatch(words, { ...run, elsewhere: true, directory: null }, site);
  return { issues, output: { shape: 'text' } };
}
