// How long the five best of 10,000 runbooks take, beside plain GROQ by groq-js over the same documents in the same run: once
// with the runbooks spread over 50 services, once all in one. Processor time, so that other
// work on the machine does not count. It must never count the loading as search, nor hide it.
import { evaluate, parse } from 'groq-js';
import { createIndex, searchableDocument } from '#adapters/retrieval/search';
import type { RunbookDocument } from '#core/knowledge/documents';
import { byText } from '#core/knowledge/queries';
import { type Bench, type Row, spread } from './table.ts';

const RUNBOOKS = 10_000;
const SEARCH_MS = 5;
const INDEX_MS = 3000;

const PARTS =
  'checkout payment order search session invoice refund login cart stock mail image export import report'.split(
    ' ',
  );
const FAULTS: readonly [type: string, words: string, text: string][] = [
  [
    'memory_exhaustion',
    'runs out of memory',
    'Pods are OOMKilled; the heap grows until the kernel kills the process.',
  ],
  ['disk_full', 'disk is almost full', 'Old logs and snapshots fill the volume; writing fails with ENOSPC.'],
  ['latency', 'latency is high', 'p99 is above two seconds and all processors are saturated.'],
  [
    'bad_deploy',
    'error rate is high after a deploy',
    'Errors began with the last rollout; the old revision is clean.',
  ],
  ['queue_lag', 'queue lag is high', 'Consumers are slower than producers; the backlog grows.'],
  ['certificate_expiry', 'certificate expires soon', 'The timer that renews the certificate did not run.'],
  ['dns_failure', 'lookups fail', 'Names inside the cluster are not resolved.'],
  [
    'connection_pool',
    'connection pool is exhausted',
    'All connections are in use while the database is idle.',
  ],
];

/** Deterministic: number `n` of so many services. */
function document(n: number, services: number): RunbookDocument {
  const part = PARTS[n % PARTS.length] ?? 'checkout';
  const [type = '', words = '', text = ''] = FAULTS[Math.floor(n / PARTS.length) % FAULTS.length] ?? [];
  const name = `${part} ${words}`;
  return {
    ...{
      _id: `runbook-bench-${n}`,
      _type: 'runbook',
      runbookId: `bench-${n}`,
      service: `service-${n % services}`,
    },
    title: `${name} in zone${n % 97}x`,
    failureTypes: [type],
    severity: 'sev2',
    keywords: [part, ...words.split(' ').slice(0, 3), `zone${n % 97}x`],
    alerts: [`${name} in zone${n % 97}x`],
    steps: ['Look at the graphs of the last hour.', `Ask the team of ${part}.`, 'Restart pod by pod.'],
    text: `${text} It concerns ${part} number ${n} of cluster-${n % 13}. `.repeat(4),
  };
}

const incidents = (services: number) =>
  Array.from({ length: 60 }, (_, index) => {
    const { service, title, text = '' } = document(index * 163 + 7, services);
    return {
      service,
      title: `[Triggered] ${title} (${index}%)`,
      text: `${text}\nstatus 500, p99 4s, pods 6 of 6`,
    };
  });

async function peer(documents: readonly RunbookDocument[], services: number): Promise<number[]> {
  const times: number[] = [];
  for (const { service, title } of incidents(services).slice(0, 5)) {
    const { groq, params } = byText({ service }, title.toLowerCase().match(/[a-z]{4,}/g) ?? []);
    const before = process.cpuUsage();
    const value = await evaluate(parse(groq.replace('[0...200]', '[0...5]'), { params }), {
      dataset: documents,
      params,
    });
    await value.get();
    times.push(since(before));
  }
  return times;
}

/** Processor milliseconds, so that a busy machine does not count. */
function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export const bench: Bench = async () => {
  const rows: Row[] = [];
  for (const services of [50, 1]) {
    const subject = `top 5 of ${RUNBOOKS} runbooks, ${services === 1 ? 'all of one service' : `${services} services`}`;
    const documents = Array.from({ length: RUNBOOKS }, (_, n) => document(n, services));
    const entries = documents.map(searchableDocument);
    const begun = process.cpuUsage();
    const index = createIndex(entries);
    const load = since(begun);
    const asked = incidents(services);
    for (const one of asked) index.search(one); // once, so that the machine is warm for both
    const times = asked.map((one) =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const before = process.cpuUsage();
          index.search(one);
          return since(before);
        }),
      ),
    );
    const right = asked.filter((one) => {
      const [first] = index.search(one);
      return first !== undefined && one.title.includes(first.entry.title);
    }).length;
    rows.push(
      { ...{ subject, who: 'vigil', measure: 'index' }, value: load, unit: 'ms', budget: INDEX_MS },
      ...spread(subject, 'vigil', times, SEARCH_MS),
      {
        ...{ subject, who: 'vigil', measure: 'right one first' },
        value: (100 * right) / asked.length,
        unit: '%',
        budget: null,
      },
      ...spread(subject, 'groq-js, score(match)', await peer(documents, services)),
    );
  }
  return rows;
};
