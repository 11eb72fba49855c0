// What the content lake does not take though it has no schema: too many attributes, too deep a document, and scores that
// groq-js computes and the content lake does not. It must never refuse what the vendor's page of limits allows.
// https://www.sanity.io/docs/content-lake/technical-limits
import type { ExprNode } from 'groq-js';
import type { Doc } from './mutations.ts';

const ATTRIBUTES = 1000; // of one document
const DEEPEST = 20;
const PATHS = 2000; // of a free dataset, all documents together

/** Why these documents cannot all be in one dataset; null when they can. */
export function tooMuch(docs: Iterable<Doc>): string | null {
  const paths = new Set<string>();
  for (const doc of docs) {
    const own = new Set<string>();
    const depth = walk(doc, '', own);
    if (depth > DEEPEST)
      return `Document "${doc._id}" is nested ${depth} levels deep, at most ${DEEPEST} are allowed`;
    if (own.size > ATTRIBUTES)
      return `Document "${doc._id}" has ${own.size} attributes, at most ${ATTRIBUTES} are allowed`;
    for (const path of own) paths.add(path);
  }
  if (paths.size <= PATHS) return null;
  return `The total attribute/datatype count ${paths.size} exceeds the limit of ${PATHS}`;
}

/** Collects the paths of all attributes, those of an array's items under one name. Gives how deep it went. */
function walk(value: unknown, path: string, paths: Set<string>): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Array.isArray(value)
    ? value.map((item: unknown) => walk(item, `${path}[]`, paths))
    : Object.entries(value).map(([name, item]) => {
        paths.add(`${path}.${name}`);
        return walk(item, `${path}.${name}`, paths);
      });
  return 1 + Math.max(0, ...inside);
}

/** Why the content lake would not score like this; null when it would. Which expressions it takes was reported, not published. */
export function unscorable(tree: ExprNode): string | null {
  if (tree.type !== 'PipeFuncCall') {
    const inside = 'base' in tree && typeof tree.base === 'object' ? tree.base : null;
    return inside ? unscorable(inside as ExprNode) : null;
  }
  if (tree.name !== 'score') return unscorable(tree.base);
  if (tree.base.type === 'Map' || tree.base.type === 'Array' || tree.base.type === 'Projection')
    return 'score() cannot be used after a projection or on an array';
  return tree.args.every(scores) ? unscorable(tree.base) : 'score() function received unexpected expression';
}

function scores(node: ExprNode): boolean {
  if (node.type === 'FuncCall')
    return node.namespace === 'global' && node.name === 'boost' && node.args.slice(0, 1).every(scores);
  if (node.type === 'And' || node.type === 'Or') return scores(node.left) && scores(node.right);
  if (node.type === 'Group') return scores(node.base);
  return node.type === 'OpCall' && isAttribute(node.left) && node.right.type === 'Value';
}

const isAttribute = (node: ExprNode): boolean =>
  node.type === 'AccessAttribute' ||
  ((node.type === 'ArrayCoerce' || node.type === 'Map') && isAttribute(node.base));
