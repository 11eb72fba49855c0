// Builtins that are told the name of a variable: read, and those that fill or take away one. A name may mean something to bash, and one
// with a subscript is code. Must never let data stand where a name is expected.
import { mayAssign } from '../assignments.ts';
import type { Builtin } from './builtins.ts';
import { question, type Run, refusal, report, type Site } from './run.ts';
import { show, silent, textOf } from './value.ts';

/** Names that data are read into, or that are taken away. */
function judgeNames(names: readonly (string | null)[], run: Run, site: Site): void {
  for (const name of names) {
    const said = mayAssign(name ?? '', null, run.inventory.values);
    if (said !== 'harmless') report(run, site, said);
  }
}

/** Not plain, and to be refused where it runs code for each line or where the name means something to bash. */
export const gives =
  (what: string, instead: string): Builtin =>
  (argv, run, site) => {
    const words = argv.slice(1).map((arg) => textOf(arg));
    if (words.some((word) => word === null || /^-[a-zA-Z]*C/.test(word)))
      report(
        run,
        site,
        refusal('runs-code', `${show(argv[0]?.value ?? [])} can run text as code here. Write ${instead}.`),
      );
    judgeNames(
      words.filter((word) => /^[A-Za-z_]\w*$/.test(word ?? '')),
      run,
      site,
    );
    report(run, site, question('not-plain', `${what} is not plain. Write ${instead}.`));
    return silent;
  };

/** `read` takes data into variables; a name with a subscript would be evaluated. */
export const read: Builtin = (argv, run, site) => {
  const words = argv.slice(1).map((arg) => textOf(arg));
  const at = words.findIndex((word) => word !== null && /^[A-Za-z_]\w*$/.test(word));
  const names = at < 0 ? [] : words.slice(at);
  if (names.length === 0 || names.some((name) => name === null || !/^[A-Za-z_]\w*$/.test(name)))
    report(
      run,
      site,
      refusal('arithmetic-on-data', 'Which variable is filled here is not a plain name. Write read -r x.'),
    );
  judgeNames(names, run, site);
  if (words.slice(0, Math.max(at, 0)).join(' ') !== '-r')
    report(
      run,
      site,
      question('not-plain', 'This use of read is not plain. Write while IFS= read -r x; do … done.'),
    );
  return silent;
};
