// `vigil match --runbooks DIR`: which runbooks fit the incidents on standard input, one JSON object on each line. A bad line
// gets its own answer, and the others go on. Must never name a runbook of another service, and never use a network.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { readRunbookFolder } from '#adapters/retrieval/folder';
import { createIndex, type Index, searchableDocument } from '#adapters/retrieval/search';
import { PROPOSE_THRESHOLD } from '#core/knowledge/context';
import { normalise } from '#core/text/untrusted';
import { type Command, InputError, type Shell, UsageError } from './command.ts';
import { jsonLines } from './json-lines.ts';
import { paint } from './terminal.ts';

const usage = `Usage: npm run -s vigil -- match --runbooks DIR [--jsonl] < incidents.jsonl

Reads one incident a line, {"id", "title", "body", "service"?, "labels"?}, and says which runbooks of DIR fit it, best first,
at most five, with a score from 0 to 100. Below ${PROPOSE_THRESHOLD} Vigil has no runbook for it: \`abstained\`. With a service only its runbooks
count; without, the labels or the text may name one, else all are searched. DIR is read as \`vigil ingest\` reads it.

  --jsonl   one JSON object a line: {"id", "matches": [{"runbook", "score", "why"}], "abstained"}; for a line that is no
            incident {"line", "id", "error"}

Exit codes: 0 every line was answered, 1 a line was none or a runbook of DIR is broken (named on standard error; the rest
counts), 2 wrong usage or no such directory.

  echo '{"id": 1, "title": "Checkout error rate is high", "body": "", "service": "shop"}' | npm run -s vigil -- match --runbooks runbooks
`;

const Incident = z.object({
  id: z.union([z.string(), z.number()]),
  title: z.string(),
  body: z.string().default(''),
  service: z.string().nullish(),
  labels: z.record(z.string(), z.unknown()).nullish(),
});
type Incident = z.infer<typeof Incident>;

export const matchCommand: Command = {
  name: 'match',
  summary: 'say which runbooks fit incidents, one JSON object a line',
  usage,
  async run(args, shell) {
    const { values } = parseArgs({
      args: [...args],
      options: { runbooks: { type: 'string' }, jsonl: { type: 'boolean', default: false } },
    });
    if (values.runbooks === undefined) throw new UsageError('name --runbooks DIR');
    const dir = resolve(shell.cwd, values.runbooks);
    if (!(await stat(dir).catch(() => null))?.isDirectory()) throw new InputError(`${dir} is no directory`);
    const folder = await readRunbookFolder(dir);
    for (const { file, line, reason } of folder.refused) shell.err(`${file}:${line}: left out: ${reason}\n`);
    const index = createIndex(folder.documents.map(searchableDocument));
    let broken = folder.refused.length > 0;
    for await (const line of jsonLines(shell, Incident)) {
      if (!line.ok) {
        broken = true;
        shell.out(
          values.jsonl
            ? `${JSON.stringify(line.answer)}\n`
            : `line ${line.answer.line}: ${line.answer.error}\n`,
        );
      } else if (values.jsonl) shell.out(`${JSON.stringify(answer(index, line.value))}\n`);
      else tell(answer(index, line.value), line.value, shell);
      await shell.taken();
    }
    return broken ? 1 : 0;
  },
};

type Answer = {
  id: string | number;
  matches: { runbook: string; score: number; why: string }[];
  abstained: boolean;
};

function answer(index: Index, incident: Incident): Answer {
  const title = normalise(incident.title, { maxChars: 1000 });
  const labels = Object.entries(incident.labels ?? {}).map(([name, value]) => `${name}: ${plain(value)}`);
  const text = normalise([incident.body, ...labels].join('\n'), { maxChars: 40_000 });
  const service = serviceOf(index, incident, `${title}\n${text}`);
  const found = service === undefined ? [] : index.search({ service, title, text });
  const matches = found.map(({ entry, score, why }) => ({ runbook: entry.id, score, why }));
  return { id: incident.id, matches, abstained: (matches[0]?.score ?? 0) < PROPOSE_THRESHOLD };
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The service whose runbooks count. Null: all runbooks count. Undefined: a service is named, and no runbook is for it. */
function serviceOf(index: Index, { service, labels }: Incident, text: string): string | null | undefined {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const known = (name: string): string | undefined => index.services.find((one) => same(one, name.trim()));
  if (service !== null && service !== undefined && service !== '') return known(service);
  for (const label of ['service', 'app', 'application', 'component', 'job', 'deployment', 'namespace']) {
    const named = labels?.[label];
    const found = typeof named === 'string' ? known(named) : undefined;
    if (found) return found;
  }
  const words = new Set(text.toLowerCase().match(/[a-z0-9]+(?:[-_.][a-z0-9]+)*/g));
  const named = index.services.filter((one) => words.has(one.toLowerCase()));
  return named.length === 1 ? (named[0] ?? null) : null;
}

function tell({ id, matches, abstained }: Answer, { title }: Incident, shell: Shell): void {
  shell.out(`${paint(shell, 'bold', String(id))} ${normalise(title, { maxChars: 120 })}\n`);
  for (const { runbook, score, why } of matches)
    shell.out(`  ${String(score).padStart(3)}  ${runbook}: ${why}\n`);
  if (abstained)
    shell.out(`  ${paint(shell, 'yellow', 'no runbook')}: nothing reaches ${PROPOSE_THRESHOLD}\n`);
}
