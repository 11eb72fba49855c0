// What the check of other people's pull requests, and of a merge queue's groups, says.
// Must never show names of files as markup.
import { code } from './outside.ts';

export const foreignCheck = {
  outside: {
    title: 'Not a remediation',
    summary: 'This pull request does not touch remediations/, so Vigil has no say in it.',
  },
  mixed: {
    title: 'Remediations and other files do not mix',
    summary: 'A remediation pull request holds one incident’s folder and nothing else. Split this one.',
  },
  large: {
    title: 'Too large for Vigil to judge',
    summary:
      'GitHub lists at most 3,000 files of a pull request, and this one has more. Vigil cannot see whether it touches remediations/. Split it.',
  },
  unknown: {
    title: 'Not a proposal of Vigil',
    summary: 'This pull request changes remediations/ but is not a proposal Vigil has made or taken over.',
  },
  unreadable: {
    title: 'It cannot be compared with main',
    summary: 'It shares no history with main, or git could not bring it. Push it again on top of main.',
  },
} as const;

export function groupCheck(
  outcome: 'fine' | 'unapproved' | 'unreadable',
  folders: readonly string[],
): { title: string; summary: string } {
  if (outcome === 'unreadable') return foreignCheck.unreadable;
  if (outcome === 'fine')
    return {
      title: 'No unapproved remediation in this group',
      summary: 'What this group of the merge queue changes in remediations/ is approved, or is nothing.',
    };
  return {
    title: 'The group holds a remediation that nobody approved',
    summary: `Take its pull request out of the queue: ${folders.slice(0, 10).map(code).join(', ')}. Vigil itself merges what is approved.`,
  };
}
