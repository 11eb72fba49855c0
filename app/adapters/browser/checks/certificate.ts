// Looks at the certificate of an https address, on a connection of its own, since `fetch` does not show the one that it got.
// Must never send a byte of a request over it, or take a connection that did not come about for a certificate that ended.
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { certificateFault } from '#core/verification/certificate';
import { errorLine, fail, type Look, pass, sawNothing } from './look.ts';

/** After the answer has come, within what is left of the check's time. `now` in Unix milliseconds. */
export async function lookAtCertificate(
  url: string,
  least: number,
  signal: AbortSignal,
  now: number,
): Promise<Look> {
  const ends = await endOf(new URL(url), signal);
  if ('nothing' in ends) return sawNothing(`its certificate was not seen: ${ends.nothing}`);
  const said = 'fault' in ends ? ends.fault : certificateFault(least, ends.at, now);
  return said === null ? pass : fail(said);
}

type End = { readonly at: number } | { readonly fault: string } | { readonly nothing: string };

/** The same name as the request's, and the same trust: what a client refuses is refused here. */
function endOf({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<End> {
  if (protocol !== 'https:') return Promise.resolve({ fault: 'only https has a certificate' });
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((done) => {
    const socket = connect({ host, port: Number(port) || 443, ...(isIP(host) ? {} : { servername: host }) });
    const end = (said: End): void => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      done(said);
    };
    const late = (): void => end({ nothing: 'no connection in time' });
    socket.once('secureConnect', () => {
      const date = socket.getPeerX509Certificate()?.validToDate.getTime() ?? Number.NaN;
      end(Number.isNaN(date) ? { nothing: 'it names no end' } : { at: date });
    });
    socket.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      const refused = /^(CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code);
      end(
        refused
          ? { fault: `its certificate is not to be trusted: ${errorLine(error)}` }
          : { nothing: errorLine(error) },
      );
    });
    socket.once('close', () => end({ nothing: 'the connection broke off' }));
    signal.addEventListener('abort', late, { once: true });
    if (signal.aborted) late();
  });
}
