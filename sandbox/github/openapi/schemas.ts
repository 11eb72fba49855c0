// Compiles schemas of GitHub's description and judges values by them. Schemas are compiled when they are first needed, so
// that starting stays fast. It must never be laxer than the description: formats count, unless whoever asks says otherwise.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

const SETTINGS = {
  inlineRefs: false,
  code: { optimize: false },
  strict: false,
  validateSchema: false,
  logger: false as const,
};

/**
 * GitHub's own pushes hold `49699333+dependabot[bot]@users.noreply.github.com` where its description wants an e-mail address,
 * in which no bracket may stand (seen in the commits that https://github.com/Kong/kubernetes-ingress-controller keeps).
 */
const isEmail = (text: string): boolean => {
  const strict = formats.default.get('email');
  return strict instanceof RegExp && strict.test(text.replace('[bot]@', '@'));
};

/** The first thing that is wrong with a value. `key` names the schema from the second time on. */
export type Check = (key: string, schema: object, value: unknown) => ErrorObject | undefined;

/** Judges by schemas that name each other as `#/schemas/...`. */
export function checker(schemas: Record<string, object>, more: Options = {}): Check {
  const ajv = new Ajv({ ...SETTINGS, ...more });
  formats.default(ajv);
  ajv.addFormat('email', isEmail);
  ajv.addSchema({ $id: 'github', schemas });
  const compiled = new Map<string, ValidateFunction>();
  return (key, schema, value) => {
    const validate = compiled.get(key) ?? ajv.compile(anchored(schema));
    compiled.set(key, validate);
    return validate(value) ? undefined : validate.errors?.[0];
  };
}

/** References within the subset, made ones to the schema that Ajv knows by its name. */
const anchored = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/'));

export const readBeside = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
