// Programs that servers bring along to check and reload their configuration, and process supervisors.
// It must never describe starting a server from a script: that is the service manager's work.
import type { Tool } from '../engine/spec.ts';

export const servers: readonly Tool[] = [
  {
    names: 'nginx',
    rule: {
      flags: '-t -v -V -q',
      values: { '-s': 'one:reload|reopen' },
      needs: '-t -v -V -s',
      refuse: { 'secret-read': '-T' },
      check: 'nginx',
      strict: 'config',
    },
  },
  {
    names: 'apachectl apache2ctl httpd apache2',
    rule: {
      flags: '-t -v -V -S -M -l -L',
      values: { '-k': 'one:graceful|restart' },
      operands: ['?one:configtest|status|fullstatus|graceful|restart'],
      check: 'apache',
      strict: 'config',
    },
  },
  {
    names: 'haproxy',
    rule: {
      flags: '-c -v -vv -q',
      values: { '-f': 'like:/etc/haproxy/[\\w./-]+' },
      needs: '-c -v -vv',
      strict: 'runs-code',
    },
  },
  {
    names: 'php-fpm varnishd sshd named-checkconf named-checkzone unbound-checkconf',
    rule: { flags: '-t -v -V -C', needs: '-t -v -V -C', operands: ['?read'], strict: 'config' },
  },
  {
    names: 'promtool amtool',
    rule: {
      subcommands: {
        'check config|rules|metrics|web-config|healthy|ready': { operands: ['*read'] },
        'query instant|range|series|labels': { operands: ['server', 'literal'] },
        'alert query': { values: { '--alertmanager.url': 'server' }, operands: ['*literal'] },
        'config show': {},
      },
      flags: '--version',
      strict: 'config',
    },
  },
  {
    names: 'supervisorctl',
    rule: {
      runsInput: true,
      values: { '-c --configuration': 'like:/etc/(supervisor|supervisord)(/[\\w-]+)?\\.conf' },
      subcommands: {
        status: { operands: ['*word'] },
        'pid|version|avail': { operands: ['?word'] },
        tail: { digits: true, refuse: { endless: '-f' }, operands: ['word', '?one:stdout|stderr'] },
        restart: { operands: ['program', '*program'], effect: 'service.restart', output: 'none' },
        start: { operands: ['program', '*program'], effect: 'service.start', output: 'none' },
        stop: {
          operands: ['program', '*program'],
          effect: 'service.stop',
          asks: 'Stopping takes the program away until somebody starts it again.',
        },
      },
      strict: 'foreign-target',
    },
  },
  {
    names: 'pm2',
    rule: {
      flags: '--no-color',
      subcommands: {
        'list|ls|status|l|jlist|prettylist': {},
        'describe|show|info|desc': { operands: ['word'] },
        logs: {
          flags: '--nostream --raw --err --out',
          values: { '--lines': 'int' },
          needs: '--nostream',
          operands: ['?word'],
        },
        'restart|reload': { operands: ['target'], effect: 'workers.restart', output: 'none' },
      },
      strict: 'foreign-target',
    },
  },
  {
    names: 'monit',
    rule: {
      flags: '-t -V',
      subcommands: {
        'status|summary|report': { operands: ['?word'] },
        restart: { operands: ['target'], effect: 'service.restart' },
      },
      strict: 'foreign-target',
    },
  },
  {
    names: 'varnishstat varnishlog varnishncsa',
    rule: {
      flags: '-1 -j -x -l -d',
      needs: '-1 -d',
      values: { '-f -q -g': 'literal' },
      strict: 'writes-file',
    },
  },
  { names: 'postqueue mailq', rule: { flags: '-p -j', strict: 'destructive' } },
  {
    names: 'fail2ban-client',
    rule: { operands: ['one:status|ping|version', '?word'], strict: 'disables-security' },
  },
  {
    names: 'ceph',
    rule: {
      flags: '-s',
      operands: [
        '?like:status|health|df|osd|mon|pg|quorum_status',
        '?like:detail|tree|stat|df|status|dump|perf',
      ],
      strict: 'destructive',
    },
  },
  { names: 'gitlab-ctl', rule: { operands: ['one:status', '?word'], strict: 'foreign-target' } },
  {
    names: 'nvidia-smi rocm-smi',
    rule: {
      flags: '-L -q -a',
      values: { '-i -d': 'literal' },
      optional: '--query-gpu --format --query-compute-apps',
      refuse: { endless: '-l --loop -lms' },
      strict: 'destructive',
    },
  },
  {
    names: 'jstat jps',
    rule: {
      flags: '-gcutil -gc -gccapacity -class -l -m -v -q -t',
      operands: ['int', '?like:\\d+(ms|s)?', '?int:1..60'],
      strict: 'secret-read',
    },
    style: 'single',
  },
];
