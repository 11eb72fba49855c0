// What Vigil says of a push to a proposal: in one line for the ledger, and to people on the pull request.
// Must never call somebody an author who changed no byte.
import type { FactDataOf } from '#core/ledger/facts';
import { mention } from './outside.ts';

type Push = NonNullable<FactDataOf<'remediation.withdrawn'>['push']>;
const short = (sha: string): string => sha.slice(0, 7);
const bytes = {
  same: '; the remediation’s bytes are the same',
  back: '; Vigil’s own bytes are back',
  new: '',
  unknown: '',
} as const;

/** Why a proposal was withdrawn after a push over `before`. */
export function pushWords({ by, head, bytes: what }: Push, before: string): string {
  return `${by ? `@${by}` : 'somebody'} pushed ${short(head)} over ${short(before)}${bytes[what]}`;
}

export function nobodyKnown(head: string): string {
  return `GitHub does not tell who pushed ${short(head)}, so nobody’s review could count; Vigil proposes its own bytes again`;
}

/** What a withdrawal means for the people who review. */
export function meaningOf(push: Push | undefined): string {
  switch (push?.bytes) {
    case 'same':
      return 'Not a byte of the remediation has changed, so nobody became an author, and reviews of these bytes count as before.';
    case 'back':
      return 'These are Vigil’s own bytes again, so whoever pushed may review them too. Reviews of these bytes count, where GitHub did not dismiss them; reviews of others do not.';
    case 'new':
      return push.by
        ? `The new bytes are now the proposal of ${mention(push.by)}: they are judged again, and somebody else with write access has to approve them. Pushing Vigil’s own commit again, or \`/vigil retry\`, takes them back.`
        : 'The new bytes are judged again. Until GitHub tells who pushed them, nobody’s review can count; if it does not, Vigil proposes its own bytes again. `/vigil retry` does so at once.';
    case 'unknown':
      return 'Vigil’s own bytes are under review again. Somebody with write access has to approve them.';
    default:
      return 'Vigil asks again by itself. Reviews from before that do not count: somebody with write access has to approve what is proposed now.';
  }
}
