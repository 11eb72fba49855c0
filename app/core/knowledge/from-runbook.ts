// A runbook as a document of the memory: the words of its file, without its code. Git stays the truth: the document cites
// the file by id, path and hash. Must never carry a script, so that nobody runs what was not reviewed.

import { documentId, limits, MANAGED_BY, type RunbookDocument } from './documents.ts';
import type { Runbook } from './runbook.ts';

export function runbookDocument(runbook: Runbook): RunbookDocument {
  const parts = sections(runbook.body);
  const verification = verificationOf(parts);
  return {
    _id: documentId.runbook(runbook.id),
    _type: 'runbook',
    title: runbook.title,
    service: runbook.service,
    failureTypes: [...new Set(runbook.failure_types)],
    severity: severityOf(runbook.severity),
    keywords: [...new Set(runbook.keywords)],
    alerts: [...new Set(runbook.alerts)],
    steps: stepsOf(parts),
    ...(verification === '' ? {} : { verificationProcedure: verification }),
    ...(runbook.remediation ? { riskLevel: runbook.remediation.risk } : {}),
    text: plainText(parts),
    runbookId: runbook.id,
    path: runbook.path,
    sha256: runbook.sha256,
    managedBy: MANAGED_BY,
  };
}

/** The pattern of the front matter allows only these five. */
function severityOf(severity: string): RunbookDocument['severity'] {
  switch (severity) {
    case 'sev1':
    case 'sev2':
    case 'sev4':
    case 'sev5':
      return severity;
    default:
      return 'sev3';
  }
}

type Section = { heading: string; level: number; text: string };

/** The text under each heading, without code fences. */
export function sections(markdown: string): Section[] {
  const found: { heading: string; level: number; lines: string[] }[] = [{ heading: '', level: 0, lines: [] }];
  let fence: string | null = null;
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null;
    } else if (mark !== null) fence = mark;
    else {
      const [, marks = '', heading] = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line) ?? [];
      if (heading === undefined) found.at(-1)?.lines.push(line);
      else found.push({ heading, level: marks.length, lines: [] });
    }
  }
  return found.map(({ heading, level, lines }) => ({ heading, level, text: lines.join('\n').trim() }));
}

const VERIFICATION = /verif|validat|confirm|recover/i;
const BACKGROUND =
  /^(meaning|impact|summary|overview|background|symptoms?|alerts?|references?|links|owners?)\b/i;
const ITEM = /^\s*(?:\d+[.)]|[-*+])\s+/;

/**
 * The steps: items of lists, or, where there are none, paragraphs with their heading. The opening, the background and the
 * verification are left out.
 */
export function stepsOf(parts: readonly Section[]): string[] {
  const below = parts.filter(({ level, text }) => level > 1 && text !== '');
  return (below.length > 0 ? below : parts)
    .filter(({ heading, text }) => heading !== '' && text !== '')
    .filter(({ heading }) => !VERIFICATION.test(heading) && !BACKGROUND.test(heading))
    .flatMap(({ heading, text }) => {
      const items = listItems(text);
      return items.length > 0 ? items : text.split(/\n\s*\n/).map((one) => `${heading}: ${oneLine(one)}`);
    })
    .map((step) => step.slice(0, limits.step))
    .filter((step) => step !== '')
    .slice(0, limits.steps);
}

export function verificationOf(parts: readonly Section[]): string {
  const own = parts.filter(({ heading }) => VERIFICATION.test(heading));
  return own
    .map(({ text }) => text)
    .join('\n\n')
    .trim()
    .slice(0, limits.step);
}

export function plainText(parts: readonly Section[]): string {
  return parts
    .map(({ heading, text }) => `${heading}\n${text}`.trim())
    .filter((text) => text !== '')
    .join('\n\n')
    .slice(0, limits.text);
}

function listItems(text: string): string[] {
  const items: string[] = [];
  for (const line of text.split('\n')) {
    if (ITEM.test(line)) items.push(line.replace(ITEM, ''));
    else if (items.length > 0 && /^\s+\S/.test(line)) items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items.map(oneLine);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
