// `vigil audit <incident>`: fetches the ledger with git alone and proves an incident's records, or names the first record
// that is wrong. Must never call something proved that it did not check. It says what it did not check.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Auditable, unsigned, withHistory, withLedger } from '#adapters/git/ledger-audit';
import { readAllForAudit } from '#adapters/git/ledger-past';
import { type Proof, readProof } from '#adapters/git/ledger-proof';
import { INDEX_PATH } from '#core/incident/open-index';
import { type Audited, audit } from '#core/ledger/audit';
import type { Finding } from '#core/ledger/conduct';
import { entryAt } from '#core/ledger/git-tree';
import { incidentDirectory, incidentKey, isIncidentKey } from '#core/ledger/incident-key';
import { numberedBy, numbersPath } from '#core/ledger/numbers';
import { derivedFindings } from '#core/trust/audit-derived';
import { historyPath } from '#core/trust/summary';
import { exported, json, type Report, timeline } from './audit-report.ts';
import { type Command, InputError, oneWord, type Shell, UsageError } from './command.ts';
import { firstLine, found, repository, tokenFor } from './ledger-at.ts';

const usage = `Usage: npm run vigil -- audit <incident> [options]

Proves that the records of an incident are what was once written. <incident> is an issue number (12), a ledger key
(pd-q1abc) or a PagerDuty id (Q1ABC). What is needed of the branch vigil/ledger is fetched with git into a temporary
clone; no API is asked.

  --repository URL|PATH   where the ledger is; default: the remote origin of the current directory
  --allowed-signers FILE  also verify every commit's SSH signature with git verify-commit against this file
  --history               fetch the whole branch and look at every commit of it, which takes long in a large ledger
  --head HASH             also compare with the head quoted in the issue's status comment
  --export                print the proved records as JSON Lines, byte for byte as they were hashed
  --json                  print one JSON object: incident, proved, records, head, commit (of the branch), checked,
                          unchecked, findings, timeline

Checked: each record came with exactly one commit, which adds that one file and nothing else but what follows from it;
nobody changed the incident between those commits or after them; commits are in the order of the records; each commit's
message holds the record's bytes; the chain of hashes is unbroken and every step is one the lifecycle knows; index, history
and numbers say what the records say. Whoever may rewrite the branch could still cut off the newest records or write a
whole new history: --head and --allowed-signers are there to see that. Only --history sees records that were changed and
put back, and merges elsewhere on the branch.

A private repository on GitHub is read with GITHUB_TOKEN, or with whatever git itself has for the address.
Exit codes: 0 proved, 1 not proved, 2 wrong usage, or no such repository, ledger or incident.

  npm run vigil -- audit Q1ABC --head 9f2c…
`;

export const auditCommand: Command = {
  name: 'audit',
  summary: 'prove the records of one incident with git alone, and print what happened',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        repository: { type: 'string' },
        'allowed-signers': { type: 'string' },
        head: { type: 'string' },
        history: { type: 'boolean', default: false },
        export: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const wanted = oneWord(positionals, 'incident');
    if (wanted === null) throw new UsageError('name one incident');
    if (values.head !== undefined && !/^[0-9a-f]{64}$/.test(values.head))
      throw new UsageError('--head is the 64 hex digits after "head" in the status comment');
    if (values.export && values.json) throw new UsageError('--export and --json exclude each other');
    const signers =
      values['allowed-signers'] === undefined ? null : resolve(shell.cwd, values['allowed-signers']);
    if (signers !== null && !existsSync(signers))
      throw new InputError(
        `${signers} does not exist; name a file as git's gpg.ssh.allowedSignersFile has it`,
      );
    const url = await repository(values.repository, shell);
    const whole = values.history ? url : null;
    const report = await found(
      url,
      shell,
      withLedger(
        url,
        async () => tokenFor(url, shell),
        (ledger) => prove(ledger, wanted, { head: values.head ?? null, signers, whole }, shell),
        'index or not',
      ),
    );
    const format = values.export ? exported : values.json ? json : timeline;
    return format(report, shell);
  },
};

export async function keyOf(ledger: Auditable, wanted: string): Promise<string> {
  if (isIncidentKey(wanted)) return wanted;
  if (!/^#?\d+$/.test(wanted))
    return incidentKey(/^[a-z0-9]{5,14}$/i.test(wanted) ? wanted.toUpperCase() : wanted);
  const number = Number(wanted.replace('#', ''));
  const keys = await ledger.look.numbered(number);
  const [key] = keys;
  if (key === undefined)
    throw new InputError(`the ledger names no issue #${number}; try the ledger key that the issue ends with`);
  if (keys.length > 1) throw new InputError(`issue #${number} belongs to ${keys.join(' and ')}; name one`);
  return key;
}

async function prove(
  ledger: Auditable,
  wanted: string,
  options: { head: string | null; signers: string | null; whole: string | null },
  shell: Shell,
): Promise<Report> {
  const { store, look } = ledger;
  const key = await keyOf(ledger, wanted);
  const proof = await readProof(store, look, key);
  const past = options.whole === null ? null : await walked(options.whole, key, shell);
  if (!proof && !past?.commits.length && !look.index.open[key])
    throw new InputError(`the ledger has no incident ${key}`);
  const audited = past ? audit(past) : proof ? audit(proof) : null;
  const base = { key, commit: look.commit };
  const beside = indexFaults(look, key, proof);
  if (!audited?.ok || !proof || beside.length > 0) {
    const found = audited && !audited.ok ? audited.findings : [];
    const gone = { file: incidentDirectory(key), commit: null, reason: 'is gone, and the index names it' };
    const findings = [
      ...(past ? found : beside),
      ...(past ? beside : found),
      ...(proof || found.length > 0 ? [] : [gone]),
    ];
    return { ...base, checked: [], unchecked: [], trail: [], findings };
  }
  const checked = ['chain', 'commits', ...(past ? ['the whole branch'] : []), 'index', 'history'];
  const unchecked = past ? [] : ['what was changed and put back in between: give --history'];
  const { trail } = audited;
  const findings = await derived(ledger, audited, proof);
  if (options.head === null)
    unchecked.push('whether newer records were cut off: give --head with the hash on the issue');
  else {
    const at = trail.findIndex(({ incident }) => incident.head === options.head);
    if (at < 0)
      findings.push({
        file: key,
        commit: null,
        reason: 'the head quoted on the issue is the head of no record: the history is another one',
      });
    else checked.push(`head quoted on the issue (record ${at + 1} of ${trail.length})`);
  }
  if (options.signers === null) unchecked.push('who wrote the commits: give --allowed-signers FILE');
  else {
    const commits = trail.map(({ commit }) => commit);
    const bad = await unsigned(ledger, commits, options.signers);
    const record = trail.find(({ commit }) => commit === bad?.commit)?.record;
    if (bad)
      findings.push({
        file: `record ${record?.seq} ${record?.type}`,
        commit: bad.commit,
        reason: `its commit is not signed by an allowed key: ${firstLine(bad.reason)}`,
      });
    else checked.push('signatures');
  }
  return { ...base, checked, unchecked, trail, findings };
}

/** What is wrong before the records are looked at. */
function indexFaults({ fault, index }: Auditable['look'], key: string, proof: Proof | null): Finding[] {
  const said = (reason: string): Finding[] => [{ file: INDEX_PATH, commit: null, reason }];
  if (fault !== null) return said(`cannot be read: ${fault}`);
  if (proof && !proof.sealed && !index.open[key]) return said(`does not name ${key}, which is open`);
  return proof?.fault ? [proof.fault] : [];
}

/** The incident as every commit of the branch tells it. */
async function walked(url: string, key: string, shell: Shell) {
  const [input = null] =
    (await withHistory(
      url,
      async () => tokenFor(url, shell),
      (history) => readAllForAudit(history, key),
    )) ?? [];
  return input;
}

/** What the files that are made from records get wrong of this incident. */
async function derived(
  { store, look }: Auditable,
  { incident, trail }: Extract<Audited, { ok: true }>,
  { sealed }: Proof,
): Promise<Finding[]> {
  const numbers = incident.records.map(numberedBy).filter((number) => number !== null);
  const texts = new Map<string, string>();
  for (const path of [historyPath(incident), ...numbers.map(numbersPath)]) {
    const entry = await entryAt(store, look.root, path);
    if (entry?.mode.startsWith('100')) texts.set(path, await store.blob(entry.id));
  }
  return derivedFindings(incident, trail.at(-1)?.commit ?? '', {
    ...{
      sealed,
      index: look.fault === null ? { ok: true, index: look.index } : { ok: false, reason: look.fault },
      commit: look.commit,
    },
    text: (path) => texts.get(path) ?? null,
  });
}
