// The one template of the stand-in: its parameters, with the patterns that the real template enforces, and its start script.
// It must refuse a bad value before anything is built.
import { readFileSync } from 'node:fs';

const longest = 7200;
/** Each admits the empty text, since a template whose pattern refuses it cannot be imported. The wrapper refuses it. */
const patterns: Record<string, [string, string]> = {
  incident_id: ['^([A-Za-z0-9][A-Za-z0-9_.-]{0,63})?$', 'bad incident id'],
  commit_sha: ['^([0-9a-f]{40})?$', '40 hex'],
  script_path: ['^([A-Za-z0-9_./-]{1,200})?$', 'bad path'],
  script_sha256: ['^([0-9a-f]{64})?$', '64 hex'],
  script_gz_b64: ['^([A-Za-z0-9+/=]+)?$', 'base64'],
  nonce: ['^([0-9a-f]{32})?$', '32 hex'],
  timeout_seconds: ['', ''],
};
const limits = { type: 'number', required: false, default_value: '900' };

/** As `GET /templateversions/{id}/rich-parameters` shows them. */
export const parameters = Object.entries(patterns).map(([name, [validation_regex, validation_error]]) => ({
  ...{ name, description: '', description_plaintext: '', type: 'string', form_type: 'input', mutable: false },
  ...{ default_value: '', icon: '', options: [], required: true, ephemeral: false },
  ...(validation_regex === '' ? {} : { validation_regex, validation_error }),
  ...(name === 'timeout_seconds' ? { ...limits, validation_min: 1, validation_max: longest } : {}),
}));

export type Values = Record<string, string>;

/** Fills in defaults and tells what is wrong with each value. What the template does not have is dropped without a word. */
export function check(given: { name: string; value: string }[]) {
  const sent = new Map(given.map(({ name, value }) => [name, value]));
  const values: Values = {};
  const validations: { field: string; detail: string }[] = [];
  for (const { name: field, type, required, default_value, ...one } of parameters) {
    const value = sent.get(field) ?? default_value;
    values[field] = value;
    const bad = (why: string) =>
      validations.push({ field, detail: `Invalid parameter value according to 'validation' block; ${why}` });
    if (required && !sent.has(field))
      validations.push({ field, detail: 'Required parameter not provided; parameter value is null' });
    else if (one.validation_regex && !new RegExp(one.validation_regex).test(value))
      bad(
        `${one.validation_error} (value ${JSON.stringify(value)} does not match "${one.validation_regex}")`,
      );
    else if (type === 'number' && !/^\d+$/.test(value)) bad(`value ${value} is not a number`);
    else if (type === 'number' && Number(value) < 1) bad(`value ${value} is less than the minimum 1`);
    else if (type === 'number' && Number(value) > longest)
      bad(`value ${value} is more than the maximum ${longest}`);
  }
  return { values, validations };
}

/** The wrapper with its seven values in place, as Terraform's templatefile would render it. */
export const startScript = (values: Values) =>
  readFileSync(new URL('../../app/adapters/workspace/wrapper.sh', import.meta.url), 'utf8').replaceAll(
    /\$\{([a-z0-9_]+)\}/g,
    (_, name: string) => values[name] ?? '',
  );
