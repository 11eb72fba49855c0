// The one template of the stand-in: its parameters, with the patterns that the real template enforces, and its start script.
// It must refuse a bad value before anything is built.
import { readFileSync } from 'node:fs';

const longest = 7200;
const patterns = {
  incident_id: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  commit_sha: '^[0-9a-f]{40}$',
  script_path: '',
  script_sha256: '^[0-9a-f]{64}$',
  script_gz_b64: '^[A-Za-z0-9+/=]+$',
  nonce: '^[0-9a-f]{32}$',
  timeout_seconds: '^[0-9]{1,4}$',
};
const limits = {
  type: 'number',
  required: false,
  default_value: '900',
  validation_min: 1,
  validation_max: longest,
};

/** As `GET /templateversions/{id}/rich-parameters` shows them. */
export const parameters = Object.entries(patterns).map(([name, validation_regex]) => {
  const text = { name, type: 'string', required: true, default_value: '', mutable: false, ephemeral: false };
  return { ...text, validation_regex, ...(name === 'timeout_seconds' ? limits : {}) };
});

export type Values = Record<string, string>;

/** Fills in defaults and tells what is wrong with each value, in the shape of Coder's `validations`. */
export function check(given: { name: string; value: string }[]) {
  const sent = new Map(given.map(({ name, value }) => [name, value]));
  const values: Values = {};
  const validations = [...sent.keys()]
    .filter((name) => !Object.hasOwn(patterns, name))
    .map((field) => ({ field, detail: 'the template has no such parameter' }));
  for (const { name, type, default_value, validation_regex } of parameters) {
    const value = sent.get(name) ?? default_value;
    values[name] = value;
    const outside = type === 'number' && (Number(value) < 1 || Number(value) > longest);
    if (value === '' || outside || !new RegExp(validation_regex).test(value))
      validations.push({ field: name, detail: `must match ${validation_regex}` });
  }
  return { values, validations };
}

/** The wrapper with the four values in place, as Terraform's templatefile would render it. */
export const startScript = (values: Values) =>
  readFileSync(new URL('../../app/adapters/workspace/wrapper.sh', import.meta.url), 'utf8').replaceAll(
    /\$\{([a-z0-9_]+)\}/g,
    (_, name: string) => values[name] ?? '',
  );
