// Vitest settings, for the two cores CI has. Stories mostly wait for processes of their own, so three workers keep two cores
// busy and the stories begin first. Files share a worker's modules: nothing in this project keeps state in a module.

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The conformance suite has a command of its own, since it can also be pointed at GitHub itself.
const conformance = process.argv.some((argument) => argument.includes('test/conformance'));

class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isStory = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/stories/');
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}

export default defineConfig({
  test: {
    include: ['app/**/*.test.ts', 'actions/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      'test/bench/**',
      ...(conformance ? [] : ['test/conformance/**']),
    ],
    maxWorkers: 3,
    isolate: false,
    sequence: { sequencer: StoriesFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
