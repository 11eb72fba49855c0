// Whether a `while` or `until` loop shows that it ends, and after how many turns at most.
// It must never take a loop for bounded unless the script itself counts, or reads its input to the end.
import type { Node } from '../parse/ir.ts';
import { assigned, each, jumps, leaves } from './flow.ts';
import type { Run } from './run.ts';
import { literal } from './value.ts';

type While = Extract<Node, { is: 'while' }>;

/** Turns at most; `lines`: as many as the input has; `unknown`: not stated; `never`: it certainly does not end. */
export function bound(node: While, run: Run): number | 'lines' | 'unknown' | 'never' {
  const counted = countedTest(node, run) ?? countedExit(node.body, run);
  if (counted !== null) return counted;
  const only = node.test.length === 1 ? node.test[0] : undefined;
  const words = only?.is === 'command' ? only.words.map((w) => w.source) : [];
  const always = node.until ? words[0] === 'false' : words[0] === 'true' || words[0] === ':';
  if (always || (only?.is === 'sum' && only.sum.constant !== null))
    return jumps(node.body) ? 'unknown' : 'never';
  if (words[0] === 'read' && !node.until) return run.input.from === 'nowhere' ? 'unknown' : 'lines';
  return 'unknown';
}

/** `while (( n < 30 ))`, `until [ "$n" -ge 30 ]`, with whatever else must hold beside it. */
function countedTest(node: While, run: Run): number | null {
  const last = node.test.at(-1);
  const needed = node.until ? '||' : '&&';
  const parts =
    last?.is === 'chain' && last.rest.every((r) => r.operator === needed)
      ? [last.first, ...last.rest.map((r) => r.node)]
      : [last];
  for (const part of parts) {
    const found = part && comparison(part, run);
    if (found && found.below !== node.until && climbs([...node.test, ...node.body], found.name))
      return found.limit;
  }
  return null;
}

/** `if (( n >= 30 )); then exit 1; fi` and its shorter forms, somewhere at the top of the body. */
function countedExit(body: readonly Node[], run: Run): number | null {
  for (const node of body) {
    let test: Node | undefined;
    let below = false;
    if (node.is === 'if' && node.branches[0]?.test.length === 1 && leaves(node.branches[0].body))
      test = node.branches[0].test[0];
    if (node.is === 'chain' && node.rest.length === 1 && node.rest[0] && leaves([node.rest[0].node])) {
      test = node.first;
      below = node.rest[0].operator === '||';
    }
    const found = test && comparison(test, run);
    if (found && found.below === below && climbs(body, found.name)) return found.limit;
  }
  return null;
}

const form =
  /(?:\(\(\s*|\[\[?\s+)"?\$?\{?(?:\+\+)?([A-Za-z_]\w*)(?:\+\+)?\}?"?\s*(-l[te]|-g[te]|<=?|>=?)\s*"?(\d{1,6}|\$?\{?[A-Za-z_]\w*\}?)"?\s*(?:\)\)|\]\]?)/;

/** A comparison of one variable with a number that is known. `below`: it holds while the variable is small. */
function comparison(node: Node, run: Run): { name: string; below: boolean; limit: number } | null {
  if (node.is !== 'sum' && node.is !== 'command' && node.is !== 'test') return null;
  if (node.is === 'test' && node.joined) return null;
  const m = form.exec(node.is === 'sum' ? node.sum.source : node.source);
  if (!m) return null;
  const [, name = '', operator = '', right = ''] = m;
  const known = /^\d/.test(right)
    ? right
    : literal(run.scope.variables.get(right.replace(/[${}]/g, ''))?.value ?? [{ shape: 'text', shown: '' }]);
  if (known === null || !/^\d{1,6}$/.test(known)) return null;
  return { name, below: /^(-l|<)/.test(operator), limit: Number(known) };
}

/** The nodes add to the variable on every turn, outside any branch, and do nothing else to it. */
function climbs(nodes: readonly Node[], name: string): boolean {
  const v = `\\$?\\{?${name}\\}?`;
  const step = `${name}\\+\\+|\\+\\+${name}|${name}\\s*\\+=\\s*[1-9]|${name}=\\$\\(\\(\\s*${v}\\s*\\+\\s*[1-9]`;
  const up = new RegExp(`^\\(?\\(?\\s*(${step})`);
  const source = (n: Node) => (n.is === 'sum' ? n.sum.source : n.is === 'command' ? n.source : '');
  let others = 0;
  each(nodes, (n) => {
    if (
      assigned([n]).has(name) &&
      (n.is === 'sum' || n.is === 'command' || n.is === 'for') &&
      !up.test(source(n))
    )
      others++;
  });
  const every = nodes.some(
    (n) =>
      up.test(source(n)) ||
      (n.is === 'if' && n.branches[0]?.test.some((t) => up.test(source(t)))) ||
      (n.is === 'chain' && up.test(source(n.first))),
  );
  return others === 0 && every;
}
