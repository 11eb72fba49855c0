// `[[ ]]`, `[` and `test`. Bash evaluates some of their operands as code: subscripts under -v, both sides of -eq in `[[ ]]`.
// It must never let data stand where an operator is expected.
import { checkLook } from '../kinds/paths.ts';
import type { Test } from '../plain/tree.ts';
import { expandOne, type Pick } from './expand.ts';
import { type Issue, question, type Run, refusal, report, type Site } from './run.ts';
import { type Arg, isLikelyNumber, literal, shapeOf, textOf, type Value } from './value.ts';

const files = new Set('-a -b -c -d -e -f -g -h -k -p -r -s -u -w -x -G -L -N -O -S'.split(' '));
const texts = new Set('-n -z -t -o = == != < > =~'.split(' '));
const numbers = new Set('-eq -ne -lt -le -gt -ge'.split(' '));
const pairs = new Set('-nt -ot -ef'.split(' '));

/** One `[[ ]]`, part by part. */
export function judgeTest(test: Test, run: Run, pick: Pick): void {
  if (test.is === 'logic') for (const one of test.tests) judgeTest(one, run, pick);
  else if (test.is === 'one') judge(test.operator, null, expandOne(test.right, run, pick), run, test, true);
  else if (test.is === 'two')
    judge(test.operator, expandOne(test.left, run, pick), expandOne(test.right, run, pick), run, test, true);
  else judgeTest(test.test, run, pick);
}

/** `[ … ]` or `test …`, already expanded. It is read by the number of its arguments, so that each form is whole. */
export function judgeTestArguments(argv: readonly Arg[], run: Run, site: Site): void {
  const args = argv.slice(1);
  const ended = textOf(argv[0]) !== '[' || textOf(args.pop()) === ']';
  const issue = ended ? faultOf(args) : refusal('test-on-data', 'A test has no end. Write ] behind a blank.');
  if (issue) {
    report(run, site, issue);
    return;
  }
  if (textOf(args[0]) === '!' && args.length > 1) args.shift();
  const [a, b, c] = args;
  if (a && b && c) judge(textOf(b) ?? '', a.value, c.value, run, site, false);
  else if (a && b) judge(textOf(a) ?? '', null, b.value, run, site, false);
}

function faultOf(given: readonly Arg[]): Issue | null {
  if (given.some((arg) => arg.splits))
    return refusal(
      'test-on-data',
      'Data outside quotes can bring operators of its own into this test; put it in double quotes.',
    );
  const args = textOf(given[0]) === '!' && given.length > 1 ? given.slice(1) : given;
  const [first, second] = args.map((arg) => textOf(arg) ?? '');
  if (args.length < 2) return null;
  if (args.length === 2 && /^-[A-Za-z]$/.test(first ?? '')) return null;
  if (args.length === 3 && [numbers, texts, pairs].some((some) => some.has(second ?? ''))) return null;
  return args.some((arg) => /^([()!]|-[ao])$/.test(textOf(arg) ?? ''))
    ? question('not-plain', 'A test of several parts is not plain. Write [ … ] && [ … ].')
    : refusal('test-on-data', 'Where this test expects an operator there is something else.');
}

function judge(
  operator: string,
  left: Value | null,
  right: Value,
  run: Run,
  site: Site,
  double: boolean,
): void {
  if (numbers.has(operator)) {
    // `[ ]` reads plain numbers and evaluates nothing.
    const safe = (v: Value | null) =>
      v !== null && (shapeOf(v) === 'number' || /^-?\d+$/.test(literal(v) ?? ''));
    const likely = [left, right].every((v) => v === null || safe(v) || isLikelyNumber(v));
    if (double && !(safe(left) && safe(right)))
      report(
        run,
        site,
        (likely ? question : refusal)(
          'arithmetic-on-data',
          'Inside [[ ]] bash evaluates both sides of this comparison as code. Write [ "$x" -gt 5 ], or test first that it is a number.',
        ),
      );
  } else if (left === null && files.has(operator)) {
    const issue = checkLook(right, run);
    if (issue) report(run, site, issue);
  } else if (pairs.has(operator)) {
    for (const value of [left, right]) {
      const issue = value && checkLook(value, run);
      if (issue) report(run, site, issue);
    }
  } else if (operator === '-v' || operator === '-R') {
    if (!/^[A-Za-z_]\w*$/.test(literal(right) ?? ''))
      report(
        run,
        site,
        refusal(
          'arithmetic-on-data',
          'Bash evaluates subscripts in the name tested here. Write [[ -n "${x:-}" ]].',
        ),
      );
  } else if (!texts.has(operator))
    report(run, site, question('test', `The policy does not know the test ${operator}.`));
}
