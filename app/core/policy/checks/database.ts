// psql and mysql: the statements come from -c or -e, or as a literal on standard input.
// It must never run statements it cannot read: files, pipes and prompts are refused.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { allValues, has } from '../engine/parsed.ts';
import { type Issue, type Run, refusal } from '../engine/run.ts';
import { show, textOf } from '../engine/value.ts';
import { checkKind, type Setting } from '../kinds/kinds.ts';
import { checkOwnHost } from '../kinds/network.ts';
import { checkSql } from '../languages/sql.ts';

export function checkSqlClient(parsed: Parsed, run: Run, setting: Setting): Found {
  const issues: Issue[] = [];
  const statements = allValues(parsed, '-c --command -e --execute');
  const dialect = parsed.rule.options.has('--execute') ? 'mysql' : 'pg';
  if (statements.length === 0 && !has(parsed, '-l --list')) {
    const text = run.input.output.text;
    if (run.input.from !== 'nowhere' && text !== undefined) {
      const issue = checkKind(`sql:${dialect}`, { value: [text], splits: false }, setting);
      if (issue) issues.push(issue);
    } else
      issues.push(refusal('runs-input', 'The statements are not in the script, so nobody can judge them.'));
  }
  const input =
    statements.length === 0 ? [run.input.output.text ?? ''] : statements.map((arg) => textOf(arg) ?? '');
  const names = [...parsed.operands, ...allValues(parsed, '-d --dbname -D --database')];
  if (input.some((text) => checkSql(text, dialect).effect !== null)) {
    const hosts = allValues(parsed, '-h --host').map((arg) => checkOwnHost(arg.value, run));
    issues.push(...hosts.filter((issue) => issue !== null));
    if (names.some((arg) => /[=:/]/.test(show(arg.value)) && !run.inventory.values.has(show(arg.value))))
      issues.push(refusal('foreign-target', 'A change names its host by itself, as the inventory does.'));
  }
  if (dialect === 'mysql' && names.some((arg) => show(arg.value).toLowerCase() === 'mysql'))
    issues.push(refusal('secret-read', 'The database mysql holds accounts and rights.'));
  return { issues };
}
