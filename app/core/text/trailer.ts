// Makes the value of a commit trailer from text from outside. The result always matches its pattern.
// Must never let anything through that could mention somebody, close an issue or begin a second trailer.

export const TRAILER_VALUE = /^[A-Za-z0-9](?:[A-Za-z0-9 :._/,()+=%-]{0,198}[A-Za-z0-9)%])?$/;

/** One line of at most 200 characters; `none` when nothing is left. */
export function trailerValue(text: string): string {
  const plain = text
    .slice(0, 4096)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  const words = plain.replace(/[^A-Za-z0-9 :._/,()+=%-]+/g, ' ').replace(/ {2,}/g, ' ');
  const value = words
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 200)
    .replace(/[^A-Za-z0-9)%]+$/, '');
  return value || 'none';
}
