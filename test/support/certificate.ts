// A self-signed certificate of this machine with any dates, made here, so that no key is checked in. Node can sign and not write one:
// so the few fields of RFC 5280 are written by hand.
// Must never be trusted by anything but the test that made it.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

const tlv = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: Uint8Array[]): Buffer => tlv(0x30, ...parts);
const object = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));
const time = (at: Date): Buffer =>
  tlv(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`));

const SIGNED_BY = sequence(object('2a8648ce3d040302')); // ecdsa-with-SHA256
/** Each another one, since OpenSSL looks for whom it trusts by name. */
const newName = (): Buffer =>
  sequence(tlv(0x31, sequence(object('550403'), tlv(0x0c, Buffer.from(`test ${randomUUID()}`)))));
const ALSO = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.from([127, 0, 0, 1])));

/** For `localhost` and 127.0.0.1. PEM, as node:tls takes it. */
export function selfSigned(from: Date, until: Date): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = newName();
  const signed = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    ...[SIGNED_BY, name, sequence(time(from), time(until)), name],
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(sequence(object('551d11'), tlv(0x04, ALSO)))),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const lines = sequence(signed, SIGNED_BY, signature)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
  };
}
