// What the engine knows of a word before the run: literal text, and between it parts known only then, each with the
// shape it is certain to have.
// It must never claim more of an unknown part than its producer guarantees.

/** `number`: digits; `name`: no white space, quotes or leading dash; `path`: a file below `under`; `text`: anything. */
export type Shape = 'number' | 'name' | 'path' | 'glob' | 'text';
/** `likely`: a command says that it is a number, and nothing makes sure of it. */
export type Unknown = { shape: Shape; shown: string; under?: string; likely?: true };
export type Piece = string | Unknown;
export type Value = readonly Piece[];

/** One argument after expansion; `splits` if it may become none or several. */
export type Arg = { value: Value; splits: boolean };

/** What a command prints, as far as it is known. `none`: nothing. */
export type Output = { shape: Exclude<Shape, 'glob'> | 'none'; under?: string; text?: string };

export const silent: Output = { shape: 'none' };
export const anything: Output = { shape: 'text' };

const name = /^[A-Za-z0-9][\w.:/@-]*$/;

/** The whole text, or null when a part of it is known only at run time. */
export function literal(value: Value): string | null {
  let text = '';
  for (const piece of value) {
    if (typeof piece !== 'string') return null;
    text += piece;
  }
  return text;
}

/** The argument's text if it is known and stays one argument. */
export const textOf = (arg: Arg | undefined): string | null =>
  arg && !arg.splits ? literal(arg.value) : null;

/** The text before the first unknown part. */
export function prefix(value: Value): string {
  let text = '';
  for (const piece of value) {
    if (typeof piece !== 'string') break;
    text += piece;
  }
  return text;
}

/** As a reviewer should read it: unknown parts stand as they were written. */
export function show(value: Value): string {
  let text = '';
  for (const piece of value) text += typeof piece === 'string' ? piece : piece.shown;
  return text;
}

/** The value without its first `count` characters, which must be literal. */
export function drop(value: Value, count: number): Value {
  const [first, ...rest] = value;
  if (count === 0 || typeof first !== 'string') return value;
  if (first.length >= count) return first.length === count ? rest : [first.slice(count), ...rest];
  return drop(rest, count - first.length);
}

/** Neighbouring literals become one, so that values can be compared and cut. */
export function compact(value: Value): Value {
  if (value.length < 2) return value;
  const out: Piece[] = [];
  for (const piece of value) {
    const last = out.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece;
    else if (piece !== '' || value.length === 1) out.push(piece);
  }
  return out;
}

/** The narrowest shape that certainly holds. */
export function shapeOf(value: Value): Shape {
  const text = literal(value);
  if (text !== null)
    return /^\d+$/.test(text) ? 'number' : name.test(text) && !text.includes('..') ? 'name' : 'text';
  if (value.length === 1 && typeof value[0] === 'object') return value[0].shape;
  if (value.every((p) => (typeof p === 'string' ? /^\d+$/.test(p) : p.shape === 'number'))) return 'number';
  const first = value[0];
  if (typeof first === 'object' ? first.shape === 'path' : first?.startsWith('/')) {
    const stays = (p: Piece): boolean => namelike(p) && !(typeof p === 'string' && p.includes('..'));
    return value.every((p, i) => i === 0 || stays(p)) ? 'path' : 'text';
  }
  return value.every((p) => namelike(p)) && !/^[-.]/.test(prefix(value)) && !prefix(value).includes('..')
    ? 'name'
    : 'text';
}

const namelike = (piece: Piece): boolean =>
  typeof piece === 'string' ? /^[\w.:/@-]*$/.test(piece) : piece.shape === 'name' || piece.shape === 'number';

/** True if it is a number, or a command says so. */
export const isLikelyNumber = (value: Value): boolean =>
  shapeOf(value) === 'number' ||
  (value.length === 1 && typeof value[0] === 'object' && value[0].likely === true);

/** What holds whichever of two values it is. */
export function join(a: Value, b: Value, shown: string = show(a)): Value {
  if (a === b || JSON.stringify(a) === JSON.stringify(b)) return a;
  const [x, y] = [shapeOf(a), shapeOf(b)];
  if (x === 'number' && y === 'number') return [{ shape: 'number', shown }];
  if (/name|number/.test(x) && /name|number/.test(y)) return [{ shape: 'name', shown }];
  return [{ shape: 'text', shown }];
}

/** What two commands print one after the other, or one instead of the other. */
export function joinOutputs(a: Output, b: Output): Output {
  if (a.shape === 'none') return b;
  if (b.shape === 'none') return a;
  if (a.shape === b.shape) {
    if (a.shape !== 'path') return { shape: a.shape };
    return a.under === b.under ? a : anything;
  }
  const names = (o: Output) => o.shape === 'name' || o.shape === 'number';
  return names(a) && names(b) ? { shape: 'name' } : anything;
}

/** Output that may also be missing: its exact text is not certain, its shape is. */
export function unsure(output: Output): Output {
  const { text, ...rest } = output;
  return text === undefined ? output : { ...rest, shape: shapeOf([text]) === 'name' ? 'name' : 'text' };
}

/** The value a substitution of this output has. */
export function substituted(output: Output, shown: string): Value {
  if (output.text !== undefined) return [output.text];
  // No command's output is a number by reputation, but for a filter that lets nothing but digits through.
  if (output.shape === 'number') return [{ shape: 'text', shown, likely: true }];
  const shape = output.shape === 'none' ? 'text' : output.shape;
  return [{ shape, shown, ...(output.under === undefined ? {} : { under: output.under }) }];
}
