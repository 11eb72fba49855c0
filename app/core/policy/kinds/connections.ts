// To which servers the client of a database may connect. A client brings the workspace's credentials along.
// It must never let a server be named that is neither this machine nor in the inventory, in whatever form it is written.
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { literal, show, type Value } from '../engine/value.ts';
import { checkOwnHost } from './network.ts';
import { metadata } from './secrets.ts';

/** One server, perhaps with the protocol in front and the port behind. */
const server = /^(?:https?:\/\/)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_][A-Za-z0-9_.-]*)(?::\d{1,5})?\/?$/;
const socket = /^(\/[\w-]+)+\/?$/;

/** The hosts a client is told, with commas between them. */
export function checkClient(value: Value, run: Run): Issue | null {
  const text = literal(value);
  if (text === null)
    return refusal(
      'exfiltration',
      `${show(value)} is known only at run time, and the client would bring its credentials there.`,
    );
  for (const part of text.split(',')) {
    if (socket.test(part)) continue;
    const host = server.exec(part)?.[1];
    if (host === undefined) return question('host', `${part} is not the plain name of a server.`);
    if (metadata.test(host)) return refusal('secret-read', `${host} hands out the machine's credentials.`);
    const ours = [part, host].some((name) => checkOwnHost([name], run) === null);
    if (!ours)
      return question(
        'foreign-host',
        `${host} is not in the incident's inventory, and the client would bring its credentials there; name the server in the inventory.`,
      );
  }
  return null;
}

/** Settings of a connection that say nothing but where and as whom. */
const pair =
  /^(host|hostaddr|port|dbname|user|connect_timeout|application_name|target_session_attrs|sslmode)=([\w.,:/-]+)$/;
const uri =
  /^[a-z]+(?:\+srv)?:\/\/(?:[\w.-]+@)?([^/?@]*)(?:\/[\w-]*)?(?:\?((?:sslmode|connect_timeout|application_name)=[\w-]+(?:&(?:sslmode|connect_timeout|application_name)=[\w-]+)*))?$/;

/** A database by its name, or a whole connection: `host=… dbname=…`, `postgresql://…`. */
export function checkConnection(value: Value, run: Run): Issue | null {
  const text = literal(value);
  if (text === null)
    return refusal('exfiltration', `${show(value)} is known only at run time and would leave this machine.`);
  if (/^[\w-]+$/.test(text) || run.inventory.values.has(text)) return null;
  if (/(:\/\/[^/]*:[^/]*@|passw(or)?d\s*=)/i.test(text))
    return refusal('credential', 'The connection carries a password.');
  if (/sslmode\s*=\s*(disable|allow)/i.test(text))
    return refusal('disables-security', 'The connection gives up its encryption.');
  const address = uri.exec(text);
  if (address) return address[1] ? checkClient([address[1]], run) : null;
  const pairs = text
    .trim()
    .split(/ +/)
    .map((part) => pair.exec(part));
  for (const found of pairs) {
    if (!found)
      return question(
        'connection',
        `The connection ${text} is not plain; write host=… port=… dbname=… user=… with single blanks.`,
      );
    if (!found[1]?.startsWith('host')) continue;
    const foreign = checkClient([found[2] ?? ''], run);
    if (foreign) return foreign;
  }
  return null;
}
