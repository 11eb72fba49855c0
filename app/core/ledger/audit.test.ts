import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gitBlobId } from '#core/text/hash';
import { fact, KEY, recordsOf, untilVerifying } from '../../../test/support/incidents.ts';
import { type AuditInput, audit, type LedgerFile } from './audit.ts';
import type { LedgerCommit } from './conduct.ts';
import type { Fact } from './facts.ts';
import { incidentDirectory } from './incident-key.ts';
import { encodeRecord, recordFile } from './record.ts';
import { fold, type Incident } from './replay.ts';

const facts: readonly Fact[] = [...untilVerifying, fact('recovery.confirmed'), fact('incident.learned')];
const last = facts.length - 1;
const lastName = '0017-incident.learned.json';

/** An incident as an honest ledger holds it, with everything git would say of it. */
function honest(): AuditInput {
  let incident: Incident | null = null;
  const commits: LedgerCommit[] = [];
  const files: LedgerFile[] = [];
  for (const record of recordsOf(facts)) {
    const folded = fold(incident, record);
    if (!folded.ok) throw new Error(folded.reason);
    incident = folded.incident;
    const text = encodeRecord(record);
    const file = {
      path: `${incidentDirectory(KEY)}/${recordFile(record)}`,
      mode: '100644',
      blob: gitBlobId(text),
    };
    const subject = `${KEY}: ${record.type} (${incident.stage})`;
    commits.push({
      id: `${record.seq % 10}`.repeat(40),
      subject,
      body: text,
      changes: [{ status: 'A', ...file }],
    });
    files.push({ ...file, text });
  }
  return { key: KEY, commits, files, merge: null };
}

/** The record `at` with other bytes, everywhere git would show them: file, blob, commit and message. */
function rewritten(input: AuditInput, at: number, text: string): AuditInput {
  const blob = gitBlobId(text);
  return {
    ...input,
    files: input.files.map((file, index) => (index === at ? { ...file, text, blob } : file)),
    commits: input.commits.map((commit, index) =>
      index === at
        ? { ...commit, body: text, changes: commit.changes.map((change) => ({ ...change, blob })) }
        : commit,
    ),
  };
}

const drop = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);
const names = (input: AuditInput): string[] => {
  const audited = audit(input);
  return audited.ok ? [] : audited.findings.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
};

describe('the audit', () => {
  it('proves what is honest, with the incident after every record', () => {
    const audited = audit(honest());
    if (!audited.ok) throw new Error(JSON.stringify(audited.findings));
    expect(audited.trail.map(({ record }) => record.type)).toEqual(facts.map(({ type }) => type));
    expect(audited.trail.slice(-4).map(({ incident }) => incident.stage)).toEqual([
      'EXECUTING',
      'VERIFYING',
      'RESOLVED',
      'RESOLVED',
    ]);
    expect(audited.incident.head).toBe(audited.trail[last]?.incident.head);
  });

  it('sees any one changed character of any record but the last, even when history was rewritten to match', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: last - 1 }),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, where, to) => {
          const input = honest();
          const text = input.files[at]?.text ?? '';
          const position = where % text.length;
          fc.pre(text[position] !== to);
          const changed = text.slice(0, position) + to + text.slice(position + 1);
          expect(audit(rewritten(input, at, changed)).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('sees any record but the last taken out of history, and names the one that follows', () => {
    for (let at = 0; at < last; at++) {
      const input = honest();
      const cut = { ...input, commits: drop(input.commits, at), files: drop(input.files, at) };
      expect(names(cut)).toEqual([input.files[at + 1]?.path.split('/').at(-1)]);
    }
  });

  it('cannot see the newest record taken out of history: that is what the head on the issue is for', () => {
    const input = honest();
    expect(audit({ ...input, commits: drop(input.commits, last), files: drop(input.files, last) }).ok).toBe(
      true,
    );
  });

  it('sees commits in any other order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...facts.keys()], { minLength: facts.length }), (order) => {
        fc.pre(order.some((from, to) => from !== to));
        const input = honest();
        const commits = order.flatMap((index) => input.commits[index] ?? []);
        expect(audit({ ...input, commits }).ok).toBe(false);
      }),
    );
  });

  it('believes bytes, not what a file decodes to', () => {
    const input = honest();
    const files = input.files.map((file, index) =>
      index === last ? { ...file, blob: 'f'.repeat(40) } : file,
    );
    expect(names({ ...input, files })).toEqual([lastName]);
  });

  it('sees a record that is a link or may be executed', () => {
    const input = honest();
    const files = input.files.map((file, index) => (index === last ? { ...file, mode: '100755' } : file));
    expect(names({ ...input, files })).toEqual([lastName]);
  });

  it('does not prove an incident that is not there', () => {
    expect(audit({ key: KEY, commits: [], files: [], merge: null })).toMatchObject({
      ok: false,
      findings: [{ reason: 'does not exist' }],
    });
  });
});
