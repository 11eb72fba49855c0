// Reads plain Markdown, such as a wiki's runbooks. What front matter would say is guessed from name, headings and words,
// and every guess is told with its reason. Must never guess a remediation, a risk or an approval: such a runbook only
// informs people.
import { sha256 } from '#core/text/hash';
import { documentId, limits, MANAGED_BY, patterns, type RunbookDocument } from './documents.ts';
import { plainText, sections, stepsOf, verificationOf } from './from-runbook.ts';

export type Guess = { field: string; value: string; because: string };
type Imported = { document: RunbookDocument; guesses: Guess[] };

/** Words for each kind of failure. The first line that fits counts most. */
const FAILURES: readonly [type: string, words: RegExp][] = [
  ['memory_exhaustion', /\b(oom\w*|out of memory|memory|heap)\b/gi],
  ['cpu_saturation', /\b(cpu|load average|throttl\w+)\b/gi],
  ['disk_full', /\b(disk|inodes?|filesystem|volume)\b/gi],
  ['certificate_expiry', /\b(certificates?|tls|x509)\b/gi],
  ['dns_failure', /\b(dns|nxdomain|resolver|coredns)\b/gi],
  ['dependency_timeout', /\b(timeouts?|timed out|upstream|dependency)\b/gi],
  ['queue_backlog', /\b(queues?|lag|backlog|consumers?)\b/gi],
  ['connection_exhaustion', /\b(connection pool|too many connections|connections)\b/gi],
  ['replication_lag', /\b(replicas?|replication|failover)\b/gi],
  ['bad_deploy', /\b(deploy\w*|rollback|roll back|release)\b/gi],
  ['cache_corruption', /\b(caches?|evict\w*|stale)\b/gi],
  ['quota_exceeded', /\b(quotas?|rate limit\w*|throttled)\b/gi],
];

/** `services`: names to look for. `file`: the path in the repository. Null: there is nothing to import. */
export function importPlain(text: string, file: string, services: readonly string[]): Imported | null {
  const parts = sections(text.replace(/^\ufeff/, ''));
  const body = plainText(parts);
  if (body.length < 5) return null;
  const name = (file.split('/').at(-1) ?? '').replace(/\.md$/i, '');
  const heading = parts.find((part) => part.heading !== '')?.heading ?? '';
  const first = heading.length >= 5 ? heading : name.replaceAll(/[-_]+/g, ' ');
  const title = (first.length >= 5 ? first : body.replace(/\s+/g, ' ')).slice(0, limits.title);
  const id = idOf(file);
  const service = serviceOf(file, `${title}\n${body}`, services);
  const failures = failuresOf(title, body);
  const severity = /\bsev([1-5])\b/i.exec(body)?.[1];
  const keywords = keywordsOf(title, parts.map((part) => part.heading).join(' '));
  const verification = verificationOf(parts);
  const guesses: Guess[] = [
    { field: 'id', value: id, because: 'the name of the file' },
    {
      field: 'title',
      value: title,
      because: heading.length >= 5 ? 'the first heading' : 'the name of the file',
    },
    { field: 'service', value: service.name, because: service.because },
    { field: 'failure_types', value: failures.types.join(', '), because: failures.because },
    {
      field: 'severity',
      value: `sev${severity ?? 3}`,
      because: severity ? 'the text names it' : 'the text names none',
    },
    { field: 'keywords', value: keywords.join(', '), because: 'words of the headings' },
  ];
  return {
    guesses,
    document: {
      _id: documentId.runbook(id),
      _type: 'runbook',
      title,
      service: service.name,
      failureTypes: failures.types,
      severity: severityOf(severity),
      keywords,
      alerts: [],
      steps: stepsOf(parts),
      ...(verification === '' ? {} : { verificationProcedure: verification }),
      text: body,
      runbookId: id,
      path: file,
      sha256: sha256(text),
      guessed: guesses.map(({ field }) => field),
      managedBy: MANAGED_BY,
    },
  };
}

/** An id from a file's name, in the form that front matter needs. The same file always gives the same id. */
export function idOf(file: string): string {
  const name = (file.split('/').at(-1) ?? '').replace(/\.md$/i, '').normalize('NFKD').toLowerCase();
  const id = name.replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '');
  return patterns.runbookId.test(id) ? id : `runbook-${sha256(file).slice(0, 12)}`;
}

function serviceOf(
  file: string,
  text: string,
  services: readonly string[],
): { name: string; because: string } {
  const segments = file.toLowerCase().split(/[/._-]+/);
  const named = services.find((service) => segments.includes(service.toLowerCase()));
  if (named) return { name: named, because: 'the path of the file names it' };
  const counted = services.map((service) => ({ service, times: timesOf(text, service) }));
  const [most] = counted.filter(({ times }) => times > 0).sort((a, b) => b.times - a.times);
  if (most) return { name: most.service, because: 'the text names it most' };
  return { name: 'unassigned', because: 'neither the path nor the text names a known service' };
}

function timesOf(text: string, word: string): number {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.match(new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'gi'))?.length ?? 0;
}

function failuresOf(title: string, body: string): { types: string[]; because: string } {
  const counted = FAILURES.map(([type, words]) => {
    const [inTitle, inBody] = [title.match(words)?.length ?? 0, body.match(words)?.length ?? 0];
    return { type, weight: inTitle * 5 + inBody };
  });
  const types = counted
    .filter(({ weight }) => weight >= 2)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 2)
    .map(({ type }) => type);
  return types.length > 0
    ? { types, because: 'words of the text' }
    : { types: ['unclassified'], because: 'no words of a known kind' };
}

const STOP = new Set(
  'the and for with from when how what this that runbook guide steps step into your'.split(' '),
);

function keywordsOf(title: string, headings: string): string[] {
  const words = `${title} ${headings}`.toLowerCase().match(/[a-z][a-z0-9]{2,30}/g) ?? [];
  return [...new Set(words.filter((word) => !STOP.has(word)))].slice(0, 12);
}

function severityOf(digit: string | undefined): RunbookDocument['severity'] {
  if (digit === '1') return 'sev1';
  if (digit === '2') return 'sev2';
  if (digit === '4') return 'sev4';
  return digit === '5' ? 'sev5' : 'sev3';
}
