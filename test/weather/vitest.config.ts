// The settings of `npm run weather`: as everywhere, with a list at the end. Worlds are started two at a time in each worker, since
// what is waited for in one must not be late because of another.
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { report } from './report.ts';

export default mergeConfig(base, {
  test: { maxConcurrency: 2, testTimeout: 900_000, reporters: [report()] },
});
