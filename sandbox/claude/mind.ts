// What the stand-in answers: it reads the request's own prompt, nothing else, and proposes the runbook whose alerts share the
// most words with the title, word for word. It is no model: it understands nothing and cannot be talked into anything.
import { matchRunbooks } from '#core/knowledge/context';
import { blocks, type MessagesRequest } from './rules.ts';

type Shown = { id: string; title: string; alerts: string[]; kind?: string; risk?: string; body: string };
const SERVICE = 'shown';

/** The text of an answer in the shape that Vigil's prompt asks for. */
export function answerTo(request: MessagesRequest): string {
  const prompt = blocks(request).map(({ text }) => text);
  const knowledge = prompt.find((text) => text.startsWith('TRUSTED KNOWLEDGE')) ?? '';
  const fields = untrusted(prompt.find((text) => text.includes('BEGIN UNTRUSTED DATA')) ?? '');
  const title = fields.find(({ name }) => name === 'alert.title')?.text ?? '';
  const evidence = fields.filter(({ name }) => name.startsWith('evidence.'));
  const books = runbooks(knowledge).filter(({ kind }) => kind !== undefined);
  const [match] = matchRunbooks(
    books.map((book) => ({
      ...{ id: book.id, title: book.title, alerts: book.alerts, body: book.body, service: SERVICE, path: '' },
      ...{
        failure_types: [],
        keywords: [],
        severity: 'sev3',
        approval: 'human',
        sha256: '',
        block: null,
        remediation: null,
      },
    })),
    { service: SERVICE, title, text: evidence.map(({ text }) => text).join('\n') },
  );
  const book = books.find(({ id }) => id === match?.runbook);
  const fits = book !== undefined && (match?.score ?? 0) >= 60;
  const [seen] = evidence;
  return JSON.stringify({
    analysis: 'The stand-in compared words; it understands nothing.',
    evidence: seen ? [{ id: seen.name.slice('evidence.'.length), quote: quotable(seen.text) }] : [],
    hypothesis: fits
      ? `The alert is the one that “${book.title}” describes.`
      : 'No runbook that was shown fits this alert.',
    runbook: fits ? { id: book.id, quote: quotable(book.body) } : null,
    risks: [],
    blast_radius: '',
    risk: fits ? (book.risk ?? 'HIGH') : 'LOW',
    action: fits ? 'runbook' : 'abstain',
    ...{ kind: null, fix: null, undo: null, undo_impossible: null, catalogue: null },
    verification: { from_runbook: fits, checks: [] },
    confidence: fits ? 95 : 0,
    abstain_reason: fits ? null : 'No runbook that was shown fits this alert.',
  });
}

function untrusted(text: string): { name: string; text: string }[] {
  const line = text.split('\n').find((one) => one.startsWith('{"untrusted":'));
  return line ? (JSON.parse(line) as { untrusted: { name: string; text: string }[] }).untrusted : [];
}

function runbooks(knowledge: string): Shown[] {
  return [...knowledge.matchAll(/^<runbook>\n(\{.*\})\n([\s\S]*?)\n<\/runbook>$/gm)].map(
    ([, facts = '{}', body = '']) => ({
      ...(JSON.parse(facts) as Omit<Shown, 'body'>),
      body,
    }),
  );
}

/** The longest line that may be quoted: what is quoted must stand there word for word. */
function quotable(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= 8);
  const [longest = ''] = lines.toSorted((a, b) => b.length - a.length);
  return longest.slice(0, 280).padEnd(8, '.');
}
