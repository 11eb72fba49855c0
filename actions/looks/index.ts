// One bundle for the four jobs that look at a service: they hold nearly the same code, and each job downloads all bundles. It must never
// begin another job than the one that the workflow calls so.
import * as core from '@actions/core';
import { context } from '@actions/github';

// Each begins when it is imported. Eagerly: the bundle is one file.
const jobs: Readonly<Record<string, () => Promise<unknown>>> = {
  load: () => import(/* webpackMode: "eager" */ '../load/index.ts'),
  measure: () => import(/* webpackMode: "eager" */ '../measure/index.ts'),
  rehearse: () => import(/* webpackMode: "eager" */ '../rehearse/index.ts'),
  verify: () => import(/* webpackMode: "eager" */ '../verify/index.ts'),
};

const begin = Object.hasOwn(jobs, context.job) ? jobs[context.job] : undefined;
if (begin) await begin();
else
  core.setFailed(
    `a job of a workflow that calls this action is named ${Object.keys(jobs).join(', ')}: this one is ${context.job}`,
  );
