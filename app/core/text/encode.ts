// Allow-list encoders for places where text from outside becomes part of a name: branch, path, label, commit
// trailer, environment value. Each result matches its pattern whatever came in; nothing is ever passed through.
import { createHash } from 'node:crypto';

export const BRANCH_PART = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
export const PATH_PART = BRANCH_PART;
export const LABEL_TEXT = /^[A-Za-z0-9](?:[A-Za-z0-9 :._/-]{0,48}[A-Za-z0-9])?$/;
export const TRAILER_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9 :._/,()+=%-]{0,198}[A-Za-z0-9)%])?$/;
export const ENVIRONMENT_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9 :._/,@+=%-]{0,510}[A-Za-z0-9=%/+])?)?$/;

/** One component of a branch name, no dots or slashes. Lossy input gets a hash, so two texts stay two names. */
export function branchPart(text: string): string {
  const words = plain(text).replace(/[^A-Za-z0-9]+/g, '-');
  const part = trim(words.slice(0, 63));
  if (part !== '' && part === text) return part;
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return part === '' ? mark : `${trim(part.slice(0, 54))}-${mark}`;
}

/** One component of a file path, by the rules of `branchPart`: it cannot climb, hide or name a device. */
export function pathPart(text: string): string {
  return branchPart(text);
}

/** A GitHub label: at most 50 characters, no comma; `unnamed` when nothing is left. */
export function labelText(text: string): string {
  const words = plain(text).replace(/[^A-Za-z0-9 :._/-]+/g, ' ');
  return ends(words.replace(/ {2,}/g, ' '), 50, /[^A-Za-z0-9]+$/) || 'unnamed';
}

/** The value of a commit trailer: one line, no mention, reference or second trailer; `none` when nothing is left. */
export function trailerValue(text: string): string {
  const words = plain(text).replace(/[^A-Za-z0-9 :._/,()+=%-]+/g, ' ');
  return ends(words.replace(/ {2,}/g, ' '), 200, /[^A-Za-z0-9)%]+$/) || 'none';
}

/** An environment value: one line without quotes, `$`, backticks or separators of any shell; may be empty. */
export function environmentValue(text: string): string {
  return ends(plain(text).replace(/[^A-Za-z0-9 :._/,@+=%-]+/g, ' '), 512, /[^A-Za-z0-9=%/+]+$/);
}

function plain(text: string): string {
  return text
    .slice(0, 4096)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
}

function trim(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}

function ends(text: string, length: number, tail: RegExp): string {
  return text
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, length)
    .replace(tail, '');
}
