// Vitest settings, for the two cores CI has. Stories mostly wait for processes of their own, so four workers keep two cores
// busy and the stories begin first. Files share a worker's modules: nothing in this project keeps state in a module.

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Suites with a command of their own, since they take their time or can be pointed at GitHub itself. CI runs them all.
const apart = [
  'test/conformance',
  'test/browsers',
  'test/constructs',
  'test/crash',
  'test/demo',
  'test/endings',
  'test/failures',
  'test/installing',
  'test/looks',
  'test/people',
  'test/recoveries',
  'test/weather',
  'test/workspaces',
].filter((folder) => !process.argv.some((argument) => argument.includes(folder)));

class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isStory = ({ moduleId }: TestSpecification): boolean =>
      /\/test\/(stories|demo|endings|failures|installing|looks|people|recoveries|weather|workspaces)\//.test(
        moduleId,
      );
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}

export default defineConfig({
  test: {
    include: ['app/**/*.test.ts', 'actions/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/bench/**', ...apart.map((folder) => `${folder}/**`)],
    maxWorkers: 4,
    isolate: false,
    sequence: { sequencer: StoriesFirst },
    // Nothing is found out by how long it takes: a limit is only there so that a hung test ends, also on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
