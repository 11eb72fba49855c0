// `[[ ]]`, `[` and `test`. Bash evaluates some of their operands as code: subscripts under -v, both sides of -eq in
// `[[ ]]`.
// It must never let data stand where an operator is expected.
import { checkLook } from '../kinds/paths.ts';
import type { Check } from '../parse/ir.ts';
import { expandOne } from './expand.ts';
import { question, type Run, refusal, report, type Site } from './run.ts';
import { type Arg, literal, shapeOf, textOf, type Value } from './value.ts';

const files = new Set('-a -b -c -d -e -f -g -h -k -p -r -s -u -w -x -G -L -N -O -S'.split(' '));
const texts = new Set('-n -z -t -o = == != < > =~'.split(' '));
const numbers = new Set('-eq -ne -lt -le -gt -ge'.split(' '));
const pairs = new Set('-nt -ot -ef'.split(' '));

/** The comparisons of one `[[ ]]`. */
export function runTest(checks: readonly Check[], run: Run): void {
  for (const check of checks) {
    const left = check.left ? expandOne(check.left, run) : null;
    const right = expandOne(check.right, run);
    judge(check.operator, left, right, run, check, true);
  }
}

/** `[ … ]` or `test …`, already expanded. */
export function judgeTestArguments(argv: readonly Arg[], run: Run, site: Site): void {
  const args = argv.slice(1);
  if (textOf(argv[0]) === '[' && textOf(args.pop()) !== ']')
    report(run, site, refusal('syntax', 'A test has no end.'));
  for (const arg of args) {
    if (arg.splits && shapeOf(arg.value) !== 'number') {
      const sentence =
        'Data outside quotes can bring operators of its own into this test; put it in double quotes.';
      report(run, site, refusal('test-on-data', sentence));
      return;
    }
  }
  let i = 0;
  while (i < args.length) {
    const word = textOf(args[i]);
    const next = textOf(args[i + 1]);
    if (word === '!' || word === '(' || word === ')' || ((word === '-a' || word === '-o') && i > 0)) i++;
    else if (next !== null && (numbers.has(next) || texts.has(next) || pairs.has(next)) && args[i + 2]) {
      judge(next, args[i]?.value ?? [], args[i + 2]?.value ?? [], run, site, false);
      i += 3;
    } else if (word !== null && /^-[A-Za-z]$/.test(word) && args[i + 1]) {
      judge(word, null, args[i + 1]?.value ?? [], run, site, false);
      i += 2;
    } else if (args.length === 1 || next === '-a' || next === '-o' || (i > 0 && i === args.length - 1)) i++;
    else {
      report(
        run,
        site,
        refusal('test-on-data', 'Where this test expects an operator there is something else.'),
      );
      return;
    }
  }
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
    if (double && !(safe(left) && safe(right))) {
      const sentence =
        'Inside [[ ]] bash evaluates both sides of this comparison as code; use [ ] or make sure it is a number.';
      report(run, site, refusal('arithmetic-on-data', sentence));
    }
  } else if (left === null && files.has(operator)) {
    const issue = checkLook(right, run);
    if (issue) report(run, site, issue);
  } else if (pairs.has(operator)) {
    for (const value of [left, right]) {
      const issue = value && checkLook(value, run);
      if (issue) report(run, site, issue);
    }
  } else if (operator === '-v' || operator === '-R') {
    if (!/^[A-Za-z_]\w*$/.test(literal(right) ?? '')) {
      report(run, site, refusal('arithmetic-on-data', 'Bash evaluates subscripts in the name tested here.'));
    }
  } else if (!texts.has(operator)) {
    report(run, site, question('test', `The policy does not know the test ${operator}.`));
  }
}
