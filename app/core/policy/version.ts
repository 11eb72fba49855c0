// Names the rules in force. An approval is bound to this name: a changed rule voids it.
// It must never stay the same when a rule changes.
import { createHash } from 'node:crypto';
import { effects } from './effects.ts';

/** Raised by hand when the engine's own behaviour changes; the hash notices changed rule data. */
const engine = 0;

export const policyVersion = `${engine}-${createHash('sha256').update(JSON.stringify(effects)).digest('hex').slice(0, 12)}`;
