// What a text tool's arguments say about its output and its reach: a count, the fields of lines, many files at once.
// It must never widen what the tool's rule allows.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Output, show, textOf } from '../engine/value.ts';
import type { Setting } from '../kinds/kinds.ts';
import { changeDirectory } from '../kinds/paths.ts';
import { awkPrints } from '../languages/awk.ts';
import { givesNumber } from '../languages/jq.ts';

const passed = (run: Run): Output => {
  const { shape, under } = run.input.output;
  return shape === 'none' ? { shape: 'text' } : { shape, ...(under === undefined ? {} : { under }) };
};

/** Directories in which everything may be searched: logs, temporary files, and configuration that is written to be read. */
const searchable =
  /^\/((tmp|var\/(tmp|log)|sys|usr\/(share|lib))(\/|$)|etc\/(nginx|apache2|httpd|systemd|cron\.\w+|logrotate\.d|sysctl\.d|php|rsyslog\.d)(\/|$))/;

/** grep and rg: recursion and several files are a search through many files. */
export function checkGrep(parsed: Parsed, run: Run, setting: Setting, tool: string): Found {
  const issues: Issue[] = [];
  const walks = /^(rg|ag|ack)$/.test(tool) && (run.input.from === 'nowhere' || parsed.operands.length > 1);
  const recursive =
    walks ||
    has(parsed, '-r -R --recursive --dereference-recursive') ||
    textOf(optionValue(parsed, '-d') ?? undefined) === 'recurse';
  const explicit = has(parsed, '-e --regexp');
  const files = parsed.operands.slice(explicit ? 0 : 1);
  const logs = files.every((arg) => /^\/var\/log\//.test(show(arg.value)));
  setting.many = (recursive && !logs) || (files.length > 0 && !logs && files.some((arg) => arg.splits));
  if (
    recursive &&
    files.some((arg) => /^\/?(etc|home|root|usr|opt|var|srv|proc|sys|dev|boot)?\/?\*?$/.test(show(arg.value)))
  ) {
    issues.push(refusal('secret-search', 'This searches whole trees of the file system.'));
  }
  const below = files.length > 0 ? files : [{ value: ['.'], splits: false }];
  if (recursive && below.some(({ value }) => !searchable.test(changeDirectory(value, run) ?? '')))
    issues.push(
      question(
        'hidden-path',
        'Keys may lie beside what is searched for there. Name the files, or a directory of logs.',
      ),
    );
  const output: Output =
    has(parsed, '-c --count') && files.length < 2 && !recursive
      ? { shape: 'number' }
      : files.length === 0 && !has(parsed, '-o -n -b -C -A -B -H --only-matching --line-number')
        ? passed(run)
        : { shape: 'text' };
  return { issues, output };
}

export function checkAwkCommand(parsed: Parsed, run: Run): Found {
  const [program, ...files] = parsed.operands;
  const prints = awkPrints(textOf(program) ?? '');
  const separator = has(parsed, '-F -v --field-separator --assign');
  const output: Output =
    prints === 'integer'
      ? { shape: 'number' }
      : prints === 'field' && files.length === 0 && !separator
        ? fields(run)
        : { shape: 'text' };
  // awk takes `name=value` among its files for an assignment, which can name another separator or another file.
  const assigns = files.some((arg) => /^[A-Za-z_]\w*=/.test(show(arg.value)));
  return {
    issues: assigns
      ? [
          question(
            'not-plain',
            'awk takes an operand with = for an assignment; write -v name=value, or ./ in front of a file.',
          ),
        ]
      : [],
    output,
  };
}

/** Fields of names are names; fields of paths may be parts of paths. */
const fields = (run: Run): Output => (run.input.output.shape === 'path' ? { shape: 'text' } : passed(run));

export function checkCut(parsed: Parsed, run: Run): Found {
  const characters = has(parsed, '-c -b --characters --bytes');
  const delimiter = textOf(optionValue(parsed, '-d --delimiter') ?? undefined);
  return {
    issues: [],
    output:
      !characters &&
      parsed.operands.length === 0 &&
      (delimiter === ' ' || (delimiter === '/' && run.input.output.shape === 'name'))
        ? fields(run)
        : { shape: 'text' },
  };
}

/** `tr -dc 0-9` leaves digits and nothing else. */
export function checkTr(parsed: Parsed, run: Run): Found {
  const [first, second] = parsed.operands.map((arg) => textOf(arg));
  const deletes = has(parsed, '-d --delete');
  const complement = has(parsed, '-c -C --complement');
  if (deletes && complement && /^(0-9|\[:digit:\])(\\n)?$/.test(first ?? ''))
    return { issues: [], output: { shape: 'number' } };
  const spaces =
    (deletes && /^[\s\\nrt]+$|^\[:space:\]$/.test(first ?? '')) ||
    (!deletes &&
      second !== undefined &&
      /^(\\n| |\s)$/.test(first ?? '') &&
      /^( |\\n|\s)$/.test(second ?? ''));
  return {
    issues: [],
    output: spaces && /name|number/.test(run.input.output.shape) ? passed(run) : { shape: 'text' },
  };
}

export const checkWc = (parsed: Parsed): Found => ({
  issues: [],
  output: parsed.operands.length === 0 && parsed.given.length === 1 ? { shape: 'number' } : { shape: 'text' },
});

export function checkJqCommand(parsed: Parsed): Found {
  const filter = textOf(parsed.operands[0]) ?? '';
  return { issues: [], output: givesNumber(filter) ? { shape: 'number' } : { shape: 'text' } };
}

/** A format of names and ids prints names. */
export function checkNames(parsed: Parsed): Found {
  const format = textOf(optionValue(parsed, '--format') ?? undefined);
  const names =
    has(parsed, '-q --quiet') || /^(\{\{\.(Names?|ID|Id|Image|Repository)\}\}\s*)+$/.test(format ?? '');
  return { issues: [], output: { shape: names ? 'name' : 'text' } };
}

/** Directives of `date` that print digits only, and those that print a word: no sign, no blank, no padding. */
const digits = /^\+(%[sYmdHMSjuNy])+$/;
const wordFormat =
  /^\+([A-Za-z0-9]|%[sYmdHMSjuNyFTDRaAbBGVpP])([\w:/@-]|\.(?!\.)|%[sYmdHMSjuNyFTDRaAbBGVpP])*$/;

/** What `date` prints by its format; a date that is given may be none, and then nothing is printed. */
export function checkDate(parsed: Parsed): Found {
  const issues: Issue[] = [];
  const [first] = parsed.operands;
  const format = textOf(first) ?? '';
  if (first && !/^\+/.test(format))
    issues.push(refusal('clock-or-name', 'Without a leading + this would set the clock.'));
  const sure = parsed.given.every(({ name }) => /^(-u|--utc|--universal)$/.test(name));
  const shape = !sure ? 'text' : digits.test(format) ? 'number' : wordFormat.test(format) ? 'name' : 'text';
  return { issues, output: { shape } };
}

export function checkStat(parsed: Parsed): Found {
  const format = textOf(optionValue(parsed, '-c --format --printf') ?? undefined);
  return {
    issues: [],
    output: /^%[sYXZWbBugihmf]$/.test(format ?? '') ? { shape: 'number' } : { shape: 'text' },
  };
}
