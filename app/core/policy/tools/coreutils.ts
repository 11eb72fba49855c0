// The everyday commands of GNU coreutils and findutils; https://www.gnu.org/software/coreutils/manual/
// It must never describe an option that writes where the rule says it reads.
import type { Tool } from '../engine/spec.ts';

const help = '--help --version';

export const coreutils: readonly Tool[] = [
  {
    names: 'ls dir vdir',
    rule: {
      flags: `-a -A -l -h -t -r -S -R -1 -d -i -s -n -g -o -p -F -c -u -k -L -q -X -v -Z -Q -m -x -C --all --almost-all --human-readable --recursive --reverse --directory --size --full-time --group-directories-first --si ${help}`,
      values: { '--sort --time --time-style --format --block-size -w -I --ignore --hide': 'literal' },
      optional: '--color --classify',
      operands: ['*look'],
      dashSafe: true,
    },
  },
  {
    names: 'cat tac nl rev',
    rule: {
      flags: `-A -b -e -E -n -s -t -T -v --number --show-all --squeeze-blank ${help}`,
      operands: ['*read'],
      dashSafe: true,
      output: 'same',
    },
  },
  {
    names: 'head tail',
    rule: {
      flags: `-q -v -z --quiet --silent --verbose ${help}`,
      values: { '-n -c --lines --bytes': 'int', '-s --sleep-interval --pid': 'int' },
      endless: '-f -F --retry --follow',
      digits: true,
      operands: ['*read'],
      dashSafe: true,
      output: 'same',
    },
  },
  {
    names: 'wc',
    rule: {
      flags: `-l -c -w -m -L --lines --bytes --words --chars ${help}`,
      operands: ['*read'],
      dashSafe: true,
      check: 'wc',
    },
  },
  {
    names: 'df',
    rule: {
      flags: `-h -H -T -i -k -m -l -a -P --human-readable --inodes --total --local --print-type --portability ${help}`,
      values: { '-t -x --type --exclude-type -B --block-size': 'literal' },
      optional: '--output',
      operands: ['*look'],
      dashSafe: true,
    },
  },
  {
    names: 'du',
    rule: {
      flags: `-h -s -a -c -x -k -m -b -L -H -P -D -S -l --summarize --human-readable --total --one-file-system --apparent-size --all --inodes ${help}`,
      values: { '-d --max-depth -t --threshold -B --block-size': 'literal', '--exclude': 'literal' },
      optional: '--time',
      operands: ['*look'],
    },
  },
  {
    names: 'stat',
    rule: {
      flags: `-L -f -t --dereference --file-system --terse ${help}`,
      values: { '-c --format --printf': 'literal' },
      operands: ['*look'],
      dashSafe: true,
      check: 'stat',
    },
  },
  {
    names: 'date',
    rule: {
      flags: `-u -R --utc --universal --rfc-email ${help}`,
      values: { '-d --date': 'any', '-r --reference': 'look' },
      optional: '-I --iso-8601 --rfc-3339',
      refuse: { 'clock-or-name': '-s --set', config: '-f --file' },
      operands: ['?like:\\+.*'],
      check: 'date',
    },
  },
  { names: 'uptime', rule: { flags: `-p -s --pretty --since ${help}` } },
  {
    names: 'uname arch',
    rule: {
      flags: `-a -r -s -m -n -v -o -p -i --all --kernel-release --machine --nodename ${help}`,
      output: 'name',
    },
  },
  {
    names: 'hostname',
    rule: {
      flags: `-f -s -i -I -d --fqdn --short --ip-address --all-ip-addresses ${help}`,
      output: 'name',
      strict: 'clock-or-name',
    },
  },
  {
    names: 'whoami logname tty nproc',
    rule: { flags: `--all ${help}`, output: 'name', values: { '--ignore': 'int' } },
  },
  {
    names: 'id groups',
    rule: { flags: `-u -g -G -n -r -un -gn ${help}`, operands: ['*word'], output: 'name', dashSafe: true },
  },
  {
    names: 'who w users last lastlog',
    rule: {
      flags: `-a -b -r -u -H -q -s -h -f -i -x -F -w ${help}`,
      values: { '-n': 'int' },
      digits: true,
      operands: ['*word'],
    },
  },
  {
    names: 'basename',
    rule: {
      flags: `-a -z --multiple ${help}`,
      values: { '-s --suffix': 'literal' },
      operands: ['*any'],
      dashSafe: true,
    },
  },
  { names: 'dirname', rule: { flags: `-z ${help}`, operands: ['*any'], dashSafe: true } },
  {
    names: 'realpath readlink',
    rule: {
      flags: `-f -e -m -n -q -s -z -L -P --canonicalize ${help}`,
      operands: ['*look'],
      dashSafe: true,
    },
  },
  { names: 'sleep', rule: { flags: help, operands: ['duration:300'], check: 'sleep' } },
  {
    names: 'seq',
    rule: {
      flags: `-w --equal-width ${help}`,
      values: { '-s --separator -f --format': 'literal' },
      operands: ['int:0..10000', '?int:0..10000', '?int:0..10000'],
      output: 'number',
    },
  },
  { names: 'expr', rule: { raw: true, operands: ['*any'] } },
  {
    names: 'numfmt',
    rule: {
      flags: `-z --grouping ${help}`,
      values: {
        '--from --to --field -d --delimiter --padding --format --suffix --header --round': 'literal',
      },
      operands: ['*any'],
    },
  },
  { names: 'sync', rule: { flags: help } },
  {
    names: 'md5sum sha1sum sha224sum sha256sum sha384sum sha512sum cksum b2sum sum',
    rule: {
      flags: `-b -t -z --binary --text --tag -c --check --quiet --status --strict -w --warn ${help}`,
      operands: ['*read'],
    },
  },
  {
    names: 'base64 base32',
    rule: {
      flags: `-i --ignore-garbage ${help}`,
      values: { '-w --wrap': 'int' },
      refuse: { obfuscation: '-d -D --decode' },
      operands: ['?read'],
    },
  },
  {
    names: 'od hexdump hd strings',
    rule: {
      flags: `-c -x -b -C -v -a ${help}`,
      values: { '-A -t -N -n -j -s -e': 'literal' },
      operands: ['*read'],
    },
  },
  {
    names: 'file',
    rule: {
      flags: `-b -i -L -z --brief --mime --mime-type ${help}`,
      operands: ['*look'],
      strict: 'config',
    },
  },
  {
    names: 'tree',
    rule: {
      flags: `-a -d -f -h -s -p -u -g -D -t -r -C -n -i --du --dirsfirst --noreport ${help}`,
      values: { '-L': 'int', '-I -P': 'literal' },
      operands: ['*look'],
      strict: 'writes-file',
    },
  },
  { names: 'getconf', rule: { flags: '-a', operands: ['like:[A-Z_0-9]+', '?look'] } },
  { names: 'locale', rule: { flags: '-a -m' } },
  { names: 'cal ncal', rule: { flags: '-3 -1 -y -m', operands: ['?int', '?int'] } },
  { names: 'find', rule: { raw: true, operands: ['*any'], check: 'find' } },
];
