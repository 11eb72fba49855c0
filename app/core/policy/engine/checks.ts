// Semantic checks by the name under which rules refer to them.
// It must never hold a rule of its own: each check lives with its subject.

import { checkSqlClient } from '../checks/database.ts';
import { checkElsewhere } from '../checks/elsewhere.ts';
import { checkFind } from '../checks/find.ts';
import { checkCurl, checkWget } from '../checks/http.ts';
import { checkResources, checkWorkload } from '../checks/kubernetes.ts';
import { checkArchive, checkPlus, checkRepository, checkSampling } from '../checks/machine.ts';
import { checkPs } from '../checks/ps.ts';
import { checkRedis } from '../checks/redis.ts';
import {
  checkAwkCommand,
  checkCut,
  checkDate,
  checkGrep,
  checkJqCommand,
  checkNames,
  checkStat,
  checkTr,
  checkWc,
} from '../checks/text.ts';
import { type Setting, seconds } from '../kinds/kinds.ts';
import type { Found } from './apply.ts';
import type { Parsed } from './options.ts';
import type { Run, Site } from './run.ts';
import type { Compiled } from './spec.ts';
import { type Arg, silent, textOf } from './value.ts';

export type CheckInput = {
  argv: readonly Arg[];
  parsed: Parsed;
  rule: Compiled;
  run: Run;
  setting: Setting;
  site: Site;
};

export const checks: Readonly<Record<string, (input: CheckInput) => Found>> = {
  curl: ({ parsed, run }) => checkCurl(parsed, run),
  wget: ({ parsed }) => checkWget(parsed),
  find: ({ argv, run, site }) => checkFind(argv, run, site),
  grep: ({ argv, parsed, run, setting }) => checkGrep(parsed, run, setting, textOf(argv[0]) ?? ''),
  awk: ({ parsed, run }) => checkAwkCommand(parsed, run),
  cut: ({ parsed, run }) => checkCut(parsed, run),
  tr: ({ parsed, run }) => checkTr(parsed, run),
  names: ({ parsed }) => checkNames(parsed),
  wc: ({ parsed }) => checkWc(parsed),
  jq: ({ parsed }) => checkJqCommand(parsed),
  date: ({ parsed }) => checkDate(parsed),
  ps: ({ argv }) => checkPs(argv.slice(1)),
  sleep: ({ parsed, run }) => {
    run.notebook.waits += (seconds(textOf(parsed.operands[0]) ?? '') ?? 0) * run.times;
    return { issues: [], output: silent };
  },
  sampling: ({ parsed, run }) => checkSampling(parsed, run),
  plus: ({ parsed }) => checkPlus(parsed),
  archive: ({ parsed }) => checkArchive(parsed),
  repository: ({ run }) => checkRepository(run),
  stat: ({ parsed }) => checkStat(parsed),
  resources: ({ parsed, setting }) => checkResources(parsed, setting),
  workload: ({ parsed, setting }) => checkWorkload(parsed, setting),
  redis: ({ parsed, run }) => checkRedis(parsed, run),
  sql: ({ parsed, run, setting }) => checkSqlClient(parsed, run, setting),
  elsewhere: ({ parsed, run, site }) => checkElsewhere(parsed, run, site),
};
