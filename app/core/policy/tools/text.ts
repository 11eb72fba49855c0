// Tools that pass text through. Some of them can also write files or run commands; those ways are closed.
// It must never describe an option that names an output file.
import type { Tool } from '../engine/spec.ts';

const help = '--help --version';
const grep =
  '-i -v -c -l -L -n -h -H -o -q -s -w -x -E -F -P -G -a -I -z -r -R -U -T --ignore-case --invert-match --count --files-with-matches --files-without-match --line-number --no-filename --with-filename --only-matching --quiet --silent --no-messages --word-regexp --line-regexp --extended-regexp --fixed-strings --perl-regexp --basic-regexp --text --recursive --dereference-recursive --line-buffered --no-ignore-case --null -Z';

export const text: readonly Tool[] = [
  {
    names: 'grep egrep fgrep zgrep zegrep zfgrep xzgrep bzgrep zstdgrep',
    rule: {
      flags: `${grep} ${help}`,
      values: {
        '-A -B -C -m --after-context --before-context --context --max-count': 'int',
        '-e --regexp': 'pattern',
        '--include --exclude --exclude-dir -d -D --label': 'literal',
        '-f --file': 'read',
      },
      optional: '--color --colour --binary-files',
      digits: true,
      operands: ['pattern', '*read'],
      when: [{ has: '-e --regexp -f --file', rule: { operands: ['*read'] } }],
      dashSafe: true,
      check: 'grep',
    },
  },
  {
    names: 'rg ag ack',
    rule: {
      flags:
        '-i -v -c -l -n -N -h -H -o -q -w -x -F -S -s -u -a --ignore-case --count --files-with-matches --line-number --no-line-number --no-filename --only-matching --no-heading --heading --smart-case --fixed-strings --hidden --no-ignore --json',
      values: { '-A -B -C -m': 'int', '-e': 'pattern', '-g -t -T --type --glob --color --sort': 'literal' },
      refuse: { 'runs-code': '--pre --pre-glob --hostname-bin --pager -z --search-zip' },
      operands: ['pattern', '*read'],
      check: 'grep',
    },
  },
  {
    names: 'zcat xzcat bzcat zstdcat',
    rule: { flags: '-f -q', operands: ['*read'], output: 'same' },
  },
  {
    names: 'sed gsed',
    rule: {
      flags: `-n -E -r -u -s -z --quiet --silent --regexp-extended --unbuffered --sandbox --posix ${help}`,
      values: { '-e --expression': 'sed', '-l --line-length': 'int' },
      refuse: { 'writes-file': '-i --in-place', 'runs-code': '-f --file' },
      operands: ['sed', '*read'],
      when: [{ has: '-e --expression', rule: { operands: ['*read'] } }],
    },
  },
  {
    names: 'awk gawk mawk nawk',
    rule: {
      flags: `-S --sandbox --posix -P --re-interval ${help}`,
      values: { '-F --field-separator': 'literal', '-v --assign': 'like:[a-z]\\w*=[^\\\\]*' },
      refuse: {
        'runs-code': '-f --file -i --include -l --load -E --exec -D --debug -e --source',
        'writes-file': '-o -p -d --dump-variables --profile --pretty-print',
      },
      operands: ['awk', '*read'],
      check: 'awk',
    },
  },
  {
    names: 'cut',
    rule: {
      flags: `-s -z --complement --only-delimited ${help}`,
      values: { '-d -f -c -b --delimiter --fields --characters --bytes --output-delimiter': 'literal' },
      operands: ['*read'],
      check: 'cut',
    },
  },
  {
    names: 'tr',
    rule: {
      flags: `-c -C -d -s -t --complement --delete --squeeze-repeats ${help}`,
      operands: ['literal', '?literal'],
      check: 'tr',
    },
  },
  {
    names: 'sort',
    rule: {
      flags: `-n -r -u -h -V -f -b -d -g -i -M -R -s -z -c -C -m --numeric-sort --reverse --unique --human-numeric-sort --version-sort --ignore-case --stable --general-numeric-sort --check ${help}`,
      values: { '-k -t -S --key --field-separator --buffer-size --parallel --sort': 'literal' },
      refuse: {
        'writes-file': '-o --output',
        'runs-code': '--compress-program',
        config: '-T --temporary-directory --files0-from --random-source',
      },
      operands: ['*read'],
      output: 'same',
    },
  },
  {
    names: 'uniq',
    rule: {
      flags: `-c -d -u -i -D -z --count --repeated --unique --ignore-case ${help}`,
      values: { '-f -s -w --skip-fields --skip-chars --check-chars': 'int' },
      operands: ['?read'],
      output: 'same',
      strict: 'writes-file',
    },
  },
  {
    names: 'column',
    rule: {
      flags: '-t -x -n -e -J --table --json',
      values: { '-s -o -c -N -R -H --separator --output-separator --table-columns --table-right': 'literal' },
      operands: ['*read'],
    },
  },
  {
    names: 'paste',
    rule: {
      flags: `-s -z --serial ${help}`,
      values: { '-d --delimiters': 'literal' },
      operands: ['*read'],
    },
  },
  {
    names: 'comm join',
    rule: {
      flags: '-1 -2 -3 -12 -13 -23 -i -z --check-order --nocheck-order',
      values: { '-t -o -a -v --output-delimiter': 'literal' },
      operands: ['read', 'read'],
    },
  },
  {
    names: 'diff cmp colordiff zdiff',
    rule: {
      flags:
        '-u -y -q -i -w -b -B -s -a -N -c -l --unified --brief --side-by-side --suppress-common-lines --ignore-case --ignore-all-space --report-identical-files --text --new-file --strip-trailing-cr',
      values: { '-U -C -I --width -W --label': 'literal' },
      optional: '--color',
      operands: ['read', 'read'],
      strict: 'writes-file',
    },
  },
  {
    names: 'fold fmt expand unexpand',
    rule: {
      flags: '-s -b -i',
      values: { '-w -t --width --tabs': 'int' },
      digits: true,
      operands: ['*read'],
    },
  },
  {
    names: 'shuf',
    rule: {
      flags: '-e -z -r',
      values: { '-n -i --head-count --input-range': 'literal' },
      refuse: { 'writes-file': '-o --output' },
      operands: ['?read'],
      output: 'same',
    },
  },
  {
    names: 'jq gojq jaq',
    rule: {
      flags:
        '-r -c -e -n -s -S -M -C -a -j -R -g --raw-output --raw-output0 --compact-output --exit-status --null-input --slurp --sort-keys --monochrome-output --color-output --join-output --raw-input --tab --stream --seq --unbuffered --ascii-output --help --version',
      values: { '--indent': 'int:0..8' },
      pairs: '--arg --argjson',
      refuse: {
        'runs-code': '-f --from-file -L --library-path',
        config: '--slurpfile --rawfile --args --jsonargs',
      },
      operands: ['jq', '*read'],
      check: 'jq',
    },
  },
  {
    names: 'yq',
    rule: {
      flags:
        '-r -c -e -n -P -j -M -C -N --no-colors --prettyPrint --unwrapScalar --exit-status --raw-output eval e',
      values: { '-o -p -I --output-format --input-format --indent': 'literal' },
      refuse: { 'writes-file': '-i --inplace --in-place -y', 'runs-code': '-f --from-file' },
      operands: ['jq:yq', '*read'],
    },
  },
  {
    names: 'xmllint',
    rule: {
      flags: '--noout --format --nonet --valid --wellformed',
      values: { '--xpath': 'literal' },
      operands: ['*read'],
      strict: 'writes-file',
    },
  },
];
