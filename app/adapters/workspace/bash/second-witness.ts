// Calls the second witness to one script: bash, on the script and on Vigil's print of it. It must never ask another print than that of
// the tree that was judged.
import { type Print, print as printed, type Testimony, testimony } from '#core/policy/second-witness';
import { prettyPrint } from './pretty-print.ts';

export async function secondWitness(
  script: string,
  print: Print = printed,
  bash?: string,
): Promise<Testimony> {
  const own = print(script);
  if (own.is === 'not-plain') return { is: 'not-plain' };
  return testimony(await prettyPrint(script, bash), await prettyPrint(own.text, bash));
}
