// Which hosts and URLs a script may ask. A request can carry data out, and can change what it asks.
// It must never let a host be known only at run time, nor data of the machine travel in a request to a stranger.
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { literal, prefix, show, type Value } from '../engine/value.ts';
import { changing } from '../verbs.ts';
import { metadata } from './secrets.ts';

const local = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|0\.0\.0\.0)$/;
const hostForm =
  /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?|[0-9a-fA-F:]*::[0-9a-fA-F:]*)$/;

/** A path that only asks how something is. Its other words are few and fixed: a path of any words could carry data out. */
const probe =
  /^(\/(api|v\d|app|web|public|internal|service|services|system|actuator|-|_|app\d?|status))*\/(health([_-]?check)?z?|healthy|live(z|ness)?|ready(z|ness)?|status|version|metrics|server-status|nginx_status|stub_status)\/?$/i;
/** Places from which servers hand out secrets, settings or memory to whoever asks. */
const handsOut =
  /(^|\/)(v\d\/(kv|secret|auth|identity|pki|transit|sys\/(?!health|leader|seal-status))|latest\/(meta-data|user-data|dynamic)|computemetadata|namespaces\/[^/]+\/secrets|debug\/(pprof|vars)|\.(env|git|aws|ssh)(\/|$)|phpinfo)/i;
/** Monitoring's own read-only interfaces; https://prometheus.io/docs/prometheus/latest/querying/api/ */
const monitoring =
  /^\/(api\/v1\/(query|query_range|alerts|targets|rules|labels|series|status\/\w+)|_cat\/[\w/]+|_cluster\/(health|stats|pending_tasks)|_nodes\/stats|api\/v2\/(alerts|status|silences))\/?$/;
const inside =
  /^[a-z][a-z0-9-]*$|\.(svc|local|internal|lan|corp|svc\.cluster\.local)$|^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./i;

const labelForm = /^_?[a-z0-9]+(-+[a-z0-9]+){0,6}$/;
const wordForm = /^_?([a-z]*\d{0,4}[a-z]{0,4}|\d{1,4})$/;

/**
 * True if a name can carry hardly anything: short, of few parts, each of them words and small numbers. A literal name
 * was chosen by whoever wrote the script, who may have read what must not leave; looking it up tells its owner.
 */
function plainName(host: string): boolean {
  if (/^[\d.]+$|:/.test(host)) return true;
  const labels = host.replace(/\.$/, '').split('.');
  return (
    host.length <= 64 &&
    labels.length <= 6 &&
    labels.every((label) => labelForm.test(label) && label.split('-').every(plainWord))
  );
}

const plainWord = (word: string): boolean => word.length <= 18 && wordForm.test(word);

/** A host name or address that is looked up or connected to, without a message of its own. */
export function checkHost(value: Value, run: Run): Issue | null {
  const host = literal(value);
  if (host === null) {
    return run.inventory.values.has(show(value))
      ? null
      : refusal('exfiltration', 'The host asked is put together at run time and can carry data out.');
  }
  if (metadata.test(host)) return refusal('secret-read', `${host} hands out the machine's credentials.`);
  if (!hostForm.test(host) || host.length > 128) return question('host', `${host} is not a plain host name.`);
  if (run.inventory.values.has(host) || known(host, host, run) || inside.test(host) || plainName(host))
    return null;
  return question('foreign-host', `${host} is in no inventory, and its name could carry data out.`);
}

/** The host on which something is changed: this machine or one that the inventory names. */
export function checkOwnHost(value: Value, run: Run): Issue | null {
  const host = literal(value);
  if (host !== null && (local.test(host) || host.startsWith('/'))) return null;
  if (host !== null && (run.inventory.values.has(host) || known(host, host, run))) return null;
  return refusal('foreign-target', `${show(value)} is not a host of the incident's inventory.`);
}

/** True if the inventory names this host, with or without port. */
const known = (host: string, hostname: string, run: Run) =>
  run.inventory.hosts.has(host) || run.inventory.hosts.has(hostname);

/** The address of a monitoring server, without a path: inside, or in the inventory. */
export function checkServer(value: Value, run: Run): Issue | null {
  const url = URL.parse(literal(value) ?? '');
  const fine = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.username;
  if (!fine) return question('url', 'This is not the plain address of a server.');
  return known(url.host, url.hostname, run) || local.test(url.hostname) || inside.test(url.hostname)
    ? null
    : question('foreign-host', `${url.host} is not in the incident's inventory.`);
}

/** A URL that is read with GET or HEAD. */
export function checkReadUrl(value: Value, run: Run): Issue | null {
  // A question mark outside quotes is a pattern, and stays where no file is called so.
  const text = literal(
    value.map((piece) => (typeof piece === 'object' && piece.shape === 'glob' ? piece.shown : piece)),
  );
  const begin = text ?? prefix(value);
  if (metadata.test(show(value)))
    return refusal('secret-read', 'This address hands out the machine’s credentials.');
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(begin))
    return refusal('credential', 'The address carries a user name or password.');
  // Parsers of addresses disagree about everything but the plainest form.
  const plain = /^(https?:\/\/)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?([/?#]|$)/.test(begin);
  const guessed = !begin.includes('://') && /^(ftp|dict|ldap|imap|smtp|pop3)\./i.test(begin);
  if (!plain || guessed || /[^\x21-\x7e]/.test(begin))
    return refusal('url', 'This is not a plain http or https address.');
  const url = URL.parse(begin.includes('://') ? begin : `http://${begin}`);
  if (!url || !/^https?:$/.test(url.protocol))
    return refusal('url', 'This is not a plain http or https address.');
  if (url.username || url.password)
    return refusal('credential', 'The address carries a user name or password.');
  if (metadata.test(url.hostname))
    return refusal('secret-read', `${url.hostname} hands out the machine's credentials.`);
  if (/[{}[\]\\\s]/.test(begin.replace('[::1]', '')))
    return refusal('url', 'The address is a pattern for several requests.');
  const ours = known(url.host, url.hostname, run);
  if (text === null) {
    const hostComplete = /^https?:\/\/[^/?#]+[/?#]/.test(begin);
    if (!hostComplete || !(ours || local.test(url.hostname))) {
      return refusal(
        'exfiltration',
        'Data known only at run time travels in this request to a host that is not in the inventory.',
      );
    }
    const open = value.find((piece) => typeof piece === 'object' && piece.shape === 'text' && !piece.likely);
    return open
      ? question(
          'tainted',
          `What is asked of ${url.host} is known only at run time. Write the whole address.`,
        )
      : null;
  }
  if (run.inventory.values.has(text)) return null;
  if (handsOut.test(url.pathname) && !run.inventory.values.has(text))
    return refusal('secret-read', `${url.pathname} hands out secrets, settings or memory.`);
  if (changing(url.pathname + url.search)) {
    return question(
      'changing-url',
      `By its words, ${url.pathname} changes something though it is only read.`,
    );
  }
  if (ours || local.test(url.hostname)) return null;
  // A stranger may be asked how it is, where neither name nor path can say anything to it.
  if (probe.test(url.pathname) && !url.search && plainName(url.hostname)) return null;
  if (monitoring.test(url.pathname) && inside.test(url.hostname)) return null;
  return question('foreign-host', `${url.host} is not in the incident's inventory.`);
}

/** What the policy's version is computed over. */
export const networkData = [local, hostForm, probe, handsOut, monitoring, inside, labelForm, wordForm].map(
  String,
);
