// Making, copying and removing files: in the workspace and the temporary directories only.
// It must never describe a recursive removal, or a write to a place that outlives the run.
import type { Tool } from '../engine/spec.ts';

const help = '--help --version';

export const files: readonly Tool[] = [
  {
    names: 'mktemp',
    rule: {
      flags: `-d -q -u --directory --quiet ${help}`,
      values: { '-t --suffix': 'literal', '-p --tmpdir': 'one:/tmp|/var/tmp' },
      operands: ['?write'],
      output: 'temporary',
    },
  },
  {
    names: 'mkdir',
    rule: {
      flags: `-p -v --parents --verbose ${help}`,
      operands: ['write', '*write'],
      effect: 'files.write',
      output: 'none',
    },
  },
  {
    names: 'touch',
    rule: {
      flags: `-a -m -c --no-create ${help}`,
      values: { '-d --date -t': 'literal' },
      operands: ['write', '*write'],
      effect: 'files.write',
      output: 'none',
    },
  },
  {
    names: 'tee',
    rule: { flags: `-a -i --append --ignore-interrupts ${help}`, operands: ['*write'], output: 'same' },
  },
  {
    names: 'cp',
    rule: {
      flags: `-p -v -n -u -L --preserve --verbose --no-clobber --update ${help}`,
      operands: ['read', 'write'],
      effect: 'files.write',
      output: 'none',
      strict: 'moves',
    },
  },
  {
    names: 'rm',
    rule: {
      flags: `-f -v --force --verbose ${help}`,
      refuse: { destructive: '-r -R -d --recursive --dir --no-preserve-root -i -I --interactive' },
      operands: ['remove', '*remove'],
      effect: 'files.prune',
      output: 'none',
      strict: 'destructive',
    },
  },
];
