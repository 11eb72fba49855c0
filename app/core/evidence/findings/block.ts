// The machine-readable layer: a fenced `vigil-rca` block, or any JSON object in the text that has the block's shape.
// Must never throw, whatever the text holds.
import { cut } from '#core/text/cut';
import { readConfidence } from './confidence.ts';
import { Block, LIMITS, type Said } from './finding.ts';
import { safeUrl } from './links.ts';

const MAX_CANDIDATES = 20;
// A text full of opening braces must not cost the square of its length.
const MAX_TRIES = 200;

/** The first object in the text that is a root-cause block; null when there is none. */
export function readBlock(text: string): Said | null {
  for (const candidate of candidates(text)) {
    const parsed = Block.safeParse(json(candidate));
    if (!parsed.success) continue;
    const { data } = parsed;
    return {
      form: 'block',
      summary: cut((data.summary || data.root_cause).trim(), LIMITS.summary),
      cause: cut(data.root_cause.trim(), LIMITS.line),
      confidence: readConfidence(data.confidence),
      evidence: data.evidence.map((item) =>
        typeof item === 'string'
          ? { claim: item, url: null }
          : { claim: item.claim, url: safeUrl(item.url ?? '') },
      ),
      change: cut(data.suspected_change?.trim() ?? '', LIMITS.line) || null,
      actions: data.recommended_actions,
      services: data.affected_services,
    };
  }
  return null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Fenced blocks first, then balanced braces wherever they stand. */
function candidates(text: string): string[] {
  const fenced = [...text.matchAll(/```(?:vigil-rca|json)?[ \t]*\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? '',
  );
  const braced: string[] = [];
  let tries = 0;
  for (let at = text.indexOf('{'); at >= 0 && tries < MAX_TRIES; at = text.indexOf('{', at + 1), tries++) {
    const end = closing(text, at);
    if (end === null) continue;
    braced.push(text.slice(at, end + 1));
    at = end;
  }
  return [...fenced, ...braced].slice(0, MAX_CANDIDATES);
}

/** Where the object that opens at `start` ends. Braces inside strings do not count. Null: it never ends. */
function closing(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at;
  }
  return null;
}
