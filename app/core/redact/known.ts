// Exact values that must never appear: this process's own tokens, whatever they look like.
import type { Detector } from './span.ts';

/** Finds the values, each line of one that has several, and their hex form. Encoded forms are other readings. */
export function knownValues(secrets: readonly string[]): Detector {
  const lines = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((line) => line.trim());
  const values = [...new Set(lines)].filter((line) => line.length >= 4 && !line.startsWith('-----'));
  const hex = values.filter((value) => value.length >= 8).map((value) => Buffer.from(value).toString('hex'));
  return (text, report) => {
    for (const value of [...values, ...hex]) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
        report({ kind: 'known-secret', start: at, end: at + value.length });
      }
    }
  };
}
