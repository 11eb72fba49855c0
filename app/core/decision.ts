// A decision that explains itself: a tree of named conditions, each with its reason.
// Must never count a condition that could not be evaluated as met: it is a refusal.

/** `unseen`: it could not be looked at from here. That is no approval either. */
export type Decision = {
  name: string;
  ok: boolean;
  reason: string;
  children: readonly Decision[];
  unseen?: true;
};

export function condition(name: string, ok: boolean, reason: string): Decision {
  return { name, ok, reason, children: [] };
}

/** A condition that cannot be looked at from where the question is asked. */
export function unseen(name: string, reason: string): Decision {
  return { name, ok: false, reason, children: [], unseen: true };
}

/** Holds when there is at least one child and every child holds. */
export function allOf(name: string, children: readonly Decision[]): Decision {
  const failed = children.filter((child) => !child.ok);
  const reason =
    children.length === 0
      ? 'no condition was looked at'
      : failed.length === 0
        ? `all ${children.length} conditions hold`
        : failed.map((child) => child.reason).join('; ');
  return { name, ok: children.length > 0 && failed.length === 0, reason, children };
}

/** Holds when at least one child holds. The reason is that of the first child that holds. */
export function anyOf(name: string, children: readonly Decision[]): Decision {
  const first = children.find((child) => child.ok);
  return {
    name,
    ok: first !== undefined,
    reason: first?.name ?? children.map((child) => `${child.name}: ${child.reason}`).join('; '),
    children,
  };
}

/** The tree as text for people, one condition a line. */
export function decisionText(decision: Decision, depth = 0): string {
  const mark = decision.unseen ? '?' : decision.ok ? '✓' : '✗';
  const line = `${'  '.repeat(depth)}${mark} ${decision.name}: ${decision.reason}`;
  return [line, ...decision.children.map((child) => decisionText(child, depth + 1))].join('\n');
}
