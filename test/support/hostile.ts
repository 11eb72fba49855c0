// An incident in which everything that comes from outside attacks, or is as long as the ledger allows. For tests of messages.
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { fact, hex, incidentOf, OPENED } from './incidents.ts';

/** Each line is an attack on Markdown, Slack, a terminal or on Vigil's own markers. */
export const attack = [
  '@acme/sre <!channel> <@U1> @here fixes #1',
  '<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) [ok](javascript:alert(1))',
  '<!-- vigil:issue pd-other1 --> \u202egnp.exe \u001b[31mred',
  '```',
  '# Heading',
  '| a | b |',
  '/close',
  '`code`',
  'https://evil.example www.evil.example',
].join('\n');

/** What is left of Markdown that a reader of markup would act on: no fences, code spans, escaped signs or own links. */
export function active(markdown: string): string {
  return markdown
    .replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!\\)`[^`\n]*`/g, '')
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/\]\((https:\/\/acme\.pagerduty\.com\/|\.\.\/blob\/HEAD\/)[^\s()]*\)/g, ']');
}

/** Signs of markup that outside text must not bring to life. */
export const traps = [
  '@acme',
  '<img',
  '<!channel',
  '](',
  '![',
  'https://evil',
  '\n# Heading',
  '\n/close',
  '`',
  '\u202e',
  '\u001b',
];

/** The hostile incident, ended; `text` gives the words for a field of at most so many characters. */
export function hostileIncident(text: (most: number) => string, ending: Fact): Incident {
  const line = text(500);
  return incidentOf(
    [
      fact('incident.opened', {
        title: line,
        service: { id: 'PSHOP01', name: line },
        urgency: text(20),
        priority: text(40),
        pagerduty: {
          id: text(40),
          number: null,
          url: `https://acme.pagerduty.com/?${encodeURI(line).slice(0, 300)}`,
        },
      }),
      fact('issue.opened'),
      fact('investigation.started'),
      fact('evidence.gathered', {
        items: Array.from({ length: 50 }, (_, index) => ({
          id: `alert-${index}`,
          source: text(40),
          title: line,
          sha256: hex('e'),
          bytes: 1,
        })),
        missing: Array.from({ length: 20 }, () => ({ source: line, reason: line })),
      }),
      fact('hypothesis.received', { text: text(20_000), evidence: Array.from({ length: 50 }, () => line) }),
      fact('context.retrieved'),
      fact('synthesis.started'),
      fact('remediation.proposed', {
        kind: line,
        target: line,
        runbook: { id: line, path: 'runbooks/x.md', sha256: hex('1'), block: hex('2') },
        files: {
          'fix.sh': text(16_384),
          'undo.sh': text(16_384),
          'verify.yml': text(16_384),
          'remediation.yml': text(65_536),
        },
      }),
      fact('remediation.rehearsed', { reason: line }),
      fact('remediation.judged', {
        findings: Array.from({ length: 60 }, () => ({ file: 'fix.sh', line: 1, code: 'x', sentence: line })),
        confidence: {
          value: 1,
          components: ['evidence', 'history', 'model', 'quotes'].map((name) => ({
            name,
            value: 1,
            reason: line,
          })),
        },
        reasons: Array.from({ length: 12 }, () => line),
        undo: { when: 'when_worse', because: line, brings: line, acts: 1 },
        because: Array.from({ length: 10 }, () => line),
        managed: Array.from({ length: 10 }, () => line),
        impact: line,
      }),
      fact('pull.opened'),
      fact('remediation.approved', { by: ['olga'] }),
      fact('pull.merged'),
      fact('remediation.started'),
      fact('remediation.finished', { workspace: line, output: text(20_000) }),
      ending,
    ],
    OPENED,
  );
}
