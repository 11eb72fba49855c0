// find: it looks at files, and its actions can run commands on them or remove them.
// It must never accept an action the table does not name.
import type { Found } from '../engine/apply.ts';
import { dispatch } from '../engine/command.ts';
import { type Issue, noInput, question, type Run, refusal, type Site } from '../engine/run.ts';
import { type Arg, literal, type Piece, prefix, show, textOf } from '../engine/value.ts';
import { checkLook } from '../kinds/paths.ts';

const plain = new Set(
  '-print -print0 -ls -prune -quit -empty -daystart -depth -xdev -mount -follow -nouser -nogroup -readable -executable -noleaf -not ! -a -and -o -or ( ) , -true -false '.split(
    ' ',
  ),
);
const valued = new Set(
  '-name -iname -path -ipath -wholename -regex -iregex -type -xtype -size -mtime -mmin -atime -amin -ctime -cmin -newer -newermt -user -group -uid -gid -perm -links -inum -maxdepth -mindepth -printf -regextype -fstype -samefile -lname -used'.split(
    ' ',
  ),
);
const runs = new Set('-exec -execdir -ok -okdir'.split(' '));

export function checkFind(argv: readonly Arg[], run: Run, site: Site): Found {
  const issues: Issue[] = [];
  let i = 1;
  while (/^-([HLP]|O\d)$/.test(textOf(argv[i]) ?? '')) i++;
  const roots: Arg[] = [];
  for (; i < argv.length; i++) {
    const arg = argv[i];
    if (!arg || /^[-(!]/.test(prefix(arg.value))) break;
    roots.push(arg);
    const issue = checkLook(arg.value, run);
    if (issue) issues.push(issue);
    if (literal(arg.value) === null && typeof arg.value[0] === 'object' && arg.value[0].shape === 'text') {
      issues.push(question('tainted', 'Where find begins is known only at run time.'));
    }
  }
  const root = textOf(roots[0]);
  const under: Piece = { shape: 'path', under: (root ?? '.').replace(/\/+$/, ''), shown: '{}' };
  const inside: Piece =
    roots.length === 1 && root !== null && root !== '/' ? under : { shape: 'text', shown: '{}' };
  const tests: string[] = [];
  for (; i < argv.length; i++) {
    const word = textOf(argv[i]);
    if (word === null) {
      issues.push(refusal('dynamic-option', 'Part of this search is known only at run time.'));
      break;
    }
    if (plain.has(word)) continue;
    if (valued.has(word)) {
      tests.push(`${word} ${show(argv[++i]?.value ?? [])}`);
      if (
        /secret|passw|\.pem|\.key|id_rsa|authorized_keys|environ|credential|\.env|shadow|\.kube|htpasswd|history/i.test(
          tests.at(-1) ?? '',
        )
      ) {
        issues.push(refusal('secret-search', 'This looks for files that hold secrets.'));
      }
      if (/-perm .*[246][0-7]{3}|-perm .*[ug]\+s/.test(tests.at(-1) ?? ''))
        issues.push(refusal('secret-search', 'This looks for programs that give more rights.'));
    } else if (runs.has(word)) {
      const end = argv.findIndex((arg, at) => at > i && /^[;+]$/.test(textOf(arg) ?? ''));
      if (end < 0) issues.push(refusal('syntax', 'The command that find runs has no end.'));
      const inner = argv.slice(i + 1, end < 0 ? undefined : end).map((arg) => ({
        ...arg,
        splits: arg.splits || /\{\}/.test(show(arg.value)),
        value: arg.value.flatMap((p) =>
          typeof p === 'string' && p.includes('{}') ? braces(p, inside) : [p],
        ),
      }));
      dispatch(inner, { ...run, input: noInput, maybe: true }, site);
      i = end < 0 ? argv.length : end;
    } else if (word === '-delete') return prune(roots, tests, issues, run);
    else if (/^-f(print|ls)/.test(word)) issues.push(refusal('writes-file', `${word} writes a file.`));
    else issues.push(question('unknown-option', `The policy does not know ${word} of find.`));
  }
  const output =
    typeof inside === 'object' && inside.shape === 'path'
      ? { shape: 'path' as const, under: inside.under ?? '' }
      : { shape: 'text' as const };
  return { issues, output };
}

function braces(text: string, inside: Piece): Piece[] {
  return text.split('{}').flatMap((part, at) => [...(at > 0 ? [inside] : []), ...(part ? [part] : [])]);
}

/** Deleting is pruning only where the inventory names the directory and the search keeps what is young. */
function prune(roots: readonly Arg[], tests: readonly string[], issues: Issue[], run: Run): Found {
  const root = textOf(roots[0]) ?? '';
  const old = tests.some((t) => /^-(mtime|mmin|amin|atime|ctime|cmin) \+[1-9]\d*$/.test(t));
  const files = tests.some((t) => t === '-type f');
  const named =
    roots.length === 1 &&
    run.inventory.values.has(root) &&
    /^\/(tmp|var\/(tmp|log|cache)|opt\/[^/]+|srv\/[^/]+|data\/[^/]+)\/./.test(root);
  if (named && old && files)
    return { issues, effect: /^\/(var\/)?tmp\//.test(root) ? 'files.prune' : 'files.remove', target: root };
  issues.push(
    refusal(
      'destructive',
      'find -delete is accepted for old plain files under a directory of the inventory only.',
    ),
  );
  return { issues };
}
