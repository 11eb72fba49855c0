// Making, copying and removing files: in the workspace and the temporary directories only.
// It must never describe a removal of a tree that the script has not made, or a write to a place that outlives the run.
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
      flags: `-f -r -R -v --force --recursive --verbose ${help}`,
      refuse: { destructive: '-d --dir --no-preserve-root -i -I --interactive' },
      operands: ['remove', '*remove'],
      effect: 'files.prune',
      check: 'tree',
      output: 'none',
      strict: 'destructive',
    },
  },
];
