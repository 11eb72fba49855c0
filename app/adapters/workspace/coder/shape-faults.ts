// Compares one answer with the table of shapes and names each difference. It must never mend what it looks at, and it is for
// tests: in production an answer is parsed, and one that cannot be read says nothing about a workspace.
import { answers, errorShape, type Shape, type Type } from './shapes.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const holds: Record<Type, (value: unknown) => boolean> = {
  id: (value) => typeof value === 'string' && uuid.test(value),
  text: (value) => typeof value === 'string',
  time: (value) => typeof value === 'string' && utc.test(value),
  whole: Number.isSafeInteger,
  flag: (value) => typeof value === 'boolean',
  any: (value) => value !== undefined && value !== null,
};

/** `more`: fields that the table does not have are let through, as recordings of other releases may hold some. */
export type Looking = { more: boolean };

/** What is wrong with an answer, a sentence each; nothing when it agrees with the table. `path` is without /api/v2. */
export function answerFaults(
  asked: { method: string; path: string },
  answered: { status: number; body: unknown },
  looking: Looking,
): string[] {
  if (answered.status >= 400) return faults(errorShape, answered.body, 'error', looking);
  const path = asked.path.split('?')[0] ?? '';
  const row = answers.find(({ call }) => matches(call, `${asked.method} ${path}`));
  if (!row) return [`${asked.method} ${path} is not in the table`];
  if (row.status !== answered.status) return [`${row.call}: ${answered.status} instead of ${row.status}`];
  return faults(row.shape, answered.body, row.call, looking);
}

function matches(call: string, asked: string): boolean {
  const [wanted, given] = [call.split('/'), asked.split('/')];
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at])
  );
}

function faults(shape: Shape, value: unknown, at: string, looking: Looking): string[] {
  const shown = JSON.stringify(value)?.slice(0, 40);
  if (typeof shape === 'string') {
    const type = shape.replace(/[?~]$/, '') as Type;
    if (shape.endsWith('~') && value === null) return [];
    if (shape.endsWith('?') && value === undefined) return [];
    if (shape.endsWith('?') && value === '') return [`${at} is "" where it is left out when empty`];
    return holds[type](value) ? [] : [`${at} is ${shown}, not ${shape}`];
  }
  if ('optional' in shape) return value === undefined ? [] : faults(shape.optional, value, at, looking);
  if ('list' in shape)
    return Array.isArray(value)
      ? value.flatMap((one, index) => faults(shape.list, one, `${at}[${index}]`, looking))
      : [`${at} is ${shown}, not a list`];
  if (!('fields' in shape))
    return typeof value === 'string' && shape.includes(value)
      ? []
      : [`${at} is ${shown}, not one of ${shape}`];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${at} is ${shown}, not an object`];
  const known = Object.entries(shape.fields).flatMap(([name, one]) =>
    faults(one, (value as Record<string, unknown>)[name], `${at}.${name}`, looking),
  );
  const others = looking.more ? [] : Object.keys(value).filter((name) => !Object.hasOwn(shape.fields, name));
  return [...known, ...others.map((name) => `${at}.${name} is not in the table`)];
}
