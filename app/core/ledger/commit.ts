// The commits of the ledger: how they are written and read. Each brings one fact, or seals or unseals one incident.
// Must never put anything into a message that people could take for a record, or a record for something else.
import { encodeRecord, type LedgerRecord } from './record.ts';

export type CommitParts = {
  tree: string;
  parent: string | null;
  message: string;
  /** Unix seconds. */
  at: number;
};
export type ReadCommit = {
  tree: string;
  parents: string[];
  subject: string;
  /** The record's bytes as the message has them. */
  body: string;
  /** Commits of the same incident before this one, newest first. */
  before: string[];
};

export const LEDGER_BRANCH = 'vigil/ledger';
/** Who commits. It proves nothing: whoever may write a commit can name anybody. */
export type Identity = { name: string; email: string };
export const IDENTITY: Identity = { name: 'vigil[bot]', email: 'vigil[bot]@users.noreply.github.com' };

/** How many earlier commits of the incident a commit names: a reader without the history finds all of them in few steps. */
export const NAMED_BEFORE = 8;

/** A sentence for people, the record's bytes, and where the incident's earlier records came from. */
export function factMessage(
  key: string,
  stage: string,
  record: LedgerRecord,
  before: readonly string[],
): string {
  const named = before.length === 0 ? '' : `\nBefore: ${before.slice(0, NAMED_BEFORE).join(' ')}\n`;
  return `${key}: ${record.type} (${stage})\n\n${encodeRecord(record)}${named}`;
}

/** The commit object as git writes it (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). */
export function commitText({ tree, parent, message, at }: CommitParts, identity = IDENTITY): string {
  const who = `${identity.name} <${identity.email}> ${at} +0000`;
  const from = parent === null ? '' : `parent ${parent}\n`;
  return `tree ${tree}\n${from}author ${who}\ncommitter ${who}\n\n${message}`;
}

export function readCommit(text: string): ReadCommit {
  const end = text.indexOf('\n\n');
  const header = text.slice(0, end).split('\n');
  const values = (name: string): string[] =>
    header.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    ...readMessage(text.slice(end + 2)),
  };
}

export function readMessage(message: string): Pick<ReadCommit, 'subject' | 'body' | 'before'> {
  const [subject = '', ...rest] = message.split('\n\n');
  const [, body = '', before = ''] =
    /^([\s\S]*?\n?)(?:\nBefore: ([0-9a-f]{40}(?: [0-9a-f]{40})*)\n)?$/.exec(rest.join('\n\n')) ?? [];
  return { subject: subject.trimEnd(), body, before: before === '' ? [] : before.split(' ') };
}
