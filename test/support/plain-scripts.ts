// Random scripts of the plain form, for whoever compares two readers of bash. Every node, every quote and every layout that the form has
// is in here; what is not plain is not. They are read and never run.
import fc from 'fast-check';

/** A statement that ends with a here-document needs a line break behind it. */
const END = '\nEND';
const list = (statements: readonly string[], between: string, last = ''): string =>
  statements
    .map((one, at) => one + (one.endsWith(END) ? '\n' : at < statements.length - 1 ? between : last))
    .join('');

const name = fc.constantFrom('x', 'name', 'n1', 'Web_2');
const bare = fc.stringMatching(/^[a-zA-Z0-9.,:=/@%+_-]{1,8}$/).filter((text) => !/^\w*=|=~|^-/.test(text));
const single = fc
  .array(fc.constantFrom('a', 'b c', '$x', '`', '"', '\\', '\n', '*', '~', '{a,b}', '!', '#', ';', 'é'), {
    maxLength: 4,
  })
  .map((parts) => `'${parts.join('')}'`);
const value = fc.oneof(
  name.map((one) => `$${one}`),
  name.map((one) => `\${${one}}`),
  fc.tuple(name, fc.stringMatching(/^[\w./:@=+-]{0,5}$/)).map(([one, text]) => `\${${one}:-${text}}`),
  fc.constantFrom('$?', '$1', '$#'),
);
const sum = fc.constantFrom(
  '$((n + 1))',
  '$((n * 2 - 3))',
  '$(( (n + 1) % 2 ))',
  '$((n > 1 ? 2 : 3))',
  '$((5))',
);
const escaped = fc.constantFrom('\\"', '\\\\', '\\$', '\\`');
const text = fc.constantFrom(
  'a',
  ' b ',
  '*',
  "'",
  '{c,d}',
  '~',
  '#',
  '\n',
  '  ',
  '(',
  ')',
  ';',
  '&',
  'é',
  '!',
);

type Body = fc.Arbitrary<string>;
const pieces = (inner: Body): Body =>
  fc.oneof(
    text,
    value,
    escaped,
    sum,
    inner.map((one) => `$(${one})`),
  );
const double = (inner: Body): Body =>
  fc.array(pieces(inner), { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);
const word = (inner: Body): Body =>
  fc.oneof(
    bare,
    single,
    double(inner),
    fc.constantFrom('"${list[@]}"', '"$@"', '"$*"'),
    fc.tuple(bare, fc.oneof(single, double(inner)), bare).map((parts) => parts.join('')),
  );

const redirect = (inner: Body): Body =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    fc.constantFrom(
      ' > /dev/null',
      ' 2>&1',
      ' >&2',
      ' 2> /dev/null',
      ' >> /tmp/log',
      ' < /tmp/x',
      ' &> /dev/null',
    ),
    word(inner).map((one) => ` > ${one}`),
  );
const heads = fc.constantFrom(
  'echo',
  'kubectl get pods',
  'systemctl restart nginx',
  '[ -f /tmp/x ]',
  'probe',
  ':',
);
const call = (inner: Body): Body =>
  fc
    .tuple(
      fc.constantFrom('', '', '', 'TZ=UTC ', "A='b c' "),
      heads,
      fc.array(word(inner), { maxLength: 3 }),
      redirect(inner),
    )
    .map(([sets, head, words, to]) => `${sets}${[head, ...words].join(' ')}${to}`);
const simple = call(
  fc.constantFrom('date +%s', 'hostname', 'echo "a b"', 'printf \'%s\' "$x"', 'df | tail -1'),
);
const inner = fc.oneof(
  simple,
  fc.tuple(simple, simple).map((two) => two.join(' | ')),
  fc.tuple(simple, simple).map((two) => two.join('; ')),
  fc.tuple(simple, simple).map((two) => two.join(' && ')),
);
const any = word(inner);
const command = call(inner);

const document = fc
  .tuple(
    fc.constantFrom(
      "cat <<'END'",
      "cat <<'END' | grep x",
      "cat <<'END' > /tmp/x && echo y",
      "{ cat; } <<'END'",
      'cat <<"END"',
    ),
    fc.array(fc.constantFrom('text', '$x `y` $(z)', '', ' "quotes\'', '\\'), { maxLength: 3 }),
  )
  .map(([head, lines]) => [head, ...lines].join('\n') + END);
const assign = fc.oneof(
  fc.tuple(name, fc.oneof(any, fc.constant('"$(date)"'), sum, value)).map(([one, to]) => `${one}=${to}`),
  fc.tuple(fc.constantFrom('readonly', 'export'), name, bare).map(([how, one, to]) => `${how} ${one}=${to}`),
  fc.array(any, { maxLength: 3 }).map((items) => `list=(${items.join(' ')})`),
  fc.constantFrom('rc=$?', 'n=0', 'n=$((n + 1))', 'a=1 b=2', 'x='),
);
const test = fc.oneof(
  fc.tuple(fc.constantFrom('-n', '-z', '-f', '! -d'), any).map(([sign, one]) => `[[ ${sign} ${one} ]]`),
  fc.tuple(any, fc.constantFrom('==', '!=', '=', '<'), any).map((three) => `[[ ${three.join(' ')} ]]`),
  fc.constantFrom(
    '[[ "$x" == a* ]]',
    '[[ $x =~ ^[0-9]+$ ]]',
    '[[ -n $x && ( $x != b || -f /x ) ]]',
    '[[ $n -gt 3 ]]',
  ),
);
const condition = fc.oneof(
  command,
  test,
  fc.constantFrom('(( n > 3 ))', '((n++))', '! uptime', '! [[ -f /x ]]'),
);
const head = fc.oneof(
  command,
  assign,
  test,
  condition,
  fc.tuple(command, command).map((two) => two.join(' | ')),
);
const chain = fc
  .tuple(
    head,
    fc.array(fc.tuple(fc.constantFrom(' && ', ' || ', ' | ', ' &&\n  ', ' ||\n'), command), { maxLength: 2 }),
  )
  .map(([first, rest]) => first + rest.flat().join(''));

/** Statements in which other statements stand, each on one line or on several. */
const { statement } = fc.letrec<{ statement: string }>((tie) => {
  const body = fc
    .array(tie('statement'), { minLength: 1, maxLength: 3 })
    .chain((all) => fc.constantFrom('\n', '; ', '\n\n  ').map((between) => list(all, between)));
  const stop = (text: string): string => (text.endsWith('\n') ? text : `${text}; `);
  const block = body.chain((text) => fc.constantFrom(stop(text), `${text.replace(/\n$/, '')}\n`));
  const compound = fc.oneof(
    block.map((all) => `{ ${all}}`),
    body.map((all) => `( ${all})`),
    fc.tuple(condition, block, block).map(([when, then, other]) => `if ${when}; then ${then}else ${other}fi`),
    fc
      .tuple(condition, block, condition, block)
      .map(([a, b, c, d]) => `if ${a}\nthen\n${b}elif ${c}; then ${d}fi`),
    fc
      .tuple(name, fc.array(any, { minLength: 1, maxLength: 3 }), block)
      .map(([x, all, then]) => `for ${x} in ${all.join(' ')}; do ${then}done`),
    fc
      .tuple(fc.constantFrom('$(seq 1 3)', '{1..5}', '$(seq 9)'), block)
      .map(([range, then]) => `for i in ${range}\ndo ${then}done`),
    fc
      .tuple(fc.constantFrom('while', 'until'), condition, block)
      .map(([word, when, then]) => `${word} ${when}; do ${then}done`),
    block.map((all) => `while IFS= read -r line; do ${all}done`),
    fc
      .tuple(any, fc.constantFrom('a', '"b c"', 'a* | b?', '[a-z]x', '*', "'*'"), block)
      .map(([on, pattern, then]) => `case ${on} in ${pattern}) ${then};; *) echo no ;; esac`),
  );
  return {
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: chain },
      { weight: 1, arbitrary: document },
      { weight: 1, arbitrary: block.map((all) => `work() { ${all}}`) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(compound, fc.constantFrom('', '', ' > /dev/null', ' 2>&1'))
          .map((two) => two.join('')),
      },
    ),
  };
});

/** A whole script, with comments, blank lines and indentation as people write them. */
export const plainScript: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '#!/usr/bin/env bash\n', 'set -euo pipefail\n', '# why\n\n'),
    fc.array(statement, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('\n', '\n\n', '\n  ', '; ', ' # so\n'),
  )
  .map(([first, all, between]) => `${first}${list(all, between)}\n`);
