// The one template of the stand-in: its parameters, with the patterns that the real template enforces, and its start script.
// It must refuse a bad value before anything is built.
import { readFileSync } from 'node:fs';

const text = (name: string, pattern: string, message: string) => ({
  name,
  type: 'string',
  validation_regex: pattern,
  validation_error: message,
  required: true,
  default_value: '',
});
const fixed = { description: '', mutable: false, ephemeral: false, options: [] };
const longest = 7200;

/** As `GET /templateversions/{id}/rich-parameters` shows them. */
export const parameters = [
  text('incident_id', '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', 'must be an incident id'),
  text('commit_sha', '^[0-9a-f]{40}$', 'must be 40 hex digits'),
  text('script_path', '', ''),
  text('script_sha256', '^[0-9a-f]{64}$', 'must be 64 hex digits'),
  text('script_gz_b64', '^[A-Za-z0-9+/=]+$', 'must be base64'),
  text('nonce', '^[0-9a-f]{32}$', 'must be 32 hex digits'),
  {
    ...text('timeout_seconds', '^[0-9]+$', `must be a number from 1 to ${longest}`),
    type: 'number',
    required: false,
    default_value: '900',
    validation_min: 1,
    validation_max: longest,
  },
].map((parameter) => ({ ...fixed, ...parameter }));

export type Values = Record<string, string>;

/** Fills in defaults and tells what is wrong with each value, in the shape of Coder's `validations`. */
export function check(given: { name: string; value: string }[]) {
  const values: Values = Object.fromEntries(
    parameters.map(({ name, default_value }) => [
      name,
      given.find((one) => one.name === name)?.value ?? default_value,
    ]),
  );
  const unknown = given.filter(({ name }) => !parameters.some((known) => known.name === name));
  const wrong = parameters.filter(({ name, required, validation_regex, type }) => {
    const value = values[name] ?? '';
    const outside = type === 'number' && (Number(value) < 1 || Number(value) > longest);
    return (required && value === '') || !new RegExp(validation_regex).test(value) || outside;
  });
  const validations = [
    ...unknown.map(({ name }) => ({ field: name, detail: 'the template has no such parameter' })),
    ...wrong.map(({ name, validation_error }) => ({
      field: name,
      detail: validation_error || 'a value is required',
    })),
  ];
  return { values, validations };
}

/** run.sh with the four values in place, as Terraform's templatefile would render it. */
export const startScript = (values: Values) =>
  readFileSync(new URL('run.sh', import.meta.url), 'utf8').replaceAll(
    /\$\{([a-z0-9_]+)\}/g,
    (_, name: string) => values[name] ?? '',
  );
