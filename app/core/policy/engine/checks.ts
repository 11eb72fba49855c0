// Semantic checks by the name under which rules refer to them.
// It must never hold a rule of its own: each check lives with its subject.

import { checkPatchAutoscaler } from '../checks/autoscaler.ts';
import { checkSqlClient } from '../checks/database.ts';
import { checkElsewhere } from '../checks/elsewhere.ts';
import { checkFind } from '../checks/find.ts';
import { checkCurl, checkWget } from '../checks/http.ts';
import { checkInstead } from '../checks/instead.ts';
import { checkResources, checkWorkload, checkWorkloads } from '../checks/kubernetes.ts';
import { checkArchive, checkPlus, checkRepository, checkSampling } from '../checks/machine.ts';
import { checkDeletePod } from '../checks/pods.ts';
import { checkImages, checkJournal, checkPurge } from '../checks/pruning.ts';
import { checkPs } from '../checks/ps.ts';
import { checkBroker, checkCelery, checkOffsets } from '../checks/queues.ts';
import { checkRedis } from '../checks/redis.ts';
import { checkTree } from '../checks/remove.ts';
import { checkCloudScaling } from '../checks/scaling.ts';
import { checkApache, checkNginx, checkService } from '../checks/services.ts';
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
import {
  checkJobFrom,
  checkScaleWorkload,
  checkSetEnv,
  checkSetImage,
  checkSetResources,
} from '../checks/workload-settings.ts';
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
  workloads: ({ parsed, setting }) => checkWorkloads(parsed, setting),
  'scale-workload': ({ parsed, setting }) => checkScaleWorkload(parsed, setting),
  'set-image': ({ parsed, setting }) => checkSetImage(parsed, setting),
  'set-env': ({ parsed, setting }) => checkSetEnv(parsed, setting),
  'set-resources': ({ parsed, setting }) => checkSetResources(parsed, setting),
  'patch-autoscaler': ({ parsed, setting }) => checkPatchAutoscaler(parsed, setting),
  'delete-pod': ({ parsed, setting }) => checkDeletePod(parsed, setting),
  'job-from': ({ parsed, setting }) => checkJobFrom(parsed, setting),
  scaling: ({ parsed, setting }) => checkCloudScaling(parsed, setting),
  tree: ({ parsed, run }) => checkTree(parsed, run),
  service: ({ argv, parsed, run }) => checkService(parsed, run, textOf(argv[0]) ?? ''),
  nginx: ({ parsed, run }) => checkNginx(parsed, run),
  apache: ({ parsed, run }) => checkApache(parsed, run),
  journal: ({ parsed }) => checkJournal(parsed),
  images: ({ parsed }) => checkImages(parsed),
  purge: ({ parsed }) => checkPurge(parsed),
  offsets: ({ parsed, run }) => checkOffsets(parsed, run),
  broker: ({ parsed, run }) => checkBroker(parsed, run),
  celery: ({ parsed, run }) => checkCelery(parsed, run),
  instead: ({ parsed }) => checkInstead(parsed),
  redis: ({ parsed, run }) => checkRedis(parsed, run),
  sql: ({ parsed, run, setting }) => checkSqlClient(parsed, run, setting),
  elsewhere: ({ parsed, run, site }) => checkElsewhere(parsed, run, site),
};
