// From notes to findings: whose notes count, how each is read, and which note counts when an author wrote several.
// Must never throw on what somebody wrote, and never believe a name in the text: the author is PagerDuty's user id.
// This room holds how notes of root-cause tools are read; it must not let a note decide what runs.
import { cut } from '#core/text/cut';
import { normalise } from '#core/text/untrusted';
import { readBlock } from './block.ts';
import { type Finding, LIMITS, type Said } from './finding.ts';
import { readHeadings } from './headings.ts';
import { withoutLinks } from './links.ts';

type WrittenNote = { id: string; author: string; at: string; content: string };
export type Findings = {
  /** The newest finding of each author, in order of time. */
  standing: readonly Finding[];
  /** True when authors name different causes. Then all are shown, to the model and to people. */
  conflict: boolean;
};

/** Marks Vigil's own notes. They are no evidence. */
const OWN = /\[vigil:[^\]]{1,80}\]/;

/** Reads one text. When no better summary can be read from it, the whole text is the summary. */
export function readFinding(content: string): Said {
  const text = normalise(content, { maxChars: LIMITS.chars });
  return (
    readBlock(text) ??
    readHeadings(text) ?? {
      form: 'text',
      summary: cut(withoutLinks(text).replace(/\s+/g, ' ').trim(), LIMITS.summary),
      cause: null,
      confidence: null,
      evidence: [],
      change: null,
      actions: [],
      services: [],
    }
  );
}

/** Findings of the authors on the allow list. A later note of an author replaces the earlier one. */
export function readFindings(notes: readonly WrittenNote[], authors: readonly string[]): Findings {
  const newest = new Map<string, Finding>();
  const inOrder = [...notes].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const { id, author, at, content } of inOrder) {
    if (!authors.includes(author) || OWN.test(content) || content.trim() === '') continue;
    newest.delete(author);
    newest.set(author, { id, author, at, ...readFinding(content) });
  }
  const standing = [...newest.values()];
  const causes = new Set(standing.flatMap(({ cause }) => (cause === null ? [] : [sameWords(cause)])));
  return { standing, conflict: causes.size > 1 };
}

function sameWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
