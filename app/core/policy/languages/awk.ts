// Reads an awk program far enough to know that it only prints. awk can run commands, read and write files.
// It must never accept a construct it does not recognise.
import { type Issue, question, refusal } from '../engine/run.ts';

const functions = new Set(
  'length substr split gsub sub match index sprintf tolower toupper int sqrt exp log sin cos atan2 rand srand strftime systime mktime gensub asort asorti and or xor compl lshift rshift strtonum isarray typeof patsplit if while for switch print printf return exit delete'.split(
    ' ',
  ),
);
const runs = /\b(system|getline|close|fflush|ENVIRON|PROCINFO|ARGV|ARGC|SYMTAB|FUNCTAB|nextfile)\b|@/;

/** Why this program may not run; null if it only computes and prints. */
export function checkAwk(program: string): Issue | null {
  const code = strip(program);
  if (code === null) return question('awk', 'This awk program cannot be read.');
  if (runs.test(code))
    return refusal('runs-code', 'This awk program runs commands, reads the environment or opens files.');
  if (/\|/.test(code.replaceAll('||', '')))
    return refusal('runs-code', 'This awk program pipes into or from a command.');
  // A line that ends in a comma or an operator goes on in the next one.
  for (const statement of code.replace(/(,|&&|\|\|)\s*\n/g, '$1 ').split(/[;{}\n]/)) {
    // After print, `>` is a file; anywhere else it compares. Inside parentheses it always compares.
    if (/\bprintf?\b.*>/.test(parenthesesGone(statement))) {
      return refusal('writes-file', 'This awk program writes a file.');
    }
  }
  if (/\b(while|do)\b/.test(code) || /\bfor\s*\(\s*;/.test(code))
    return question('may-not-end', 'This awk program loops without a stated end.');
  for (const [, name = ''] of code.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) {
    if (
      !functions.has(name) &&
      !new RegExp(`\\bfunction\\s+${name}\\b`).test(code) &&
      !/^(in|NR|NF|FNR|BEGIN|END)$/.test(name)
    ) {
      return question('awk', `The policy does not know the awk function ${name}.`);
    }
  }
  return null;
}

/** True if the program prints single fields, so that what it prints are words of its input. */
export const printsFields = (program: string): boolean =>
  /^\s*(NR\s*[=!<>]=?\s*\d+\s*(&&\s*)?)?(\/[^/]*\/|\$\d+\s*(==|!=|~|!~|[<>]=?)\s*("[^"]*"|\/[^/]*\/|\d+))?\s*\{\s*print\s+\$(\d+|NF)\s*;?\s*(exit\s*;?\s*)?\}\s*$/.test(
    program,
  );

/** True if the program prints whole numbers only. */
export const printsNumbers = (program: string): boolean =>
  /^[^{]*\{[^{}]*\}?[^{]*\{\s*print(f\s+"%d(\\n)?"\s*,|\s+int\()[^,{}]*\}\s*$/.test(program) ||
  /^[^{}]*\{\s*print(f\s+"%d(\\n)?"\s*,|\s+int\()[^,{}]*\}\s*$/.test(program);

function parenthesesGone(text: string): string {
  let out = text;
  for (let before = ''; before !== out; ) {
    before = out;
    out = out.replace(/\([^()]*\)/g, '');
  }
  return out;
}

/** After these a slash divides; after anything else it begins a regular expression. */
const operand = /([\w$)\]"]|\.)$/;
const keyword = /\b(print|printf|return|in|case|do|else|exit|delete)$/;

/** The program without strings, regular expressions and comments; null where it could be read in two ways. */
function strip(program: string): string | null {
  let out = '';
  for (let i = 0; i < program.length; i++) {
    const char = program[i] ?? '';
    if (char === '\\' && program[i + 1] === '\n') i++;
    else if (char === '#') {
      const end = program.indexOf('\n', i);
      i = end < 0 ? program.length : end - 1;
    } else if (char === '"' || char === '/') {
      const before = out.trimEnd();
      if (char === '/') {
        if (/(\+\+|--)$/.test(before)) return null;
        if (operand.test(before) && !keyword.test(before)) {
          out += char;
          continue;
        }
      }
      const end = closing(program, i, char);
      if (end < 0) return null;
      i = end;
      // An operand stands where the text stood.
      out += ' 0 ';
    } else out += char;
  }
  return out;
}

function closing(program: string, from: number, char: string): number {
  for (let i = from + 1; i < program.length; i++) {
    const next = program[i];
    if (next === '\n') return -1;
    if (next === '\\') i++;
    else if (char === '/' && next === '[') {
      const set = /^\[\^?\]?(\[:\w+:\]|\\.|[^\]\\\n[])*\]/.exec(program.slice(i));
      if (!set || /["/]/.test(set[0])) return -1;
      i += set[0].length - 1;
    } else if (next === char) return i;
  }
  return -1;
}
