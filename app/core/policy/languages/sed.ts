// Reads a sed script command by command. sed can run commands (`e`) and write files (`w`).
// It must never skip over a command it does not know.
import { type Issue, question, refusal } from '../engine/run.ts';

const harmless = new Set('p P d D n N g G h H x l = z F q Q'.split(' '));

/** Why this script may not run; null if it only edits the stream. */
export function checkSed(script: string): Issue | null {
  const at = { i: 0 };
  while (at.i < script.length) {
    skip(script, at, /[\s;{}]/);
    if (at.i >= script.length) break;
    if (script[at.i] === '#') {
      const end = script.indexOf('\n', at.i);
      at.i = end < 0 ? script.length : end;
      continue;
    }
    if (!address(script, at)) return question('sed', 'This sed script cannot be read.');
    const issue = command(script, at);
    if (issue) return issue;
  }
  return null;
}

function skip(script: string, at: { i: number }, what: RegExp): void {
  while (at.i < script.length && what.test(script[at.i] ?? '')) at.i++;
}

/** Passes one or two addresses; false if a pattern does not end. */
function address(script: string, at: { i: number }): boolean {
  for (let count = 0; count < 2; count++) {
    skip(script, at, /\s/);
    const char = script[at.i] ?? '';
    if (/\d/.test(char)) skip(script, at, /[\d~]/);
    else if (char === '$') at.i++;
    else if (char === '/' || char === '\\') {
      if (char === '\\') at.i++;
      if (!delimited(script, at, script[at.i] ?? '')) return false;
      skip(script, at, /[IM]/);
    } else if (/[+~]/.test(char) && count === 1) {
      at.i++;
      skip(script, at, /\d/);
    } else break;
    skip(script, at, /\s/);
    if (script[at.i] !== ',') break;
    at.i++;
  }
  skip(script, at, /[\s!]/);
  return true;
}

/** Passes text up to the next unescaped delimiter; the position must be at the first one. */
function delimited(script: string, at: { i: number }, delimiter: string, pattern = true): boolean {
  if (delimiter === '' || /[\n\\]/.test(delimiter)) return false;
  for (at.i++; at.i < script.length; at.i++) {
    const char = script[at.i];
    if (char === '\\') at.i++;
    else if (char === delimiter) {
      at.i++;
      return true;
    } else if (pattern && char === '[') {
      const set = /^\[\^?\]?(\[:\w+:\]|\[[.=][^\]]*[.=]\]|[^\]\\\n[])*\]/.exec(script.slice(at.i));
      // A set that is not plain could be read in two ways.
      if (!set) return false;
      at.i += set[0].length - 1;
    }
  }
  return false;
}

function command(script: string, at: { i: number }): Issue | null {
  const name = script[at.i] ?? '';
  at.i++;
  if (name === '{' || name === '}' || name === '') return null;
  if (harmless.has(name)) {
    if (name === 'q' || name === 'Q' || name === 'l') skip(script, at, /[ \d]/);
    return ended(script, at);
  }
  if (name === 's' || name === 'y') {
    const delimiter = script[at.i] ?? '';
    if (!delimited(script, at, delimiter, name === 's'))
      return question('sed', 'This sed script cannot be read.');
    at.i--;
    if (!delimited(script, at, delimiter, false)) return question('sed', 'This sed script cannot be read.');
    const start = at.i;
    skip(script, at, /[a-zA-Z\d]/);
    const flags = script.slice(start, at.i);
    if (/e/.test(flags)) return refusal('runs-code', 'This sed script runs what it replaced as a command.');
    if (/w/i.test(flags)) return refusal('writes-file', 'This sed script writes a file.');
    return /^[gpiImM\d]*$/.test(flags)
      ? ended(script, at)
      : question('sed', 'This sed script cannot be read.');
  }
  if (name === 'e') return refusal('runs-code', 'This sed script runs a command.');
  if (/[wWrR]/.test(name)) return refusal('writes-file', 'This sed script reads or writes another file.');
  if (/[aic]/.test(name)) {
    // The text goes to the end of the line, and further after a backslash.
    while (at.i < script.length && !(script[at.i] === '\n' && script[at.i - 1] !== '\\')) at.i++;
    return null;
  }
  if (/[:btT]/.test(name)) {
    // A branch back can loop for ever; a label alone is nothing.
    if (
      name !== ':' &&
      !/^[\s]*([;}\n]|$)/.test(script.slice(at.i)) &&
      !/:\w+\s*(;|\n)\s*(\$!)?\s*N/.test(script)
    )
      return question('may-not-end', 'This sed script may loop.');
    skip(script, at, /[^;\n}]/);
    return null;
  }
  return question('sed', `The policy does not know the sed command ${name}.`);
}

const ended = (script: string, at: { i: number }): Issue | null =>
  /^\s*([;}\n#]|$)/.test(script.slice(at.i, at.i + 80)) || at.i >= script.length
    ? null
    : question('sed', 'This sed script cannot be read.');
