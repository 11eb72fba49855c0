// What the job that removes left workspaces says: its summary, and the alarm. Must never call a workspace gone that is not.
import { workspacePage } from '#core/incident/left-workspaces';
import { code, told } from './outside.ts';

type Row = { name: string; done: string; because: string };

/** A table in Markdown, for the summary of the job. */
export function tidiedTable(rows: readonly Row[], dryRun: boolean): string {
  if (rows.length === 0) return 'There is no workspace, and the ledger waits for none.';
  return [
    dryRun ? 'Nothing was ended: this only says what would be.' : 'Workspaces of this account:',
    '',
    '| workspace | | why |',
    '| --- | --- | --- |',
    ...rows.map(
      ({ name, done, because }) =>
        `| ${code(name)} | ${done} | ${told(because, 300).replaceAll('|', '\\|')} |`,
    ),
    '',
  ].join('\n');
}

/** The errors that turn the job red: each workspace that could not be removed, with the address of its page, and who was not told. */
export function tidyingAlarms(rows: readonly Row[], coderUrl: string): string[] {
  return rows.flatMap(({ name, done, because }) => {
    if (done === 'not gone')
      return [
        `workspace ${name} could not be removed: ${because}. Remove it by hand: ${workspacePage(coderUrl, name)}`,
      ];
    return done === 'not told' ? [`workspace ${name}: ${because}; the next run tells it again`] : [];
  });
}
