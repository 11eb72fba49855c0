// Mutations as the content lake does them: all of a request or nothing of it, a new revision for what changed.
// Must never touch the documents it was given: who looks at them sees the state before or after, nothing between.
// https://www.sanity.io/docs/http-reference/mutation
import { randomBytes } from 'node:crypto';
import * as z from 'zod';

export type Doc = { _id: string; _type: string; _rev: string; _createdAt: string; _updatedAt: string } & {
  [field: string]: unknown;
};
export type Docs = ReadonlyMap<string, Doc>;
export type Applied =
  | { ok: true; docs: Docs; results: { id: string; operation: string }[] }
  | { ok: false; index: number; type: string; id: string; description: string };

const Id = z.string().regex(/^(?!-)[a-zA-Z0-9._-]{1,128}$/, 'Invalid document ID');
const Content = z.looseObject({ _id: Id, _type: z.string().regex(/^[a-zA-Z][\w.-]*$/) });
const Fields = z.record(z.string(), z.unknown());
const Patch = z.strictObject({
  id: Id,
  ifRevisionID: z.string().optional(),
  set: Fields.optional(),
  setIfMissing: Fields.optional(),
  unset: z.array(z.string()).optional(),
  inc: z.record(z.string(), z.number()).optional(),
  dec: z.record(z.string(), z.number()).optional(),
  insert: z
    .looseObject({ before: z.string(), after: z.string(), items: z.array(z.unknown()) })
    .partial({ before: true, after: true })
    .optional(),
});
export const Mutations = z.strictObject({
  mutations: z.array(
    z.union([
      z.strictObject({ create: Content }),
      z.strictObject({ createOrReplace: Content }),
      z.strictObject({ createIfNotExists: Content }),
      z.strictObject({ delete: z.strictObject({ id: Id }) }),
      z.strictObject({ patch: Patch }),
    ]),
  ),
  transactionId: z.string().optional(),
});
type Mutation = z.infer<typeof Mutations>['mutations'][number];
type Content = z.infer<typeof Content>;

/** Applies mutations one after the other to a copy; the first that cannot be done refuses them all. */
export function apply(before: Docs, mutations: readonly Mutation[], now: string): Applied {
  const docs = new Map(before);
  const results: { id: string; operation: string }[] = [];
  const put = (content: Content, operation: string): void => {
    const _createdAt = docs.get(content._id)?._createdAt ?? now;
    const kept = Object.fromEntries(Object.entries(content).filter(([name]) => name !== '_rev'));
    const { _id, _type } = content;
    docs.set(_id, {
      ...kept,
      _id,
      _type,
      _createdAt,
      _updatedAt: now,
      _rev: randomBytes(11).toString('hex'),
    });
    results.push({ id: _id, operation });
  };
  for (const [index, mutation] of mutations.entries()) {
    if ('createOrReplace' in mutation) put(mutation.createOrReplace, 'update');
    else if ('createIfNotExists' in mutation) {
      const { _id } = mutation.createIfNotExists;
      if (docs.has(_id)) results.push({ id: _id, operation: 'none' });
      else put(mutation.createIfNotExists, 'create');
    } else if ('create' in mutation) {
      const { _id: id } = mutation.create;
      if (docs.has(id))
        return {
          ...{ ok: false, index, id, type: 'documentAlreadyExistsError' },
          description: `Document by ID "${id}" already exists`,
        };
      put(mutation.create, 'create');
    } else if ('delete' in mutation) {
      docs.delete(mutation.delete.id);
      results.push({ id: mutation.delete.id, operation: 'delete' });
    } else {
      const { id, ifRevisionID, ...change } = mutation.patch;
      const doc = docs.get(id);
      if (!doc)
        return {
          ...{ ok: false, index, id, type: 'documentNotFoundError' },
          description: `The document with the ID "${id}" was not found`,
        };
      if (ifRevisionID !== undefined && ifRevisionID !== doc._rev)
        return {
          ...{ ok: false, index, id, type: 'documentRevisionIDDoesNotMatchError' },
          description: `Document "${id}" has unexpected revision ID ("${doc._rev}"), expected "${ifRevisionID}"`,
        };
      put(patched(doc, change), 'update');
    }
  }
  return { ok: true, docs, results };
}

/** Fields are named without paths; arrays are inserted into at `name[n]`. */
function patched(doc: Doc, change: Omit<z.infer<typeof Patch>, 'id'>): Content {
  const next: Content = structuredClone(doc);
  for (const [name, value] of Object.entries(change.setIfMissing ?? {})) next[name] ??= value;
  Object.assign(next, change.set);
  for (const name of change.unset ?? []) delete next[name];
  for (const [name, by] of Object.entries(change.inc ?? {})) next[name] = Number(next[name] ?? 0) + by;
  for (const [name, by] of Object.entries(change.dec ?? {})) next[name] = Number(next[name] ?? 0) - by;
  const { before, after, items = [] } = change.insert ?? {};
  const [, name = '', at = '0'] = /^(\w+)\[(-?\d+)\]$/.exec(before ?? after ?? '') ?? [];
  const list = next[name];
  if (Array.isArray(list)) {
    const place = Number(at) < 0 ? list.length + Number(at) : Number(at);
    next[name] = list.toSpliced(place + (after === undefined ? 0 : 1), 0, ...items);
  }
  return next;
}
