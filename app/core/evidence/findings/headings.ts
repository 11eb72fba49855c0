// The layer of headings and labels: "Root cause: …", "## Key Findings", "*Next steps*", in Markdown, Slack's or plain text.
// Must never believe a label about who wrote the text.
import { cut } from '#core/text/cut';
import { readConfidence } from './confidence.ts';
import { LIMITS, type Said } from './finding.ts';
import { linkIn, withoutLinks } from './links.ts';

type Part = 'cause' | 'summary' | 'evidence' | 'confidence' | 'actions' | 'change' | 'services' | 'other';

const labels: readonly [RegExp, Part][] = [
  [
    /^(conclusions? and )?(possible |likely |probable |suspected |most likely )?root[ -]?causes?( analysis)?$/,
    'cause',
  ],
  [/^(likely|probable|suspected|most likely) causes?$|^causes?$|^hypothesis$|^diagnosis$/, 'cause'],
  [/^(executive )?summary$|^tl;?dr$|^alert explanation$|^what happened$|^conclusion$/, 'summary'],
  [/^(key |supporting )?(evidence|findings|observations)$|^related logs$/, 'evidence'],
  [/^confidence( level| score)?$/, 'confidence'],
  [
    /^(recommended |suggested )?(actions?|next steps|remediation|fix(es)?|mitigations?)$|^recommendations?$/,
    'actions',
  ],
  [/^(suspected |recent |related )?(change|deploy|deployment|commit)s?$/, 'change'],
  [/^(affected|impacted) services?$/, 'services'],
  [
    /^impact$|^external links$|^app or infra\??$|^investigation( steps)?$|^timeline$|^details$|^notes?$/,
    'other',
  ],
];

/** Sections of the text by their labels. Null: no section says something about the cause or the findings. */
export function readHeadings(text: string): Said | null {
  const parts = new Map<Part, string[]>();
  let part: Part = 'other';
  let found = false;
  for (const raw of text.split('\n')) {
    const label = labelOf(raw);
    if (label) {
      part = label.part;
      found ||= part === 'cause' || part === 'summary' || part === 'evidence';
    }
    const line = bare(label ? label.rest : raw);
    if (line !== '') parts.set(part, [...(parts.get(part) ?? []), line]);
  }
  if (!found) return null;
  const said = (name: Part): string[] => (parts.get(name) ?? []).slice(0, LIMITS.items);
  const causes = said('cause');
  const ranked = /\((\d{1,3}\s*%)\)/.exec(causes[0] ?? '')?.[1] ?? null;
  const cause = causes[0] === undefined ? null : cut(causes[0], LIMITS.line);
  return {
    form: 'headings',
    summary: cut(said('summary').join(' ') || cause || '', LIMITS.summary),
    cause,
    confidence: readConfidence(said('confidence')[0] ?? ranked),
    evidence: said('evidence').map((claim) => ({
      claim: cut(withoutLinks(claim), LIMITS.line),
      url: linkIn(claim),
    })),
    change: cut(said('change')[0] ?? '', LIMITS.line) || null,
    actions: said('actions').map((action) => cut(withoutLinks(action), LIMITS.line)),
    services: said('services')
      .flatMap((line) => line.split(/,\s*/))
      .slice(0, LIMITS.items),
  };
}

/** A line that is a heading, or begins with a label and a colon. */
function labelOf(raw: string): { part: Part; rest: string } | null {
  const heading =
    /^\s*#{1,6}\s+(.{1,60}?)\s*:?\s*$/.exec(raw) ?? /^\s*\*{1,2}([^*]{1,60}?):?\*{1,2}:?\s*$/.exec(raw);
  const labelled =
    /^\s*(?:[-*•]\s+)?(?:\*{1,2}|_)?([A-Za-z][A-Za-z;? -]{1,50}?)(?:\*{1,2}|_)?\s*:\s*(?:\*{1,2}|_)?\s*(.*)$/.exec(
      raw,
    );
  const alone = /^\s*([A-Za-z][A-Za-z;? -]{1,50}?)\s*$/.exec(raw);
  for (const [name, rest] of [
    [heading?.[1], ''],
    [labelled?.[1], labelled?.[2] ?? ''],
    [alone?.[1], ''],
  ] as const) {
    const words = name?.trim().toLowerCase() ?? '';
    const part = labels.find(([label]) => label.test(words))?.[1];
    if (part) return { part, rest };
  }
  return null;
}

/** The line without list marks and emphasis. */
function bare(line: string): string {
  return line
    .replace(/^\s*(?:[-*•>]|\d{1,2}[.)])\s+/, '')
    .replace(/(\*\*|__|`)/g, '')
    .trim();
}
