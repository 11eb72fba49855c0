// redis-cli: what follows its options is one Redis command, in any case of letters.
// It must never accept a command the table does not name: EVAL, CONFIG SET and MODULE run code.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Output, textOf } from '../engine/value.ts';
import { checkOwnHost } from '../kinds/network.ts';
import { removesListed, scanned } from './redis-prefix.ts';

const settings =
  /^(maxmemory[\w-]*|maxclients|timeout|save|appendonly|appendfsync|hz|databases|tcp-[\w-]+|slowlog-[\w-]+|lfu-[\w-]+|latency-[\w-]+|client-output-buffer-limit|repl-[\w-]+|notify-keyspace-events)$/i;
const whole = /^-?\d{1,12}$/;
const any = /^[^\n]+$/;
const word = /^[\w.-]+$/;

/** One argument; `more`: any number of it. */
type Form = RegExp | { more: RegExp };

/** Commands that read, with the forms of their arguments; https://redis.io/docs/latest/commands/ */
const reads: ReadonlyMap<string, readonly Form[]> = new Map(
  Object.entries({
    ...of('ping dbsize time lastsave role randomkey', []),
    info: [{ more: word }],
    echo: [any],
    exists: [{ more: any }],
    ...of('ttl pttl type strlen llen scard zcard hlen xlen expiretime', [any]),
    ...of('lindex sismember zscore hexists zrank', [any, any]),
    zcount: [any, /^\(?[-+]?(inf|[\d.]+)$/, /^\(?[-+]?(inf|[\d.]+)$/],
    lrange: [any, whole, whole],
    zrange: [any, whole, whole, { more: word }],
    xinfo: [/^(stream|groups|consumers)$/i, any, { more: word }],
    xpending: [any, { more: any }],
    object: [/^(encoding|idletime|freq|refcount)$/i, any],
    'memory usage': [any],
    ...of(
      'memory stats, memory doctor, memory malloc-stats, slowlog len, latency latest, latency doctor',
      [],
    ),
    'slowlog get': [{ more: whole }],
    ...of('latency history, latency graph', [word]),
    'client list': [{ more: word }],
    ...of('client info, client id, client getname', []),
    ...of('cluster info, cluster nodes, cluster slots, cluster shards, cluster myid', []),
    'cluster keyslot': [any],
    'cluster countkeysinslot': [whole],
    'config get': [settings],
    ...of('pubsub numpat', []),
    ...of('pubsub channels, pubsub numsub', [{ more: any }]),
    'command count': [],
    'command info': [{ more: word }],
    scan: [whole, { more: /^(match|count|type|\d{1,6}|[^\s-][^\s]*)$/i }],
    'sentinel masters': [],
    ...of(
      'sentinel master, sentinel slaves, sentinel replicas, sentinel get-master-addr-by-name, sentinel ckquorum',
      [word],
    ),
    ...of('module list, function stats, acl whoami', []),
  } satisfies Record<string, readonly Form[]>),
);

function of(names: string, forms: readonly Form[]): Record<string, readonly Form[]> {
  return Object.fromEntries(names.split(names.includes(',') ? ', ' : ' ').map((name) => [name, forms]));
}

const numbers = /^(dbsize|llen|scard|zcard|hlen|xlen|ttl|pttl|exists|strlen)$/i;
const endless =
  /^(keys|monitor|p?subscribe|ssubscribe|debug|sort|sort_ro|bl?pop|br?pop\w*|blmove|bzpop\w*|wait|xread|xreadgroup)$/i;
const contents =
  /^(get|mget|hget|hgetall|hmget|hkeys|hvals|smembers|srandmember|dump|getrange|zrange\w+|hscan|sscan|zscan|xrange|xrevrange|acl|config)$/i;

const byPrefix = `redis-cli --scan --pattern 'prefix:*' | xargs -r redis-cli unlink`;

const onOwnHost = (parsed: Parsed, run: Run): Issue[] => {
  const host = optionValue(parsed, '-h');
  const foreign = host && checkOwnHost(host.value, run);
  return foreign ? [foreign] : [];
};

export function checkRedis(parsed: Parsed, run: Run): Found {
  const list =
    parsed.operands.length === 0
      ? scanned(parsed, onOwnHost(parsed, run).length === 0)
      : removesListed(parsed.operands, run);
  if (list) return list.effect ? { ...list, issues: [...onOwnHost(parsed, run), ...list.issues] } : list;
  const words = parsed.operands.map((arg) => textOf(arg) ?? '');
  const [first = '', second = ''] = words;
  if (parsed.operands.some((arg) => textOf(arg) === null))
    return { issues: [refusal('tainted', 'Part of this Redis command is known only at run time.')] };
  if (first === '') return withoutCommand(parsed, run);
  if (readsOnly(words)) {
    const output: Output = numbers.test(first) ? { shape: 'number' } : { shape: 'text' };
    return { issues: [], output };
  }
  if (/^(del|unlink|expire|pexpire|persist)$/i.test(first)) return removal(parsed, words, run);
  if (endless.test(first))
    return {
      issues: [
        refusal('endless', 'This holds up the whole Redis server or never ends; use scan, llen or info.'),
      ],
    };
  if (contents.test(first) && !(/^(acl|config)$/i.test(first) && !/^(get|list|cat|whoami)$/i.test(second)))
    return { issues: [question('data-read', 'This prints what users have stored or how Redis is set up.')] };
  return {
    issues: [
      refusal(
        'destructive',
        `${first} changes data or settings of Redis, or is no command that the policy knows. The keys of one prefix are removed by ${byPrefix}.`,
      ),
    ],
  };
}

function withoutCommand(parsed: Parsed, run: Run): Found {
  if (run.input.from !== 'nowhere')
    return { issues: [refusal('runs-input', 'The Redis commands come in on standard input.')] };
  const reports = parsed.given.some(({ name }) =>
    /^--(stat|latency.*|bigkeys|memkeys|hotkeys|version)$/.test(name),
  );
  return { issues: reports ? [] : [refusal('interactive', 'redis-cli waits for commands from a keyboard.')] };
}

/** True if the table has this command with these arguments. */
function readsOnly(words: readonly string[]): boolean {
  const [first = '', second = ''] = words.map((text) => text.toLowerCase());
  const two = reads.get(`${first} ${second}`);
  const forms = two ?? reads.get(first);
  if (!forms) return false;
  const args = words.slice(two ? 2 : 1);
  const more = forms.at(-1);
  const rest = more && !(more instanceof RegExp) ? more.more : null;
  const fixed = forms.filter((form) => form instanceof RegExp);
  return (
    args.length >= fixed.length &&
    (rest !== null || args.length === fixed.length) &&
    args.every((arg, at) => (fixed[at] ?? rest)?.test(arg))
  );
}

/** Only keys that the inventory names are removed, on a server that is ours. */
function removal(parsed: Parsed, words: readonly string[], run: Run): Found {
  const [verb = '', ...keys] = words;
  const issues = onOwnHost(parsed, run);
  const ours = keys.length > 0 && keys.every((key) => run.inventory.values.has(key));
  if (ours && /^(del|unlink)$/i.test(verb)) return { issues, effect: 'cache.purge', target: keys.join(' ') };
  const sentence = `Only a key that the inventory names may be removed, or the keys of one prefix: ${byPrefix}.`;
  return { issues: [...issues, refusal('foreign-target', sentence)] };
}
