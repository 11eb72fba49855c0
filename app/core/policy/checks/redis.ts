// redis-cli: what follows its options is one Redis command, in any case of letters.
// It must never accept a command the table does not name: EVAL, CONFIG SET and MODULE run code.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { show, textOf } from '../engine/value.ts';
import { checkOwnHost } from '../kinds/network.ts';
import { removesListed, scanned } from './redis-prefix.ts';

/** Commands that read; https://redis.io/docs/latest/commands/ */
const reads =
  /^(ping|info( \w+)*|dbsize|time|lastsave|role|echo .*|exists .*|ttl .*|pttl .*|type .*|strlen .*|llen .*|lrange .* -?\d+ -?\d+|lindex .*|scard .*|sismember .*|zcard .*|zscore .*|zrange .* -?\d+ -?\d+.*|zcount .*|hlen .*|hexists .*|xlen .*|xinfo .*|xpending .*|object (encoding|idletime|freq|refcount) .*|memory (usage .*|stats|doctor|malloc-stats)|slowlog (get( \d+)?|len)|latency (latest|doctor|history .*|graph .*)|client (list.*|info|id|getname)|cluster (info|nodes|slots|shards|myid|keyslot .*|countkeysinslot .*)|config get (maxmemory[\w-]*|maxclients|timeout|save|appendonly|appendfsync|hz|databases|tcp-[\w-]+|slowlog-[\w-]+|lfu-[\w-]+|latency-[\w-]+|client-output-buffer-limit|repl-[\w-]+|notify-keyspace-events)|pubsub (channels|numsub|numpat).*|command (count|info .*)|scan \d+( match \S+)?( count \d+)?|randomkey|sentinel (masters|master .*|slaves .*|replicas .*|get-master-addr-by-name .*|ckquorum .*)|module list|function stats|acl whoami)$/i;
const removes = /^(del|unlink|expire|pexpire|persist)\b/i;

const byPrefix = `redis-cli --scan --pattern 'prefix:*' | xargs -r redis-cli unlink`;

const onOwnHost = (parsed: Parsed, run: Run): Issue[] => {
  const host = optionValue(parsed, '-h');
  const foreign = host && checkOwnHost(host.value, run);
  return foreign ? [foreign] : [];
};

export function checkRedis(parsed: Parsed, run: Run): Found {
  const issues: Issue[] = [];
  const list =
    parsed.operands.length === 0
      ? scanned(parsed, onOwnHost(parsed, run).length === 0)
      : removesListed(parsed.operands, run);
  if (list) return list.effect ? { ...list, issues: [...onOwnHost(parsed, run), ...list.issues] } : list;
  const words = parsed.operands.map((arg) => textOf(arg));
  if (words.includes(null)) {
    issues.push(refusal('tainted', 'Part of this Redis command is known only at run time.'));
    return { issues };
  }
  const text = words.join(' ');
  if (text === '') {
    if (run.input.from !== 'nowhere')
      issues.push(refusal('runs-input', 'The Redis commands come in on standard input.'));
    else if (!parsed.given.some((g) => /^--(stat|latency.*|bigkeys|memkeys|hotkeys|version)$/.test(g.name)))
      issues.push(refusal('interactive', 'redis-cli waits for commands from a keyboard.'));
    return { issues };
  }
  if (reads.test(text))
    return {
      issues,
      output: /^(dbsize|llen|scard|zcard|hlen|xlen|ttl|pttl|exists|strlen)\b/i.test(text)
        ? { shape: 'number' }
        : { shape: 'text' },
    };
  if (removes.test(text)) {
    const [verb = '', ...keys] = words.map((word) => word ?? '');
    issues.push(...onOwnHost(parsed, run));
    const ours = keys.length > 0 && keys.every((key) => run.inventory.values.has(key));
    if (ours && /^(del|unlink)$/i.test(verb))
      return { issues, effect: 'cache.purge', target: keys.join(' ') };
    issues.push(
      refusal(
        'foreign-target',
        `Only a key that the inventory names may be removed, or the keys of one prefix: ${byPrefix}.`,
      ),
    );
  } else if (/^(keys|monitor|subscribe|psubscribe|debug|sort|blpop|brpop)\b/i.test(text))
    issues.push(refusal('endless', 'This holds up the whole Redis server or never ends.'));
  else if (
    /^(get|mget|hget|hgetall|hmget|smembers|dump|acl|config get|getrange|zrange|lrange|hscan|sscan|xrange|xread)\b/i.test(
      text,
    )
  )
    issues.push(question('data-read', 'This prints what users have stored.'));
  else
    issues.push(
      refusal(
        'destructive',
        `${show(parsed.operands[0]?.value ?? [])} changes data or settings of Redis. The keys of one prefix are removed by ${byPrefix}.`,
      ),
    );
  return { issues };
}
