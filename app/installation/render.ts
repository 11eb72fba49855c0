// Makes an installation's files from the template folder and what the operator answered: what `vigil init` writes, and what
// the sandbox runs on. Must never leave a placeholder open, or write a vigil.yml that Vigil itself would refuse.
import { dump } from 'js-yaml';
import * as z from 'zod';
import { parseSettings, SETTINGS_PATH } from '#adapters/git/source';
import { Product } from '#core/addresses';
import { addressesFrom, type Environment } from './from-environment.ts';

export type Files = Readonly<Record<string, string>>;
/** `product` null: the installation is Vigil's own repository, which calls its own files. */
const Answers = z.strictObject({
  product: Product.extend({
    version: z.string().regex(/^[\w.+-]{1,40}$/, 'a release, such as v1.2.0'),
  }).nullable(),
  runner: z.string().regex(/^[\w.-]{1,100}$/, 'the label of a runner'),
  defaultBranch: z.string().regex(/^[\w][\w./-]{0,100}$/, 'the name of a branch'),
  appId: z.number().int().min(0),
  owners: z.string().regex(/^@[\w-]+(\/[\w.-]+)?$/, 'a GitHub user or team, such as @acme/platform'),
});
export type Answers = z.infer<typeof Answers> & {
  /** The names of .env.example; only addresses are taken from them. */
  environment: Environment;
  /** The other sections of vigil.yml: workspace, services and what else is known already. */
  settings: Readonly<Record<string, unknown>>;
};
type Rendered = { ok: true; files: Files } | { ok: false; problems: string[] };

const PLACEHOLDER = /%([A-Z_]+)(?: ([\w.-]+))?%/g;

export function renderInstallation(template: Files, given: Answers): Rendered {
  const { environment, settings, ...plain } = given;
  const parsed = Answers.safeParse(plain);
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    };
  const answers = parsed.data;
  const { product } = answers;
  const pinned = product && { repository: product.repository, sha: product.sha };
  const read = addressesFrom(environment, pinned);
  if (!read.ok) return read;
  const values: Record<string, (name: string) => string> = {
    CALL: (name) =>
      product
        ? `${product.repository}/.github/workflows/${name}@${product.sha} # ${product.version}`
        : `./.github/workflows/${name}`,
    RUNNER: () => answers.runner,
    DEFAULT_BRANCH: () => answers.defaultBranch,
    OWNERS: () => answers.owners,
    REPOSITORY: () => product?.repository ?? '',
    ADDRESSES: () => yaml({ v: 1, ...read.block }),
    SETTINGS: () => yaml(read.gateways.length > 0 ? withGateways(settings, read.gateways) : settings),
  };
  const problems: string[] = [];
  const fill = (path: string, text: string): string =>
    text.replace(PLACEHOLDER, (whole, key: string, name = '') => {
      const value = Object.hasOwn(values, key) ? values[key] : undefined;
      if (!value) problems.push(`${path}: nobody answers ${whole}`);
      return value?.(name) ?? whole;
    });
  const files = Object.fromEntries(
    Object.entries(template).map(([path, text]) => [path, withApp(path, fill(path, text), answers.appId)]),
  );
  const made = parseSettings(files[SETTINGS_PATH] ?? '');
  if (!made.ok) problems.push(`${made.problem.file}:${made.problem.line}: ${made.problem.reason}`);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, files };
}

/** In the template's rulesets, which have to be JSON, the id 0 stands for the app. */
function withApp(path: string, text: string, id: number): string {
  if (!path.startsWith('.github/rulesets/')) return text;
  return text.replace(/"(actor_id|integration_id)": 0\b/g, (_, name: string) => `"${name}": ${id}`);
}

function withGateways(settings: Answers['settings'], more: readonly string[]): object {
  const model = (settings['model'] ?? {}) as { gateways?: string[] };
  return { ...settings, model: { ...model, gateways: [...new Set([...(model.gateways ?? []), ...more])] } };
}

const yaml = (value: object): string =>
  Object.keys(value).length === 0 ? '' : dump(value, { lineWidth: 110, noRefs: true }).trimEnd();
