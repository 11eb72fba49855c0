// Whether a `while` or `until` loop shows that it ends, and after how many turns at most.
// It must never take a loop for bounded unless the script itself counts, or reads its input to the end.
import { inside, type Node, plainText } from '../plain/tree.ts';
import { leaves } from './collect.ts';
import { valuesOf } from './expand.ts';
import type { Run } from './run.ts';
import { literal } from './value.ts';

type While = Extract<Node, { is: 'while' }>;

/** Turns at most; `lines`: as many as the input has; `unknown`: not stated; `never`: it certainly does not end. */
export function turnsOf(node: While, run: Run): number | 'lines' | 'unknown' | 'never' {
  const counted = countedTest(node, run) ?? countedExit(node.body, run);
  if (counted !== null) return counted;
  const [only, more] = node.test;
  const first = only?.is === 'command' && !more ? plainText(only.words[0]) : null;
  const always = node.until ? first === 'false' : first === 'true' || first === ':';
  if (always || (only?.is === 'sum' && only.sum.constant !== null))
    return jumps(node.body) ? 'unknown' : 'never';
  if (first === 'read' && !node.until) return run.input.from === 'nowhere' ? 'unknown' : 'lines';
  return 'unknown';
}

/** `while (( n < 30 ))`, `until [ "$n" -ge 30 ]`, with whatever else must hold beside it. */
function countedTest(node: While, run: Run): number | null {
  const last = node.test.at(-1);
  const needed = node.until ? '||' : '&&';
  const chained = last?.is === 'chain' && last.rest.every((part) => part.operator === needed);
  const parts = chained ? [last.first, ...last.rest.map((part) => part.node)] : [last];
  for (const part of parts) {
    const found = part && comparison(part, run);
    if (found && found.below !== node.until && climbs([...node.test, ...node.body], found.name, run))
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
      [test] = node.branches[0].test;
    if (node.is === 'chain' && node.rest.length === 1 && node.rest[0] && leaves([node.rest[0].node])) {
      test = node.first;
      below = node.rest[0].operator === '||';
    }
    const found = test && comparison(test, run);
    if (found && found.below === below && climbs(body, found.name, run)) return found.limit;
  }
  return null;
}

const form =
  /^(?:\(\(\s*|\[\[?\s+)"?\$?\{?([A-Za-z_]\w*)\}?"?\s*(-l[te]|-g[te]|<=?|>=?)\s*"?(\d{1,6}|\$?\{?[A-Za-z_]\w*\}?)"?\s*(?:\)\)|\]\]?)$/;

/** A comparison of one variable with a number that is known. `below`: it holds while the variable is small. */
function comparison(node: Node, run: Run): { name: string; below: boolean; limit: number } | null {
  if (node.is !== 'sum' && node.is !== 'command' && node.is !== 'test') return null;
  const m = form.exec(node.source.trim());
  if (!m) return null;
  const [, name = '', operator = '', right = ''] = m;
  const limits = /^\d/.test(right)
    ? [right]
    : valuesOf(
        {
          is: 'value',
          name: right.replace(/[${}]/g, ''),
          otherwise: null,
          pos: node.pos,
          raw: right,
          quote: '',
          run: 0,
        },
        run,
      ).map(literal);
  const most = limits.map((text) => (text !== null && /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN));
  const limit = Math.max(...most);
  return Number.isNaN(limit) ? null : { name, below: /^(-l|<)/.test(operator), limit };
}

/** These nodes add to the variable on every turn, outside any branch, and nothing else in the loop or in a function changes it. */
function climbs(nodes: readonly Node[], name: string, run: Run): boolean {
  const up = new RegExp(
    `^\\(?\\(?\\s*(${name}\\+\\+|\\+\\+${name}|${name}\\s*\\+=\\s*[1-9]|${name}\\s*=\\s*(\\$\\(\\()?\\s*\\$?\\{?${name}\\}?\\s*\\+\\s*[1-9])`,
  );
  const climbing = nodes.filter(
    (node) => (node.is === 'sum' || node.is === 'assign') && up.test(node.source),
  );
  const [from, to] = [nodes[0]?.pos ?? 0, nodes.at(-1)?.end ?? 0];
  const others = (run.facts.given.get(name) ?? []).filter(
    (by) =>
      ((by.pos >= from && by.pos < to) || by.fun !== null) &&
      !climbing.some((node) => node.pos <= by.pos && by.pos < node.end),
  );
  const skips = nodes
    .slice(0, nodes.indexOf(climbing[0] as Node))
    .some((node) => jumps([node], /^continue$/));
  return climbing.length > 0 && others.length === 0 && !skips;
}

/** True if the loop may be left from in there, or cut short. */
export function jumps(nodes: readonly Node[], by = /^(exit|return|continue|break)$/): boolean {
  return nodes.some(
    (node) =>
      (node.is === 'command' && by.test(plainText(node.words[0]) ?? '')) ||
      (node.is !== 'function' && jumps(inside(node), by)),
  );
}
