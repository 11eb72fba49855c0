// Looking at a machine: processes, memory, disks, kernel settings.
// It must never describe a form that sets, clears or stops something.
import type { Tool } from '../engine/spec.ts';

export const system: readonly Tool[] = [
  {
    names: 'ps',
    // The check reads the whole list: what a word means depends on the others.
    rule: { raw: true, operands: ['*any'], check: 'ps' },
  },
  {
    names: 'pgrep pidof',
    rule: {
      flags:
        '-a -l -f -n -o -x -c -v -i -s -w -d --list-full --list-name --full --newest --oldest --exact --count --ignore-case',
      values: { '-u -U -P -g -t -G': 'any' },
      operands: ['*any'],
      output: 'number',
    },
  },
  { names: 'pstree', rule: { flags: '-a -p -n -u -l -h -c -s -A -U -T', operands: ['?word'] } },
  {
    names: 'top',
    rule: {
      flags:
        '-b -c -H -i -S -1 -w --batch-mode --cmdline-toggle --threads-show --idle-toggle --single-cpu-toggle',
      values: {
        '-n --iterations': 'int:1..20',
        '-d --delay': 'duration:30',
        '-p -u -U -o -E -e --pid --filter-only-euser --filter-any-user --sort-override --scale-summary-mem --scale-task-mem':
          'any',
      },
      needs: '-n --iterations',
      operands: [],
    },
  },
  {
    names: 'htop btop atop glances iotop iftop nethogs nload bmon',
    rule: { flags: '--version --help', needs: '--version --help', strict: 'interactive' },
  },
  {
    names: 'free',
    rule: {
      flags: '-h -m -g -k -b -t -w -l --human --mega --giga --total --wide --si -v',
      values: { '-c --count': 'int:1..20' },
      endless: '-s --seconds',
    },
  },
  {
    names: 'vmstat',
    rule: {
      check: 'sampling',
      flags:
        '-s -d -a -w -t -n -f -m -D -y --active --forks --slabs --one-header --stats --disk --disk-sum --timestamp --wide --no-first',
      values: { '-S -p': 'literal' },
      operands: ['?int:1..60', '?int:1..60'],
    },
  },
  {
    names: 'iostat mpstat pidstat',
    rule: {
      check: 'sampling',
      flags: '-x -d -c -k -m -t -z -y -h -N -u -r -w -s -I -A -C -V --human --pretty',
      values: { '-P -j -o -g': 'literal' },
      maybe: '-p',
      operands: ['?int:1..60', '?int:1..60'],
    },
  },
  {
    names: 'sar',
    rule: {
      check: 'sampling',
      flags: '-u -r -q -b -B -d -n -W -S -w -A -p -h -H',
      values: { '-f': 'read', '-s -e -P': 'literal' },
      operands: ['?like:[A-Z,0-9]+', '?int:1..60', '?int:1..60'],
      strict: 'writes-file',
    },
  },
  {
    names: 'lsof',
    rule: {
      check: 'plus',
      flags: '-n -P -t -l -w -a -b -R -U -X',
      values: { '-p -c -u -s -d -g -F': 'any' },
      maybe: '-i',
      optional: '+L +D',
      operands: ['*look'],
    },
  },
  {
    names: 'swapon',
    rule: {
      flags: '-s --show --summary --bytes --noheadings',
      optional: '--show',
      needs: '-s --show --summary',
      strict: 'destructive',
    },
  },
  {
    names: 'lscpu lsblk lsmod lspci lsusb lsipc lsns lsmem lslocks lshw dmidecode',
    rule: {
      flags: '-a -f -l -m -p -t -v -n -k -J -P -e -b -s -h -S -d -i -vv -nn -short --json',
      values: { '-o -c --output -class -C': 'literal' },
      operands: ['?look'],
    },
  },
  {
    names: 'findmnt',
    rule: {
      flags: '-l -n -r -J -D -t -A -b -v --df --real',
      values: { '-o --output -T --target -t --types': 'any' },
      operands: ['?look'],
    },
  },
  { names: 'mount', rule: { flags: '-l -V', values: { '-t': 'literal' }, strict: 'destructive' } },
  { names: 'blkid', rule: { flags: '-o -s', operands: ['?look'], strict: 'secret-read' } },
  {
    names: 'dmesg',
    rule: {
      flags: '-T -H -k -u -x -t -r -L --ctime --human --kernel --decode --nopager --notime --reltime',
      values: { '-l -f --level --facility --since --until --time-format': 'literal' },
      optional: '--color',
      refuse: {
        destructive: '-C -c --clear --read-clear -D -E -n --console-off --console-on --console-level',
      },
      endless: '-w -W --follow --follow-new',
      strict: 'destructive',
    },
  },
  {
    names: 'sysctl',
    rule: {
      flags: '-a -n -e -N -b -q --all --values',
      values: { '-r --pattern': 'literal' },
      refuse: { destructive: '-w --write -p --load --system' },
      operands: ['*like:[a-z0-9_.*/-]+'],
      strict: 'disables-security',
    },
  },
  {
    names: 'getent',
    rule: {
      operands: ['one:hosts|ahosts|ahostsv4|ahostsv6|services|protocols|networks', '*host'],
      strict: 'secret-read',
    },
  },
  {
    names: 'printenv',
    rule: {
      operands: [
        'one:HOME|PATH|USER|SHELL|LANG|PWD|TZ|HOSTNAME|TERM',
        '*one:HOME|PATH|USER|SHELL|LANG|PWD|TZ|HOSTNAME|TERM',
      ],
      strict: 'secret-read',
    },
  },
  { names: 'which whereis', rule: { flags: '-a -b -m -s', operands: ['*word'] } },
  { names: 'quota repquota', rule: { flags: '-s -u -g -a -v', operands: ['?word'] } },
  {
    names: 'smartctl',
    rule: {
      flags: '-a -H -i -x -A -l --all --health --info --attributes --scan',
      operands: ['?like:/dev/[a-z0-9]+'],
      strict: 'destructive',
    },
  },
  {
    names: 'sensors numastat ipcs nfsstat showmount',
    rule: { flags: '-a -m -q -s -l -u -c -p -e -n -v -o', operands: ['?word'] },
  },
  { names: 'crontab', rule: { flags: '-l', needs: '-l', strict: 'persistence' } },
  { names: 'getenforce sestatus aa-status', rule: { flags: '-v -b --json' } },
  {
    names: 'logrotate',
    rule: {
      flags: '-v --verbose -f --force -d --debug',
      operands: ['rotation'],
      effect: 'log.rotate',
      output: 'none',
      when: [{ has: '-d --debug', rule: { operands: ['read'], effect: 'read' } }],
      strict: 'destructive',
    },
  },
  {
    names: 'tar',
    rule: {
      check: 'archive',
      flags: '-t -z -j -J -v -tf --list --gzip --verbose --auto-compress',
      values: { '-f --file': 'read' },
      operands: ['?like:-?[tzjJvf]*t[tzjJvf]*', '*read'],
      strict: 'moves',
    },
  },
  {
    names: 'unzip zipinfo',
    rule: {
      flags: '-l -v -Z -1 -t',
      needs: '-l -v -Z -t -1',
      operands: ['read', '*literal'],
      strict: 'moves',
    },
  },
  {
    names: 'gzip gunzip xz zstd bzip2',
    rule: {
      flags: '-l -t -c -d -v -q --list --test --stdout --decompress --keep -k',
      needs: '-l -t -c --list --test --stdout',
      operands: ['*read'],
      strict: 'moves',
    },
  },
  { names: 'bc', rule: { flags: '-l -q', refuse: { interactive: '-i' }, operands: [], output: 'text' } },
  {
    names: 'logger',
    rule: {
      flags: '-i -s --id --stderr',
      values: { '-t -p --tag --priority': 'literal' },
      operands: ['*any'],
      strict: 'exfiltration',
    },
  },
  {
    names: 'hostnamectl timedatectl localectl',
    rule: {
      flags: '--no-pager -a --all --value',
      values: { '-p --property': 'literal' },
      operands: ['?one:status|show|list-timezones|timesync-status|show-timesync|hostname'],
      strict: 'clock-or-name',
    },
  },
  {
    names: 'chronyc',
    rule: {
      flags: '-n -c -v',
      operands: ['one:tracking|sources|sourcestats|activity|ntpdata|serverstats|clients'],
      strict: 'clock-or-name',
    },
  },
  { names: 'ntpq', rule: { flags: '-p -n -c -w', operands: [], strict: 'clock-or-name' } },
];
