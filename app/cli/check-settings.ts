// Checks the text of vigil.yml: YAML, schema, and names that must be unique. Must never guess a missing value.
import { load, YAMLException } from 'js-yaml';
import { yamlLines } from '#adapters/yaml-lines';
import { misfits } from '#core/incident/limits';
import { Settings } from '#core/settings';
import { type Problem, problemsOf } from './problem.ts';

export type CheckedSettings = { settings: Settings | null; problems: Problem[] };

export function checkSettings(text: string, file: string): CheckedSettings {
  const raw = readYaml(text, file);
  if (!raw.ok) return { settings: null, problems: [raw.problem] };
  const parsed = Settings.safeParse(raw.value);
  if (!parsed.success) return { settings: null, problems: problemsOf(parsed.error, file, yamlLines(text)) };
  return {
    settings: parsed.data,
    problems: [
      ...twice(parsed.data, text, file),
      ...rules(parsed.data, text, file),
      ...limits(parsed.data, text, file),
    ],
  };
}

/** Numbers that do not agree with the jobs' limits. One that is left out stands where its group does. */
function limits(settings: Settings, text: string, file: string): Problem[] {
  const lineOf = yamlLines(text);
  return misfits(settings).map(({ path, cause, cure }) => ({
    ...{ file, line: lineOf(path), level: 'problem' as const, cause, cure },
  }));
}

/** People name an action by its id, so two actions must not have the same id. */
function twice({ services }: Settings, text: string, file: string): Problem[] {
  const lineOf = yamlLines(text);
  return Object.entries(services).flatMap(([id, { actions }]) =>
    actions.flatMap((action, index): Problem[] => {
      if (actions.findIndex((other) => other.id === action.id) === index) return [];
      const line = lineOf(['services', id, 'actions', index, 'id']);
      const cause = `the action ${action.id} of ${id} is named twice`;
      return [{ file, line, level: 'problem', cause, cure: 'Rename one of the two' }];
    }),
  );
}

/** A finding names its rule, so two rules must not have the same name. A rule for an unknown service is a mistake. */
function rules({ services, policy }: Settings, text: string, file: string): Problem[] {
  const lineOf = yamlLines(text);
  const names = new Set(Object.values(services).map(({ name }) => name));
  return policy.rules.flatMap((rule, index): Problem[] => {
    const problem = (key: string, level: Problem['level'], cause: string, cure: string): Problem => ({
      file,
      line: lineOf(['policy', 'rules', index, key]),
      level,
      cause,
      cure,
    });
    const twin = policy.rules.findIndex(({ name }) => name === rule.name) !== index;
    const unknown = (rule.service ?? []).filter((name) => !names.has(name));
    return [
      ...(twin
        ? [problem('name', 'problem', `the rule ${rule.name} is named twice`, 'Rename one of the two')]
        : []),
      ...unknown.map((name) =>
        problem(
          'service',
          'problem',
          `no service is called ${name}, so the rule ${rule.name} never holds for it`,
          'Correct the name',
        ),
      ),
    ];
  });
}

export type ReadYaml = { ok: true; value: unknown } | { ok: false; problem: Problem };

/** Parses YAML. In the file, `before` lines stand above it. */
export function readYaml(text: string, file: string, before = 0): ReadYaml {
  try {
    return { ok: true, value: load(text) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = before + (error.mark?.line ?? 0) + 1;
    const cause = `not YAML: ${error.reason}`;
    return {
      ok: false,
      problem: {
        file,
        line,
        level: 'problem',
        cause,
        cure: 'Correct the YAML on this line or just above it',
      },
    };
  }
}
