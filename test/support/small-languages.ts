// Random texts of the small languages inside scripts: by their grammars, then bent by pieces that do harm where a reader
// divides the text in another way than the policy. Two in three stay as the grammar made them.
// It must never be run outside the sandbox of real-programs.ts.
import fc from 'fast-check';

type Texts = fc.Arbitrary<string>;

/** Texts with two blanks between them. */
const each = (texts: string): string[] => texts.split('  ');
const pick = (...texts: string[]): Texts => fc.constantFrom(...texts);
const pickOf = (texts: string): Texts => pick(...each(texts));
const row = (...parts: (string | Texts)[]): Texts =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(''));
const some = (part: Texts, between: string, most = 3): Texts =>
  fc.array(part, { minLength: 1, maxLength: most }).map((all) => all.join(between));
const maybe = (part: Texts): Texts => fc.option(part, { nil: '', freq: 2 }).map((text) => text ?? '');

/** The text, in one of three cases with one or two pieces put in, taken out or doubled somewhere. */
function bent(texts: Texts, pieces: readonly string[]): Texts {
  const change = fc.tuple(fc.constantFrom(...pieces), fc.nat(400), fc.nat(3));
  const changes = fc.oneof(
    { arbitrary: fc.constant([]), weight: 2 },
    { arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }), weight: 1 },
  );
  return fc.tuple(texts, changes).map(([text, all]) =>
    all.reduce((now, [piece, at, kind]) => {
      const here = at % (now.length + 1);
      if (kind === 0) return now.slice(0, here) + now.slice(here + 1);
      if (kind === 1) return now.slice(0, here) + now.slice(Math.max(0, here - 6));
      return now.slice(0, here) + piece + now.slice(here);
    }, text),
  );
}

const value = pickOf('$1  $NF  $0  NR  n  a[$1]  2  "x y"  "a\\"b"  length($2)  $(NF-1)  substr($1, 1, 2)');
const regex = pickOf(
  '/a/  /^[0-9]+$/  /[[:space:]]x/  /a\\/b/  /"/  /\\[x\\]/  /a|b/  /[^"]/  /[]/]/  /\\\\/',
);
const condition: Texts = fc.oneof(
  row(value, pickOf('>  ==  !=  <='), value),
  row(value, pick(' ~ ', ' !~ '), regex),
  regex,
  row('!', regex),
  row('!seen[', value, ']++'),
  row(value, ' in a'),
);
const awkStatement: Texts = fc.oneof(
  row('print ', some(value, ', ')),
  row('print ', value, ' ', value),
  row('print (', condition, ')'),
  row('printf "%s %d\\n", ', value, ', ', value),
  row('printf("%.2f\\n", ', value, ' / 2)'),
  row('n += ', value),
  row('n = ', value, pickOf(' / 2   * n   - 1  ')),
  row('a[', value, ']++'),
  row('if (', condition, ') print ', value),
  row('if (', condition, ') n++; else n--'),
  row('for (i = 1; i <= NF; i++) print $i'),
  row('for (k in a) print k, a[k]'),
  row('gsub(', regex, ', "z")'),
  row('split($0, p, ', pick('","', '/,/'), ')'),
  pickOf('next  exit  delete a[$1]  print  # remark'),
);
const awkItem = fc.oneof(
  row(condition, ' { ', some(awkStatement, '; '), ' }'),
  row('{ ', some(awkStatement, '\n'), ' }'),
  row(pick('BEGIN', 'END'), ' { ', some(awkStatement, '; '), ' }'),
  condition,
);

export const awkTexts = bent(some(awkItem, '\n', 2), [
  ...each('/  "  \\  [  ]  #  \n  }  {  (  )  >  |  /x/  ++  --  ,  ;  \\\n'),
  ...each(
    'system("/w/probe")  ; system("/w/probe") ;   > "/w/cwd/made"   | "/w/probe"  "/w/probe" | getline   getline < "secret"',
  ),
  ...each('ENVIRON["PLANTED"]  print ENVIRON["PLANTED"]  @  /[  ]/  "/  /"  \\/  # \\\n  while (1)   in '),
]);

const sedRegex = pickOf('a  ^ *  [0-9]*  [^,]  x$  \\.  \\(a\\)  a\\|b  [[:space:]]  []x]  \\[    .');
const substitute: Texts = fc
  .tuple(pickOf('/  |  ,  #'), sedRegex, pickOf('  b  \\1  &  [  ]  \\n  x y'), pickOf('  g  p  2  gI'))
  .map(([d, from, to, flags]) => `s${d}${from}${d}${to}${d}${flags}`);
const sedCommand: Texts = fc.oneof(
  substitute,
  pickOf('p  d  q  =  n  N  h;G  x  l  q3  y/abc/xyz/  a tail  i\\\nhead  c gone  F  D'),
);
const address = pickOf('  1  $  2,4  /a/  /a/,/b/  /a/!  0~2  $!  /x/I  \\|a|  1,+2');
const sedLine: Texts = fc.oneof(
  row(address, sedCommand),
  row(address, '{', some(row(address, substitute), ';'), '}'),
);

export const sedTexts = bent(some(sedLine, '\n'), [
  ...each('/  |  ,  \\  \\\\  [  ]  ;  \n  }  {  #  !  &  \\\n  [^]  []  //'),
  ...each(
    'e  w  w /w/cwd/made  r secret  R secret  e /w/probe  1e /w/probe  ;e /w/probe\n  \ne /w/probe\n  /e  /w /w/cwd/made  s/.*/\\/w\\/probe/e',
  ),
]);

const jqPath = pickOf('.  .a  .items[]  .a.b?  .["a"]  .items[0]  ..  .items[1:]  ."a b"  $x  @text');
const jqTerm: Texts = fc.oneof(
  jqPath,
  pickOf(
    'length  keys  add  type  tostring  1  "x"  "v=\\(.a)"  map(.a)  [.items[].a]  {a, n: .b}  {(.a|tostring): 1}  sort_by(.a)',
  ),
  pickOf(
    'select(.a == "x")  select(.a | test("^x"))  to_entries  if .a then .b else "no" end  first(.items[])  limit(2; .items[])  @sh  join(",")',
  ),
);
export const jqTexts = bent(
  some(fc.oneof(jqTerm, row(jqTerm, ' ', pickOf('+  //  ==  ,  and'), ' ', jqTerm)), ' | '),
  [
    ...each('"  \\  \\(  )  (  #  \n  |  .  $  [  ]  {  }  ,  ;  \\"  ?//'),
    ...each(
      'env  $ENV  $ENV.PLANTED  env.PLANTED   | env |   \\(env)  "\\(env)"  input_filename  $__prog_args  input  inputs  # \\\n  repeat(.)  include "x";',
    ),
  ],
);

const column = pickOf(
  "*  a  t.a  count(*)  sum(b)  'x'  b + 1  a AS c  max(b) - min(b)  length(a)  coalesce(a, '-')  CASE WHEN b > 1 THEN 2 ELSE 3 END",
);
const sqlTest = pickOf(
  "a = 'x'  b > 3  a LIKE 'x%'  b IS NOT NULL  b IN (1, 2)  NOT b BETWEEN 1 AND 3  a <> 'it''s'  EXISTS (SELECT 1 FROM t)  b - (1) > 0",
);
export const sqlTexts = bent(
  row(
    'SELECT ',
    some(column, ', '),
    ' FROM ',
    pickOf('t  t AS u  (SELECT a FROM t) x  t JOIN t u ON u.a = t.a'),
    maybe(row(' WHERE ', some(sqlTest, ' AND '))),
    maybe(pick(' GROUP BY a', ' ORDER BY 1 DESC', ' LIMIT 3')),
    pick('', ';'),
  ),
  [
    ...each(`'  "  \`  \\  ;  --  -  #  /*  */  /*!  $$  ''  E'  \n  (  )  ::int  :a  @  @@`),
    ...each(
      "; DROP TABLE t;   '; DROP TABLE t; SELECT '  --1; DROP TABLE t   INTO OUTFILE    FOR UPDATE   INTO u  ; DELETE FROM t  \n.shell /w/probe\n  \n.output /w/cwd/made\n   UNION SELECT writefile('/w/cwd/made','x')   load_extension('x')",
    ),
  ],
);

const findTest = pickOf(
  "-type f  -mtime +7  -mtime +0  -name '*.tmp'  ! -name keep  -size +1k  -maxdepth 2  -empty  -newer new  -print  -print0  -ls  -depth  -perm -u+w  -printf '%p\\n'  -prune  -true",
);
const findAction = pickOf(
  "-delete  -exec rm {} +  -exec rm -f {} ';'  -exec ls {} +  -exec touch {} ';'  -execdir rm {} ';'  -quit  -fprint /w/cwd/made  -ok rm {} ';'  -exec cat {} +",
);
const joint = pick(' ', ' ', ' ', ' -o ', ' -a ', ' ! ', ' , ');
export const findTexts: Texts = fc
  .tuple(
    pick('', '-L ', '-H ', '-O1 '),
    pickOf('/var/tmp/shop  /var/tmp  /var/tmp/shop /var/tmp/other  .  /var/log/shop'),
    fc.array(
      fc.tuple(fc.oneof({ arbitrary: findTest, weight: 3 }, { arbitrary: findAction, weight: 1 }), joint),
      { minLength: 1, maxLength: 6 },
    ),
    fc.boolean(),
  )
  .map(([option, root, words, brackets]) => {
    const expression = words.map(([word, next], at) => word + (at < words.length - 1 ? next : '')).join('');
    return `find ${option}${root} ${brackets ? `'(' ${expression} ')'` : expression}`;
  });

/** The one removal that is accepted, with its words in any order and others between them. */
export const pruneTexts: Texts = fc
  .tuple(
    fc.shuffledSubarray(
      ['-type f', '-mtime +7', "-name '*.tmp'", '! -name keep', '-size -9k', '-maxdepth 3'],
      { minLength: 2 },
    ),
    pickOf(
      "-delete  -print -delete  -delete -print  -exec rm -f {} ';'  -exec rm {} +  -delete -name x  -o -delete",
    ),
  )
  .map(([tests, action]) => `find /var/tmp/shop ${tests.join(' ')} ${action}`);

const psWords =
  'aux  -ef  e  E  x  -x  -e  -aux  auxe  -axe  ax  l  -eo  pid,args  o  -p  1  -o  args  u  --forest  -f  ww  -L  eww  -u  a  --sort=-rss  k  p  f  -O  axo  -A  -T  environ  -H  -l  -F  -j  -y  -w  -eF  -eLf  -eH  -eo args  -c  -M  -N  -d  --headers  -eO pid  -ef --forest';
export const psTexts: Texts = fc
  .array(pickOf(psWords), { minLength: 1, maxLength: 4 })
  .map((words) => `ps ${words.join(' ')}`);
