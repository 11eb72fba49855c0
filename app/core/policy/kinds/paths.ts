// Which files a script may read, look at, write and remove.
// It must never follow a path it knows only in part, unless the unknown part cannot lead out of a known directory.
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { literal, type Value } from '../engine/value.ts';
import { isSecretPlace } from './secrets.ts';

/** Contents that hold no secret by their kind: logs, the kernel's counters, public configuration, the workspace. */
const readable: readonly RegExp[] = [
  /^\.(\/|$)/,
  /^\/(tmp|var\/tmp|var\/log|sys|var\/spool\/(mail|mqueue|postfix)|usr\/(share|lib|local\/share)|lib\/systemd)(\/|$)/,
  /^\/proc\/(meminfo|loadavg|cpuinfo|stat|vmstat|diskstats|mounts|swaps|uptime|version|cmdline|partitions|interrupts|softirqs|buddyinfo|slabinfo|zoneinfo|filesystems|modules|mdstat|locks|devices|net\/.*|pressure\/.*|sys\/(vm|net|fs|kernel)\/.*)$/,
  /^\/proc\/[^/]+\/(status|limits|stat|statm|io|sched|schedstat|cgroup|mountinfo|oom_score|oom_score_adj|wchan|comm|net\/\w+)$/,
  /^\/etc\/(os-release|hosts|resolv\.conf|hostname|fstab|timezone|localtime|nsswitch\.conf|issue|motd|debian_version|redhat-release|lsb-release|services|protocols|logrotate\.conf|sysctl\.conf|chrony\.conf|ntp\.conf|mtab|machine-id|ld\.so\.conf|haproxy\/haproxy\.cfg|hosts\.(allow|deny)|exports)$/,
  /^\/etc\/(nginx|apache2|httpd|systemd|logrotate\.d|sysctl\.d|security\/limits(\.d|\.conf)|ssl\/certs|pki\/(tls\/certs|ca-trust)|php|prometheus|alertmanager|varnish|rsyslog\.d|cron\.(d|daily|hourly|weekly|monthly)|crontab|default|network|netplan|chrony|ntp|containerd|letsencrypt\/(live|renewal))(\/|$)/,
  /^\/dev\/(null|stdin|stdout|stderr|fd)(\/|$)/,
  /^\/(var\/)?run\/[\w./-]+\.pid$/,
  /^\/(opt|srv|app|data|var|home|usr\/local|mnt|workspace)\/[^ ]*(\.(log|out|err|log\.\d+)(\.(gz|xz|bz2|zst))?|[-.]log([-.]\d+)*|\/logs?\/[^/]+|\/release|\/version(\.txt|\.json)?|\.pid)$/i,
];

const anyReadable = new RegExp(readable.map((root) => root.source).join('|'), 'i');

/** Directories a script may write to and clean: nothing there outlives the workspace. */
const temporary = /^(\.\/.+|\/tmp\/.+|\/var\/tmp\/.+)$/;

/** Never written even in the workspace: files that something else runs later. */
const runsLater =
  /(^|\/)(\.[^/.]|(makefile|dockerfile|jenkinsfile|crontab|config|HEAD)$|[^/]*\.(service|timer|socket|path|so|py|pyc|sh|bash|pl|rb|js|mjs|cjs|php|lua|desktop|tf|tf\.json|tfvars)$|(docker-)?compose[^/]*\.ya?ml$)/i;

type Place = { base: string; tail: 'none' | 'contained' | 'open' };

/** Where a path leads: its known beginning, and whether what follows can leave it. */
function place(value: Value, run: Run): Place | null {
  const first = value[0];
  if (first === undefined) return null;
  if (typeof first === 'object' && first.shape === 'path')
    return { base: `${first.under ?? ''}/x`, tail: value.slice(1).every(stays) ? 'contained' : 'open' };
  const text = literal(value);
  if (text !== null) {
    const base = normalise(text, run.directory);
    return base === null ? null : { base, tail: 'none' };
  }
  const contained = value.every(stays);
  const written = value.map((p) => (typeof p === 'string' ? p : p.shape === 'glob' ? p.shown : 'x')).join('');
  if (contained) {
    const base = normalise(written, run.directory);
    return base === null ? null : { base, tail: 'contained' };
  }
  const known = typeof first === 'string' ? normalise(first, run.directory) : null;
  return known === null ? null : { base: known, tail: 'open' };
}

/** A part of a path that leads no higher than where it begins. */
const stays = (piece: Value[number]): boolean =>
  typeof piece === 'string' ? !/(^|\/)\.\.(\/|$)/.test(piece) : piece.shape !== 'text';

/** The path without `.`, `..` and doubled slashes; relative ones under the working directory, which may be unknown. */
function normalise(path: string, directory: string | null): string | null {
  if (path.startsWith('~')) return `/home/${path.slice(1) || '.'}`;
  if (!path.startsWith('/') && directory === null) return null;
  const parts: string[] = [];
  const whole = path.startsWith('/') ? path : `${directory}/${path}`;
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!whole.startsWith('/')) parts.push(part);
  }
  const joined = parts.join('/') + (path.endsWith('/') && parts.length > 0 ? '/' : '');
  return whole.startsWith('/') ? `/${joined}` : joined.startsWith('..') ? joined : `./${joined}`;
}

const secret = (path: string): Issue =>
  refusal('secret-read', `${path} may hold secrets or lead around the file system's rules.`);

/** Directories whose files are harmless one by one: no key or credential of anybody is meant to lie there. */
const withoutSecrets = /^\/(tmp|var\/(tmp|log)|sys|proc|usr)\//;

/** A file whose contents are read. */
export function checkRead(value: Value, run: Run): Issue | null {
  const where = place(value, run);
  if (!where || where.tail === 'open')
    return question('tainted-path', 'Which file is read is known only at run time.');
  if (isSecretPlace(where.base)) return secret(where.base);
  if (typeof value[0] === 'object' && !withoutSecrets.test(where.base))
    return question(
      'hidden-path',
      'Which file is read here is found only at run time, and keys may lie beside what is looked for. Name the file.',
    );
  if (/^\/dev\/(zero|u?random|full)/.test(where.base)) {
    return run.bounded ? null : refusal('endless', `${where.base} never ends.`);
  }
  if (/^\/dev\/(?!null|std(in|out|err)|fd)/.test(where.base))
    return refusal('device', `${where.base} is a device, read past the file system.`);
  if (run.inventory.values.has(where.base) || anyReadable.test(where.base)) return null;
  // A pattern over directories that are not known to be harmless is a way to name a secret without naming it.
  if (/[*?[]/.test(where.base))
    return refusal('hidden-path', `${where.base} is a pattern that can match secrets.`);
  return question('unknown-path', `The policy does not know what ${where.base} holds.`);
}

/** A file or directory whose name, size or age is looked at, not its contents. */
export function checkLook(value: Value, run: Run): Issue | null {
  const where = place(value, run);
  if (!where || where.tail === 'open') return null;
  return isSecretPlace(where.base) && !/^\/(root|boot)?\/?$/.test(where.base) ? secret(where.base) : null;
}

/** A file that is written, or created. */
export function checkWrite(value: Value, run: Run): Issue | null {
  const where = place(value, run);
  if (!where || where.tail === 'open') {
    return refusal('tainted-path', 'Which file is written is known only at run time.');
  }
  if (/^\/dev\/(tcp|udp)/.test(where.base))
    return refusal('network-device', 'Bash opens a network connection for this path.');
  if (isSecretPlace(where.base)) return secret(where.base);
  // In the workspace a name decides what else reads the file.
  if (where.base.startsWith('.') && value.some((p) => typeof p === 'object' && p.shape === 'name'))
    return refusal('tainted-path', 'Which file is written is known only at run time. Write it below /tmp.');
  if (temporary.test(where.base) && !runsLater.test(where.base)) return null;
  return refusal('writes-file', `${where.base} is neither in the workspace nor a temporary file.`);
}

/** A file that is removed: temporary ones only, each named. */
export function checkRemove(value: Value, run: Run): Issue | null {
  const where = place(value, run);
  if (!where || where.tail === 'open')
    return refusal('tainted-path', 'Which file is removed is known only at run time.');
  const first = value[0];
  if (typeof first === 'object' && first.shape === 'path' && first.under === '/tmp') return null;
  if (/[*?[]/.test(where.base) || where.base.endsWith('/')) {
    return refusal('destructive', `${where.base} removes whatever happens to be there.`);
  }
  return temporary.test(where.base) ? null : refusal('destructive', `${where.base} is not a temporary file.`);
}

/** The whole path of a directory, without `.` and `..`; null when it is not known. */
export const changeDirectory = (value: Value, run: Run): string | null => {
  const where = place(value, run);
  return where?.tail === 'none' ? where.base.replace(/(.)\/$/, '$1') : null;
};

/** What the policy's version is computed over. */
export const pathData = [...readable, withoutSecrets, temporary, runsLater].map(String);
