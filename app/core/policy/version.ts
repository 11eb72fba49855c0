// Names the rules in force. An approval is bound to this name: a changed rule voids it.
// It must never stay the same when a rule changes.
import { createHash } from 'node:crypto';
import { assignmentData } from './assignments.ts';
import { effects } from './effects.ts';
import { wrapperData } from './engine/wrappers.ts';
import { environmentList } from './environment.ts';
import { forbiddenData } from './forbidden.ts';
import { inverseData } from './inverses.ts';
import { networkData } from './kinds/network.ts';
import { pathData } from './kinds/paths.ts';
import { secretData } from './kinds/secrets.ts';
import { sqlData } from './languages/sql-functions.ts';
import { limits } from './limits.ts';
import { reaches } from './reaches.ts';
import { tools } from './tools/all.ts';
import { verbData } from './verbs.ts';

/** Raised by hand when the engine's own behaviour changes; the hash notices changed rule data. */
const engine = 10;

const data = JSON.stringify([
  effects,
  wrapperData,
  forbiddenData,
  pathData,
  secretData,
  limits,
  tools,
  environmentList,
  assignmentData,
  networkData,
  sqlData,
  verbData,
  inverseData,
  reaches,
]);

export const policyVersion = `${engine}-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
