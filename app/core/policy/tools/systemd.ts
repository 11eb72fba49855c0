// systemctl, journalctl and their kin; https://www.freedesktop.org/software/systemd/man/latest/systemctl.html
// It must never describe what outlives the run (enable, mask, edit) or skips the service's own way to stop (kill).
import type { Rule, Tool } from '../engine/spec.ts';

const units: Rule = { operands: ['*word'] };
const change = (effect: Rule['effect']): Rule => ({
  operands: ['target', '*target'],
  ...(effect ? { effect } : {}),
  output: 'none',
});

export const systemd: readonly Tool[] = [
  {
    names: 'systemctl',
    rule: {
      flags:
        '-l -a -q -r --no-pager --full --all --quiet --plain --no-legend --failed --value --no-ask-password --recursive --reverse --show-types --no-block --wait --system --with-dependencies --help --version',
      values: {
        '-n --lines': 'int',
        '-o --output -t --type --state --timestamp': 'literal',
        '-p -P --property': 'like:(?!.*Environ)[\\w,]+',
      },
      refuse: {
        forced: '-f --force --kill-whom --kill-who -s --signal --job-mode',
        'other-cluster': '-H --host -M --machine --root --image -C --capsule',
        persistence: '--now --runtime --user --global',
        'shell-state': '--preset-mode --firmware-setup --boot-loader-menu',
      },
      subcommands: {
        'status|is-active|is-enabled|is-failed|list-units|list-timers|list-sockets|list-unit-files|list-dependencies|list-jobs|list-machines|list-automounts|list-paths|cat|is-system-running|get-default|whoami':
          units,
        show: { ...units, needs: '-p -P --property', strict: 'secret-read' },
        'show-environment': { asks: 'The manager’s environment may hold secrets.', strict: 'secret-read' },
        'restart|try-restart|condrestart': change('service.restart'),
        'reload|reload-or-restart|try-reload-or-restart|force-reload': change('service.reload'),
        start: change('service.start'),
        'reset-failed': change('service.reload'),
        stop: {
          ...change('service.stop'),
          asks: 'Stopping takes the service away until somebody starts it again.',
        },
        'enable|disable|mask|unmask|edit|link|revert|reenable|preset|preset-all|add-wants|add-requires|set-property|daemon-reload|daemon-reexec|set-default|import-environment|set-environment|unset-environment|kill|isolate|default|rescue|emergency|halt|poweroff|reboot|kexec|suspend|hibernate|switch-root|soft-reboot|cancel|clean|freeze|thaw|bind|mount-image|log-level|service-log-level|exit':
          { never: 'persistence', check: 'instead' },
      },
      operands: [],
    },
  },
  {
    names: 'journalctl',
    rule: {
      flags:
        '-e -r -k -x -q -a -l -m --no-pager --reverse --dmesg --catalog --quiet --all --full --no-full --utc --no-hostname --list-boots --disk-usage --merge --system --pager-end --header --verify --no-tail --rotate --sync --truncate-newline',
      values: {
        '-u -t -g -p -o -S -U --unit --identifier --grep --priority --output --since --until --output-fields --facility -N -F --field --case-sensitive --user-unit':
          'any',
        '--vacuum-time --vacuum-size': 'literal',
      },
      numbered: '-b --boot -n --lines',
      optional: '--user',
      refuse: {
        destructive:
          '--vacuum-files --flush --relinquish-var --smart-relinquish-var --setup-keys --update-catalog',
        'other-cluster': '-D --directory --file --root --image -M --machine --namespace',
        'writes-file': '--cursor-file',
      },
      endless: '-f --follow',
      operands: ['*like:[A-Z_]+=.*'],
      check: 'journal',
    },
  },
  {
    names: 'systemd-analyze',
    rule: {
      flags: '--no-pager --user',
      subcommands: {
        'time|blame|critical-chain|dump|verify|security|calendar|timespan|timestamp|unit-paths|syscall-filter':
          { operands: ['*word'], values: { '--iterations': 'int:1..20' } },
      },
      operands: [],
    },
  },
  {
    names: 'loginctl',
    rule: {
      flags: '--no-pager',
      subcommands: {
        'list-sessions|list-users|list-seats|session-status|user-status|show-session|show-user': {
          operands: ['*word'],
        },
      },
      operands: [],
      strict: 'access',
    },
  },
  {
    names: 'coredumpctl',
    rule: {
      flags: '--no-pager -r -1',
      subcommands: { 'list|info': { operands: ['*word'] } },
      operands: [],
      strict: 'secret-read',
    },
  },
  {
    names: 'systemd-cgtop',
    rule: {
      flags: '-b --batch',
      values: { '-n --iterations': 'int:1..20', '-d': 'duration:30' },
      needs: '-n --iterations',
      operands: [],
    },
  },
  {
    names: 'systemd-cgls systemd-detect-virt systemd-path systemd-escape systemd-delta',
    rule: { flags: '--no-pager -l -a -v', operands: ['*word'] },
  },
  {
    names: 'service',
    rule: {
      first: true,
      flags: '--status-all',
      operands: ['?literal', '*literal'],
      check: 'service',
      strict: 'foreign-target',
    },
  },
  {
    names: 'rc-service sv',
    rule: { operands: ['literal', 'literal'], check: 'service', strict: 'foreign-target' },
  },
  {
    names: 'rc-status',
    rule: { flags: '-a -s --all --servicelist', operands: ['?word'], strict: 'foreign-target' },
  },
];
