// Names of failures: monitors, tools and people have many words for one thing, and one concept stands for all of them.
// It holds general words of operations only. Must never hold a word of one runbook, one service or one case.

/** Patterns over words in lower case with one space between. Each becomes `\\b(one|or|more)\\b`. */
const CONCEPTS: Readonly<Record<string, RegExp>> = {
  memory: /\b(oom\w*|out of memory|memory|mem|ram|heap|rss|working set|saw ?tooth|exit code 137)\b/,
  heap: /\b(heap|gc|garbage|jvm|circuit ?break\w*|breaker|old gen|stop the world)\b/,
  cpu: /\b(cpu|load average|hpa|autoscal\w*|run queue|saturat\w*)\b/,
  latency:
    /\b(latency|slow\w*|p9\d|p50|apdex|response time|duration|takes (?:\w+ )?seconds|lagg(?:y|ing)|sluggish)\b/,
  timeout: /\b(time ?outs?|timed ?out|time out|etimedout|deadline exceeded|hang\w*|spinner)\b/,
  pool: /\b(pool\w*|hikari\w*|too many (?:clients|connections)|connection slots?|max connections|pgbouncer|(?:out of|leaked|free|available) (?:\w+ )?connections?|connections? (?:\w+ ){0,2}(?:exhausted|available|checked out))\b/,
  database: /\b(database|db|postgres\w*|mysql|sql|pg|mariadb|mongo\w*)\b/,
  lock: /\b(locks?|deadlocks?|blocked by|lock wait\w*|blocking)\b/,
  replication: /\b(replicas?|replication|standby|follower|secondary|replay lag)\b/,
  wal: /\b(wal|write ahead|binlog\w*|replication slot|pg wal)\b/,
  failover: /\b(failover|primary|master|leader|sentinel|quorum|split brain|elect\w*)\b/,
  readonly: /\b(read ?only|not writ(?:e)?able|watermark|flood stage|write block\w*|blocked for writing)\b/,
  disk: /\b(disks?|no space left|enospc|filesystem\w*|file system|volume|mount ?point|device|partition full|df h|storage)\b/,
  inode: /\b(inodes?|df i|ifree|small files|too many files|number of files)\b/,
  logs: /\b(access log|log ?files?|old logs|log ?rotat\w*|logs fill)\b/,
  certificate: /\b(certs?|certificat\w*|tls|ssl|x509|not ?after|handshake|certbot|acme challenge|https)\b/,
  mtls: /\b(mtls|m tls|client cert\w*|mutual tls|certificate we (?:show|present)|our certificate)\b/,
  expiry: /\b(expir\w*|run(?:s|ning)? out|not ?after|valid until|ends on|days left|renew\w*)\b/,
  dns: /\b(dns|nxdomain|servfail|getaddrinfo|eai again|enotfound|lookups?|look(?:ed)? up|resolv\w*|name ?servers?|host ?names?|coredns|no such host)\b/,
  external: /\b(external\w*|outside|forwarders?|upstream resolver|partner apis?|public names?|internet)\b/,
  upstream: /\b(upstream|third party|provider|acquirer|partner|their status page|vendor|supplier)\b/,
  outage:
    /\b(outage|unreachable|is down|are down|does not answer|econnrefused|connection refused|unavailable)\b/,
  queue:
    /\b(queues?|kafka|rabbit\w*|sqs|topic|consumers?|backlog|lag|outbox|inbox|pil(?:e|es|ing) up|messages? waiting|unacked)\b/,
  stuck:
    /\b(stuck|no progress|stands? still|not moved|has not moved|stalled|frozen|deadlocked|nothing happens)\b/,
  poison: /\b(poison\w*|dead ?letters?|dlq|cannot be (?:read|parsed)|undecodable)\b/,
  deploy:
    /\b(deploy(?:s|ed|ing)?|roll(?:ed)? ?outs?|rollout|releas\w*|new version|shipped|revision|canary|upgrad\w*|helm|v\d+|went live)\b/,
  flag: /\b(flags?|feature toggle|toggled?|switched on|experiment)\b/,
  cache: /\b(caches?|cached|cdn|memcached?|redis|varnish)\b/,
  stale:
    /\b(stale|outdated|older than|yesterday s?|age header|old (?:page|content|version of)|not up to date)\b/,
  evict: /\b(evict\w*|maxmemory|thrown out|hit (?:rate|ratio))\b/,
  session: /\b(sessions?|log ?in|login|sign(?:ed)? ?in|signed out|logged out|cookies?|sign in)\b/,
  quota:
    /\b(quotas?|rate limit\w*|too many ?requests|allowance|limit exceeded|exceeded|throttl\w*|sent too much|usage limit)\b/,
  imagepull:
    /\b(image ?pull\w*|err ?image ?pull|pull (?:\w+ )?images?|registry|pull rate limit|manifest unknown)\b/,
  pictures: /\b(pictures?|thumbnails?|photos?|media)\b/,
  crash: /\b(crash\w*|back ?off|restart(?:s|ed|ing)?|exit(?:s|ed|ing)|segfault|panic)\b/,
  ingress: /\b(ingress|load balancer|reverse proxy|nginx|envoy|haproxy)\b/,
  gateway: /\b(502|503|504|bad gateway|gateway time ?out)\b/,
  node: /\b(nodes?|kubelet|node pressure|disk pressure|memory pressure|pid pressure|not ready nodes?)\b/,
  pressure: /\b(pressure|taint\w*|evicted pods?|evictions)\b/,
  namespace: /\b(namespaces?|resource ?quota|forbidden exceeded)\b/,
  mail: /\b(mails?|e ?mails?|smtp|newsletter|relay|postfix|outbox)\b/,
  card: /\b(cards?|acquir\w*|authoris\w*|authoriz\w*|declin\w*)\b/,
  worker: /\b(workers?|threads?|worker pool)\b/,
  checkout: /\b(check ?out|cart|basket|place orders?|nobody can order|orders? fail\w*|conversion|totals?)\b/,
  price: /\b(pric\w*|tariffs?)\b/,
  errors: /\b(5xx|50\d|error (?:rate|budget)|burn rate|exceptions?|throw(?:s|ing)?|errors?)\b/,
  webhook: /\b(webhooks?|callbacks?|notifications? from|notices?)\b/,
  search: /\b(search|elastic\w*|opensearch|solr|index(?:ing|es)?|shards?)\b/,
};

/** Separates alternatives of one word from those of several. Words are looked up; phrases are searched in the text. */
function alternatives(pattern: RegExp): { words: string[]; phrases: string[] } {
  const parts = [''];
  let depth = 0;
  for (const character of pattern.source.replace(/^\\b\(/, '').replace(/\)\\b$/, '')) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (character === '|' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  const phrase = (part: string): boolean => part.includes(' ');
  // `time ?out`: some write one word, others two.
  const word = (part: string): boolean => !phrase(part) || part.includes(' ?');
  return { words: parts.filter(word), phrases: parts.filter(phrase) };
}

const concepts = Object.entries(CONCEPTS).map(([name, pattern]) => {
  const { words, phrases } = alternatives(pattern);
  return {
    name: `~${name}`,
    word: new RegExp(`^(?:${words.join('|')})$`),
    phrase: phrases.length > 0 ? new RegExp(`\\b(?:${phrases.join('|')})\\b`) : null,
    phrases,
  };
});
const anyPhrase = new RegExp(`\\b(?:${concepts.flatMap(({ phrases }) => phrases).join('|')})\\b`);

/** Names of the concepts that a single word stands for, each with `~` before it. */
export function conceptsOfWord(word: string): string[] {
  return concepts.filter((concept) => concept.word.test(word)).map(({ name }) => name);
}

/** Names of the concepts that only several words together stand for. `words`: lower case, one space between. */
export function conceptsOfPhrases(words: string): string[] {
  if (!anyPhrase.test(words)) return [];
  return concepts.filter(({ phrase }) => phrase?.test(words)).map(({ name }) => name);
}
