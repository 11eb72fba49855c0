// From notes to findings: whose notes count, how each is understood, which one stands when several speak.
// Must never throw on what somebody wrote, and never believe a name in the text: the author is PagerDuty's user id.
import { normalise } from '#core/text/untrusted';
import { readBlock } from './block.ts';
import { type Finding, LIMITS, type Said } from './finding.ts';
import { readHeadings } from './headings.ts';
import { withoutLinks } from './links.ts';

type WrittenNote = { id: string; author: string; at: string; content: string };
export type Findings = {
  /** One per author, the newest, in order of time. */
  standing: readonly Finding[];
  /** True when authors name different causes: both are shown, to the model and to people. */
  conflict: boolean;
};

/** Marks Vigil's own notes: what it wrote itself is no evidence. */
const OWN = /\[vigil:[^\]]{1,80}\]/;

/** Understands one text; the whole of it is the summary when nothing better can be read from it. */
export function readFinding(content: string): Said {
  const text = normalise(content, { maxChars: LIMITS.chars });
  return (
    readBlock(text) ??
    readHeadings(text) ?? {
      form: 'text',
      summary: withoutLinks(text).replace(/\s+/g, ' ').trim().slice(0, LIMITS.summary),
      cause: null,
      confidence: null,
      evidence: [],
      change: null,
      actions: [],
      services: [],
    }
  );
}

/** Findings of the allow-listed authors. A later note of the same author takes the place of an earlier one. */
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
