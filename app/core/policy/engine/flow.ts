// Questions about a piece of script that need no values: what it may assign, whether it leaves, whether it jumps.
// It must never answer "no" when it is not sure.
import type { Assign, Node, Word } from '../parse/ir.ts';

/** Every variable the nodes may set, and whether each change keeps it a number. */
export function assigned(nodes: readonly Node[]): Map<string, boolean> {
  const out = new Map<string, boolean>();
  const set = (name: string, numeric: boolean) => out.set(name, numeric && out.get(name) !== false);
  each(nodes, (node) => {
    if (node.is === 'for') set(node.name, false);
    else if (node.is === 'count')
      for (const s of [node.start, node.test, node.step]) for (const n of s?.writes ?? []) set(n, true);
    else if (node.is === 'sum') for (const n of node.sum.writes) set(n, true);
    else if (node.is === 'command') {
      for (const a of node.assigns) if (node.words.length === 0) set(a.name, numericAssign(a));
      for (const word of node.words) {
        if ('name' in word) set(word.name, numericAssign(word));
      }
      const [first, ...rest] = node.words;
      if (
        first &&
        'parts' in first &&
        /^(read|mapfile|readarray|unset|declare|local|typeset|export|getopts)$/.test(first.source)
      ) {
        for (const word of rest)
          if ('parts' in word && /^[A-Za-z_]\w*$/.test(word.source)) set(word.source, false);
      }
    }
    for (const word of wordsOf(node)) {
      for (const part of word.parts) {
        if (part.is === 'sum') for (const n of part.sum.writes) set(n, true);
        if (part.is === 'variable' && part.access.how === 'assign') set(part.name, false);
      }
    }
  });
  return out;
}

function numericAssign(a: Assign): boolean {
  if (Array.isArray(a.value) || a.append || a.index) return false;
  const [part, ...rest] = a.value.parts;
  if (rest.length > 0 || !part) return false;
  return part.is === 'sum' || (part.is === 'text' && /^\d+$/.test(part.text));
}

/** True if control certainly does not go past these nodes. */
export function leaves(nodes: readonly Node[]): boolean {
  const last = nodes.at(-1);
  if (!last) return false;
  if (last.is === 'group') return !last.apart && leaves(last.body);
  if (last.is !== 'command') return false;
  const first = last.words[0];
  return first !== undefined && 'parts' in first && /^(exit|return|continue|break)$/.test(first.source);
}

/** True if the loop's body may be left or cut short, so that its last assignments need not have happened. */
export function jumps(nodes: readonly Node[]): boolean {
  let found = false;
  each(nodes, (node) => {
    if (node.is !== 'command') return;
    const first = node.words[0];
    if (first && 'parts' in first && /^(exit|return|continue|break)$/.test(first.source)) found = true;
  });
  return found;
}

/** Every node below, without those inside substitutions (they cannot change this shell's variables). */
export function each(nodes: readonly Node[], visit: (node: Node) => void): void {
  for (const node of nodes) {
    visit(node);
    switch (node.is) {
      case 'pipeline':
        each(node.stages, visit);
        break;
      case 'chain':
        each([node.first, ...node.rest.map((r) => r.node)], visit);
        break;
      case 'if':
        for (const b of node.branches) each([...b.test, ...b.body], visit);
        each(node.otherwise, visit);
        break;
      case 'case':
        for (const arm of node.arms) each(arm.body, visit);
        break;
      case 'while':
        each([...node.test, ...node.body], visit);
        break;
      case 'group':
      case 'for':
      case 'count':
        each(node.body, visit);
        break;
      case 'function':
        each([node.body], visit);
    }
  }
}

function wordsOf(node: Node): Word[] {
  if (node.is === 'command')
    return node.words.flatMap((w) => ('parts' in w ? [w] : Array.isArray(w.value) ? w.value : [w.value]));
  if (node.is === 'for') return node.words ?? [];
  if (node.is === 'case') return [node.word];
  if (node.is === 'test') return node.checks.flatMap((c) => (c.left ? [c.left, c.right] : [c.right]));
  return [];
}
