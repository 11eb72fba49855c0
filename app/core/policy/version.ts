// Names the rules in force. An approval is bound to this name: a changed rule voids it.
// It must never stay the same when a rule changes.
import { createHash } from 'node:crypto';
import { effects } from './effects.ts';
import { environmentData } from './engine/assign.ts';
import { sshRule } from './engine/shells.ts';
import { wrapperData } from './engine/wrappers.ts';
import { forbiddenData } from './forbidden.ts';
import { inverseData } from './inverses.ts';
import { networkData } from './kinds/network.ts';
import { pathData } from './kinds/paths.ts';
import { secretData } from './kinds/secrets.ts';
import { sqlData } from './languages/sql.ts';
import { limits } from './limits.ts';
import { reaches } from './reaches.ts';
import { tools } from './tools/all.ts';
import { verbData } from './verbs.ts';

/** Raised by hand when the engine's own behaviour changes; the hash notices changed rule data. */
const engine = 9;

const data = JSON.stringify([
  effects,
  wrapperData,
  sshRule,
  forbiddenData,
  pathData,
  secretData,
  limits,
  tools,
  environmentData,
  networkData,
  sqlData,
  verbData,
  inverseData,
  reaches,
]);

export const policyVersion = `${engine}-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
