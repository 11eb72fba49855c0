// Reads a JavaScript action of the running commit. Must never run anything but the entry points action.yml names.
// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Scope, text } from './expressions.ts';
import { convertActionTemplate, parseAction, trace } from './load.ts';

/** The only action of somebody else that a workflow of Vigil uses, and what stands in for it here. */
export const UPLOAD = 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f';

export type NodeAction = {
  /** It stands in for somebody else's. */
  standIn: boolean;
  main: string;
  post: { entry: string; if: string } | null;
  /** INPUT_* for the `with` of a step, defaults evaluated; unknown names pass, and are told to `warn`. */
  inputs(
    given: Record<string, string>,
    scope: Scope,
    warn: (message: string) => void,
  ): Record<string, string>;
};

/** `uses` is `$/folder`, resolved in the tree of the running commit, or UPLOAD. Throws with a reason for people. */
export async function loadAction(tree: string, uses: string): Promise<NodeAction> {
  const standIn = uses === UPLOAD;
  const folder = standIn ? join(import.meta.dirname, 'upload-artifact') : join(tree, uses.slice('$/'.length));
  const file = join(folder, 'action.yml');
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`${uses}: the running commit has no action.yml there`, { cause });
  });
  const { context, value } = parseAction({ name: `${uses}/action.yml`, content }, trace);
  const action = value && convertActionTemplate(context, value);
  const [problem] = context.errors.getErrors();
  if (!action || problem) throw new Error(`${uses}: ${problem?.message ?? 'action.yml is empty'}`);
  const { runs, inputs = [] } = action;
  if (runs.using !== 'node24')
    throw new Error(`${uses}: runs.using ${runs.using} is not supported, only node24`);
  if (runs.pre) throw new Error(`${uses}: runs.pre is not supported by the sandbox's runner`);
  // A file that is missing fails its own step, when that starts.
  const entry = (path: string) => join(folder, path);
  const post = runs.post
    ? {
        entry: entry(runs.post),
        if: (runs.postIf ?? 'always()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1'),
      }
    : null;
  return {
    standIn,
    main: entry(runs.main),
    post,
    inputs(given, scope, warn) {
      const values = new Map<string, string>();
      const variable = (id: string) => `INPUT_${id.replaceAll(' ', '_').toUpperCase()}`;
      for (const input of inputs)
        if (input.default) values.set(variable(input.id), text(input.default, scope));
      const known = inputs.map((input) => variable(input.id));
      for (const [id, value] of Object.entries(given)) {
        if (!known.includes(variable(id))) warn(`Unexpected input '${id}' for ${uses}`);
        values.set(variable(id), value);
      }
      return Object.fromEntries(values);
    },
  };
}
