// What an action promises and what it does: the inputs in action.yml, in the README and in the code are the same, so that
// nobody sets an input that is never read, or misses one that is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { load } from 'js-yaml';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { root } from './support/files.ts';

const Action = z.object({
  name: z.string(),
  description: z.string().min(10),
  inputs: z.record(
    z.string(),
    z.strictObject({
      description: z.string().min(10),
      required: z.boolean(),
      default: z.string().optional(),
    }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string().min(10) })),
  runs: z.strictObject({
    using: z.literal('node24'),
    main: z.enum(['dist/index.js', '../verify/dist/index.js']),
    post: z.literal('dist/index.js').optional(),
    'post-if': z.string().optional(),
  }),
});
type Read = { name: string; required: boolean };

const folder = join(root, 'actions');
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'action.yml')));
const text = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');

/** Source of the action: its index.ts and all of actions/ that it imports. The adapters read no input. */
function sources(entry: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(entry)) return seen;
  const source = text(entry);
  seen.set(entry, source);
  for (const { fileName } of ts.preProcessFile(source, true, true).importedFiles)
    if (fileName.startsWith('.')) sources(normalize(join(dirname(entry), fileName)), seen);
  return seen;
}

/** Every input by the two ways in which code may read one. A name that is not written out cannot be compared: a fault. */
function reads(source: string): Read[] {
  return [
    ...source.matchAll(/\b(?:core\.get\w*Input|getInput|optional)\(\s*([^,)]+?)\s*(,[^)]*)?\)/g),
  ].flatMap(([call, name = '', options = '']) => {
    if (name === 'name' || name.includes(':')) return []; // the definition of optional() itself
    const written = /^'([a-z][a-z0-9-]*)'$/.exec(name)?.[1];
    if (!written) throw new Error(`an input is read by a computed name: ${call}`);
    return [{ name: written, required: /required:\s*true/.test(options) }];
  });
}

function readmeInputs(markdown: string): { name: string; required: boolean; described: string }[] {
  return [...markdown.matchAll(/^\|\s*`([^`]+)`\s*\|\s*(yes|no)\s*\|\s*(.*?)\s*\|\s*$/gm)].map(
    ([, name = '', required, described = '']) => ({ name, required: required === 'yes', described }),
  );
}

describe('the actions', () => {
  it('are the steps of the lifecycle', () =>
    expect(names).toEqual(
      expect.arrayContaining(['conclude', 'decide', 'execute', 'orient', 'rehearse', 'undo', 'verify']),
    ));

  describe.each(names)('%s', (name) => {
    const action = Action.parse(load(text(name, 'action.yml')));
    const declared = Object.keys(action.inputs).sort();
    const code = [...sources(`${name}/index.ts`).values()].flatMap(reads);

    it('reads exactly the inputs it declares', () => {
      expect([...new Set(code.map((input) => input.name))].sort()).toEqual(declared);
    });

    it('declares what its code cannot do without as required, or gives it a default', () => {
      const loose = code.filter(({ name: input, required }) => {
        const given = action.inputs[input];
        return required && given?.required !== true && given?.default === undefined;
      });
      expect(loose).toEqual([]);
      const both = Object.entries(action.inputs).filter(
        ([, input]) => input.required && input.default !== undefined,
      );
      expect(both).toEqual([]);
    });

    it('has a README that lists exactly its inputs, with the same words', () => {
      const listed = readmeInputs(text(name, 'README.md'));
      expect(listed.map((input) => input.name).sort()).toEqual(declared);
      for (const { name: input, required, described } of listed) {
        const { [input]: own } = action.inputs;
        expect({ input, required }).toEqual({ input, required: own?.required });
        expect(described).toContain(own?.description);
      }
    });

    it('sets the outputs it declares', () => {
      const all = [...sources(`${name}/index.ts`).values()].join('\n');
      const set = [...all.matchAll(/setOutput\(\s*'([^']+)'/g)].map(([, output]) => output);
      expect([...new Set(set)].sort()).toEqual(Object.keys(action.outputs).sort());
    });
  });
});
