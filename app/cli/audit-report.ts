// Tells the result of an audit to people, to programs, and as an export. Must never turn a finding into "proved".
import type { Proved } from '#core/ledger/audit';
import type { Finding } from '#core/ledger/conduct';
import { encodeRecord } from '#core/ledger/record';
import { actorName, sentence } from '#core/messages/sentence';
import { visible } from '#core/text/untrusted';
import type { ExitCode, Shell } from './command.ts';
import { columns, count, paint } from './terminal.ts';

/** `trail` is empty when the records are not proved. `checked` and `unchecked` are words for people. */
export type Report = {
  key: string;
  commit: string;
  trail: Proved[];
  findings: Finding[];
  checked: string[];
  unchecked: string[];
};

/** For people: what happened, then the verdict and what it is based on. */
export function timeline(report: Report, shell: Shell): ExitCode {
  const { key, trail, findings, checked, unchecked } = report;
  const rows = trail.map(({ record, incident }) => [
    record.at,
    incident.stage,
    record.type,
    actorName(record.actor),
    sentence(record),
  ]);
  if (rows.length > 0) shell.out(`${columns(rows)}\n\n`);
  const [first, ...others] = findings;
  if (first) {
    shell.out(`${paint(shell, 'red', 'not proved')}: ${visible(`${first.file} ${first.reason}`)}\n`);
    for (const { file, reason } of others) shell.out(`  also ${visible(`${file} ${reason}`)}\n`);
    return 1;
  }
  const last = trail.at(-1)?.incident;
  shell.out(
    `${paint(shell, 'green', 'proved')}: ${count(trail.length, 'record')} of ${key}, head ${last?.head ?? ''}\n`,
  );
  shell.out(`checked: ${checked.join(', ')}\n`);
  for (const what of unchecked) shell.out(`not checked: ${what}\n`);
  return 0;
}

/** For programs: everything as one object. */
export function json(report: Report, shell: Shell): ExitCode {
  const { key, commit, trail, findings, checked, unchecked } = report;
  const proved = findings.length === 0;
  const shown = trail.map(({ record, incident, commit: brought }) => ({
    seq: record.seq,
    at: record.at,
    stage: incident.stage,
    type: record.type,
    actor: actorName(record.actor),
    said: sentence(record),
    head: incident.head,
    commit: brought,
  }));
  const head = trail.at(-1)?.incident.head ?? null;
  shell.out(
    `${JSON.stringify({ incident: key, proved, records: trail.length, head, commit, checked, unchecked, findings, timeline: shown })}\n`,
  );
  return proved ? 0 : 1;
}

/** An export holds only what is proved. */
export function exported(report: Report, shell: Shell): ExitCode {
  const [first] = report.findings;
  if (first) {
    shell.err(`not proved, nothing is exported: ${visible(`${first.file} ${first.reason}`)}\n`);
    return 1;
  }
  shell.out(report.trail.map(({ record }) => encodeRecord(record)).join(''));
  return 0;
}
