// Asks the second witness about a script right before it runs. Must never let one run that bash reads otherwise than Vigil judged it.
import * as core from '@actions/core';
import { secondWitness } from '#adapters/workspace/bash/second-witness';
import { misreads } from '#core/gate/misread';
import type { Testimony } from '#core/policy/second-witness';

/** Why it may not run. Null: nothing speaks against it. That nobody could be asked is said in the job's log. */
export async function misread(
  file: 'fix.sh' | 'undo.sh',
  script: string,
  ask: (script: string) => Promise<Testimony> = secondWitness,
): Promise<string | null> {
  const said = await ask(script);
  if (said.is === 'absent') core.warning(`${file} runs without its second witness: ${said.reason}`);
  return said.is === 'disagrees' ? `${file}: ${misreads(said.reason)}` : null;
}
