// The callers of an installation beside its vigil.yml: all of them call one release, and it is the one that vigil.yml names.
// The desk believes no job of another one. Must never look a commit up: `check` uses no network.
import { yamlLines } from '#adapters/yaml-lines';
import type { Settings } from '#core/settings';
import { readYaml } from './check-settings.ts';
import type { Problem } from './problem.ts';

const OTHER = /^([\w.-]+\/[\w.-]+)\/\.github\/workflows\/([\w-]+)-job\.yml@(\S+)$/;
const OWN = /^\.\/\.github\/workflows\/([\w-]+)-job\.yml$/;

/** What is wrong with one workflow file; a file that calls none of Vigil's workflows is none of our business. */
export function checkCaller(text: string, file: string, settings: Settings): Problem[] {
  const raw = readYaml(text, file);
  if (!raw.ok) return [raw.problem];
  const lineOf = yamlLines(text);
  const product = settings.vigil?.product;
  const { jobs } = (raw.value ?? {}) as { jobs?: Record<string, { uses?: unknown }> };
  return Object.entries(jobs ?? {}).flatMap(([job, { uses }]): Problem[] => {
    if (typeof uses !== 'string') return [];
    const line = lineOf(['jobs', job, 'uses']);
    const problem = (cause: string, cure: string): Problem[] => [
      { file, line, level: 'problem', cause, cure },
    ];
    const [, repository, , commit] = OTHER.exec(uses) ?? [];
    if (OWN.test(uses) && product)
      return problem(
        `${job} calls this repository's own workflow, and vigil.yml names ${product.repository}`,
        `Call ${product.repository} at ${product.sha}, or leave vigil.product out`,
      );
    if (!repository || !commit) return [];
    if (!product)
      return problem(
        `${job} calls ${repository}, and vigil.yml names no product`,
        'Write vigil.product with that repository and commit',
      );
    if (repository.toLowerCase() !== product.repository.toLowerCase())
      return problem(
        `${job} calls ${repository}, and vigil.yml names ${product.repository}`,
        'Name one repository in both',
      );
    return commit === product.sha
      ? []
      : problem(
          `${job} calls ${commit}, and vigil.product.sha in vigil.yml is ${product.sha}`,
          'Raise both in one pull request: no fact of a job of another commit is believed',
        );
  });
}

/** Without its own address no job could tell the app anything. */
export function checkAddress(settings: Settings, file: string): Problem[] {
  if (settings.vigil) return [];
  const cause = 'vigil.url is missing, so no job could tell the app what it found';
  return [
    {
      file,
      line: 1,
      level: 'problem',
      cause,
      cure: 'Write vigil: { url: https://… }, the address of the app',
    },
  ];
}
