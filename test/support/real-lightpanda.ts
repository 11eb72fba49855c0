// Where the tests find the real Lightpanda: LIGHTPANDA_PATH names it, and nothing stands in for it.
// It must never be missed in silence: whoever runs the tests reads that it is not here, and CI fails unless it was told so.

/** The path of the binary, or null: then the tests that need it are not tried, and it says so. */
export function realLightpanda(tests: string): string | null {
  const path = process.env['LIGHTPANDA_PATH'];
  if (path) return path;
  if (process.env['CI'] === 'true' && !process.env['VIGIL_TEST_WITHOUT_LIGHTPANDA'])
    throw new Error(`LIGHTPANDA_PATH names no Lightpanda, and ${tests} need one; CI has it, see .ci/run`);
  process.stdout.write(`!!! LIGHTPANDA_PATH names no Lightpanda: ${tests} are not tried with it\n`);
  return null;
}
