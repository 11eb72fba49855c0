// Text made to keep a parser or a regular expression busy: every shell construct repeated or nested up to a size.
// It must never be run.

const seeds = [
  ...[
    '$(',
    '`',
    '${',
    '((',
    '$((',
    '[[ ',
    '{',
    '(',
    '<(',
    '"',
    "'",
    "$'",
    '\\',
    '#',
    '!',
    '&',
    '|',
    ';',
    '<<',
    '<<<',
    '>',
    '*',
    '?',
    '[',
    '~',
    '=',
  ],
  ...[
    'a',
    ' ',
    '\n',
    '\t',
    '0',
    '-',
    '--',
    '/',
    '../',
    '$a',
    '${a}',
    '"$a"',
    '$a$a',
    'a=',
    'a=b ',
    'a=b\n',
    '[a',
    '{a,b}',
    '{1..9}',
    'a{',
    '\\\n',
  ],
  ...[
    'if a; then ',
    'for i in a; do ',
    'while a; do ',
    'case a in a) ',
    'f() { ',
    'echo ',
    'echo "$(',
    'ls | ',
    'ls && ',
    'ls; ',
    'sudo ',
    'env a=b ',
    'timeout 5 ',
    'xargs ',
  ],
  ...[
    'cat <<E\n',
    'for i in {1..9}; do ls; done\n',
    'f() { f2; }\n',
    'x=$x$x\n',
    'x+=a\n',
    '(( a++ ))\n',
    '[[ a =~ b ]] && ',
    'while read a; do ls; done\n',
  ],
  ...[
    "awk '{print}' ",
    "awk '/a/ / ",
    "sed 's/a/b/;",
    "jq '.a|",
    'psql -c "select (',
    "psql -c 'a;",
    'curl http://a/',
    'curl -H "a: ',
    'kubectl get a,',
    'find . -name ',
    'password=',
    '.pem/',
    'a.b.',
    '-a-b',
    '10.0.',
    'http://a:',
  ],
];

/** Each seed repeated to `size`, and each of the opening ones nested and closed again within the size. */
export function hostileScripts(size: number): { name: string; script: string }[] {
  const repeated = seeds.map((seed) => ({
    name: JSON.stringify(seed),
    script: seed.repeat(Math.ceil(size / seed.length)).slice(0, size),
  }));
  const lines = seeds.map((seed) => {
    const line = `${seed.repeat(Math.ceil(3_000 / seed.length))}\n`;
    return {
      name: `lines of ${JSON.stringify(seed)}`,
      script: line.repeat(Math.ceil(size / line.length)).slice(0, size),
    };
  });
  const arguments_ = seeds.map((seed) => {
    const line = `grep -e '${seed.replaceAll("'", '').repeat(Math.ceil(900 / seed.length))}' /var/log/x\n`;
    return { name: `arguments of ${JSON.stringify(seed)}`, script: line.repeat(16).slice(0, size) };
  });
  const nested = [
    ['$(echo ', ')'],
    ['"$(echo ', ')"'],
    ['if a; then ', '; fi'],
    ['for i in a b; do ', '; done'],
    ['for i in {1..9} a; do ', '; done'],
    ['while read a; do ', '; done'],
    ['case a in a) ', ';; esac'],
    ['( ', ' )'],
    ['{ ', '; }'],
    ['echo $(( ', ' ))'],
  ].flatMap(([open = '', close = '']) =>
    [5, 20, 200].map((depth) => ({
      name: `${open.trim()} nested ${depth} deep`,
      script: `${open.repeat(depth)}ls${close.repeat(depth)}`,
    })),
  );
  const functions = Array.from({ length: 20 }, (_, i) => `f${i}() { f${i + 1}; f${i + 1}; }`).join('\n');
  const loops = Array.from({ length: 8 }, (_, i) => `for a${i} in a b c d e f g h; do x${i}=$x${i - 1}`).join(
    '\n',
  );
  return [
    ...repeated,
    ...lines,
    ...arguments_,
    ...nested,
    { name: 'functions that call the next one twice', script: `${functions}\nf20() { ls; }\nf0` },
    { name: 'loops in loops', script: `${loops}\n${'ls\n'.repeat(40)}${'done\n'.repeat(8)}` },
    {
      name: 'loops in loops that count',
      script: `${loops.replaceAll('for', 'n=0; for')}\n(( n++ ))\n${'done\n'.repeat(8)}`,
    },
  ];
}
