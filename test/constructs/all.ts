// All constructs, class by class. Must never hold two of one name.
import type { Construct } from './construct.ts';
import { answers } from './pages/answers.ts';
import { busy } from './pages/busy.ts';
import { choices } from './pages/choices.ts';
import { cover } from './pages/cover.ts';
import { csp } from './pages/csp.ts';
import { cspLoads } from './pages/csp-loads.ts';
import { cssRules } from './pages/css-rules.ts';
import { dom } from './pages/dom.ts';
import { errors } from './pages/errors.ts';
import { fields } from './pages/fields.ts';
import { forms } from './pages/forms.ts';
import { frames } from './pages/frames.ts';
import { frontAnswers } from './pages/front-answers.ts';
import { fronts } from './pages/fronts.ts';
import { integrity } from './pages/integrity.ts';
import { keys } from './pages/keys.ts';
import { lateOnes } from './pages/late-ones.ts';
import { written } from './pages/line-written.ts';
import { lines } from './pages/lines.ts';
import { media } from './pages/media.ts';
import { modules } from './pages/modules.ts';
import { network } from './pages/network.ts';
import { platform } from './pages/platform.ts';
import { sending } from './pages/sending.ts';
import { shadowRoots } from './pages/shadow-roots.ts';
import { shops } from './pages/shops.ts';
import { status } from './pages/status.ts';
import { styles } from './pages/styles.ts';
import { text } from './pages/text.ts';
import { tricks } from './pages/tricks.ts';
import { unseen } from './pages/unseen.ts';
import { layers } from './pages/unseen-layers.ts';

const classes: Readonly<Record<string, readonly Construct[]>> = {
  csp: [...csp, ...cspLoads],
  integrity,
  cover,
  styles: [...styles, ...cssRules],
  text,
  status: [...status, ...answers],
  media,
  dom: [...dom, ...shadowRoots],
  forms: [...forms, ...fields, ...choices, ...sending],
  frames,
  platform: [...platform, ...modules],
  network,
  errors,
  keys,
  late: lateOnes,
  shops,
  busy,
  tricks,
  lines: [...lines, ...written],
  unseen: [...unseen, ...layers],
  fronts: [...fronts, ...frontAnswers],
};

export const all: readonly Construct[] = Object.values(classes).flat();
export const classOf = (id: string): string =>
  Object.keys(classes).find((name) => classes[name]?.some((one) => one.id === id)) ?? 'none';
export const counts = (): [string, number][] =>
  Object.entries(classes).map(([name, constructs]) => [name, constructs.length]);
