// All constructs, class by class. Must never hold two of one name.
import type { Construct } from './construct.ts';
import { answers } from './pages/answers.ts';
import { cover } from './pages/cover.ts';
import { csp } from './pages/csp.ts';
import { cspLoads } from './pages/csp-loads.ts';
import { cssRules } from './pages/css-rules.ts';
import { integrity } from './pages/integrity.ts';
import { status } from './pages/status.ts';
import { styles } from './pages/styles.ts';
import { text } from './pages/text.ts';

const classes: Readonly<Record<string, readonly Construct[]>> = {
  csp: [...csp, ...cspLoads],
  integrity,
  cover,
  styles: [...styles, ...cssRules],
  text,
  status: [...status, ...answers],
};

export const all: readonly Construct[] = Object.values(classes).flat();
export const classOf = (id: string): string =>
  Object.keys(classes).find((name) => classes[name]?.some((one) => one.id === id)) ?? 'none';
export const counts = (): [string, number][] =>
  Object.entries(classes).map(([name, constructs]) => [name, constructs.length]);
