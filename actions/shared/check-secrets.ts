// The values of the secrets that checks name, as this job was given them: one input, an object of names and texts.
// Must never print one, nor a word of an input that cannot be read, and never hand one on before the log is told to hide it.
import * as core from '@actions/core';
import { load as parseYaml } from 'js-yaml';
import { type CheckSecrets, readSecrets } from '#core/verification/secrets';
import type { Step } from './job.ts';
import { optional } from './told.ts';

export function checkSecretsOf(step: Pick<Step, 'settings' | 'keepOut'>): CheckSecrets {
  const { check_secrets: listed } = step.settings;
  const text = optional('check-secrets');
  const read = text === null ? { given: null } : parsed(text);
  for (const value of valuesIn(read.given)) core.setSecret(value);
  const { secrets, faults } = readSecrets(listed, read.given);
  step.keepOut(valuesIn(read.given));
  const told = 'broken' in read ? ['it is no YAML and no JSON'] : faults;
  for (const fault of told) core.warning(`check-secrets: ${fault}`);
  return secrets;
}

/** What a parser says of it would quote it. */
function parsed(text: string): { given: unknown } | { given: null; broken: true } {
  try {
    return { given: parseYaml(text) };
  } catch {
    for (const line of text.split(/\r?\n/)) if (line.trim().length > 3) core.setSecret(line.trim());
    return { given: null, broken: true };
  }
}

/** Also of names that nobody lists, and numbers that should have been texts. */
const valuesIn = (given: unknown): string[] =>
  typeof given === 'object' && given !== null
    ? Object.values(given)
        .map(String)
        .filter((value) => value !== '')
    : [];
