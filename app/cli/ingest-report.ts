// Tells an ingest to people: what is left out and why, what was guessed, what differs. Must never decide anything.
import type { Folder } from '#adapters/retrieval/folder';
import type { IngestPlan } from '#adapters/retrieval/ingest';
import type { Shell } from './command.ts';
import { count, paint } from './terminal.ts';

/** A longer list ends with the number of those that are not shown. */
const MOST = 40;

export function tellFolder({ files, documents, refused, guessed }: Folder, shell: Shell): void {
  for (const { file, line, reason } of refused)
    shell.out(`${paint(shell, 'bold', `${file}:${line}:`)} stays out: ${reason}\n`);
  for (const { file, guesses } of guessed.slice(0, MOST)) {
    shell.out(`${paint(shell, 'bold', file)} ${paint(shell, 'yellow', 'guessed:')}\n`);
    for (const { field, value, because } of guesses) shell.out(`  ${field}: ${value} (${because})\n`);
  }
  more(guessed.length, 'file with guesses', shell);
  shell.out(`${count(files.length, 'file')}: ${documents.length} good, ${refused.length} broken\n`);
}

export function tellDifference(
  plan: IngestPlan,
  { dryRun, prune }: { dryRun: boolean; prune: boolean },
  shell: Shell,
): void {
  for (const change of plan.changes.slice(0, MOST))
    shell.out(
      change.kind === 'create'
        ? `${paint(shell, 'green', '+')} ${change.id} (${change.path})\n`
        : `${paint(shell, 'yellow', '~')} ${change.id} (${change.path}): ${change.fields.join(', ')}\n`,
    );
  more(plan.changes.length, 'change', shell);
  for (const { id, path } of plan.foreign)
    shell.out(`! ${id} (${path}) was written in Sanity by somebody else, and is left alone\n`);
  for (const { id, path } of plan.gone.slice(0, MOST))
    shell.out(
      prune
        ? `${paint(shell, 'red', '-')} ${id} (${path})\n`
        : `? ${id}: ${path} is gone; --prune would remove it\n`,
    );
  more(plan.gone.length, 'file that is gone', shell);
  const created = plan.changes.filter(({ kind }) => kind === 'create').length;
  shell.out(
    `${dryRun ? 'would be written' : 'to write'}: ${created} new, ${plan.changes.length - created} changed, ` +
      `${prune ? plan.gone.length : 0} removed; ${plan.unchanged} as they are\n`,
  );
}

function more(all: number, noun: string, shell: Shell): void {
  if (all > MOST) shell.out(`  and ${all - MOST} more (${noun})\n`);
}
