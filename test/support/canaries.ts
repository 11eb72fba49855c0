// Secrets and personal data to plant wherever text comes in, each a kind of its own and put together while the program runs.
// It must never hold one that was ever issued, nor write one whole in the repository.
import { ALNUM, DIGITS, HEX, random, UPPER } from '../corpora/redaction/values.ts';

const r = random(20_261_122);
const glued = (...parts: string[]): string => parts.join('');

/** Values by what they are; each must be recognisable by its form or by the words around it. */
export const canaries: Readonly<Record<string, string>> = {
  'AWS key id': glued('AK', 'IA', r.text(UPPER, 16)),
  'GitHub token': glued('gh', 'p_', r.text(ALNUM, 36)),
  'Slack token': glued('xo', 'xb-', r.text(DIGITS, 12), '-', r.text(DIGITS, 12), '-', r.text(ALNUM, 24)),
  'Stripe key': glued('sk', '_live_', r.text(ALNUM, 24)),
  'Anthropic key': glued('sk-', 'ant-', 'api03-', r.text(ALNUM, 93), 'AA'),
  password: glued(r.text(ALNUM, 9), '!', r.text(DIGITS, 4)),
  'session token': r.text(HEX, 40),
  'e-mail': glued('olga.', r.text('bcdfgh', 8), '@', 'customer.example'),
  card: '4242424242424242',
  SSN: '536-22-1876',
  IBAN: 'DE89370400440532013000',
  phone: '+49 30 90182034',
};

/** One text with every canary as it occurs in operations text: plain, in JSON, URL-encoded and in base64. */
export function planted(): string {
  const c = canaries;
  const query = `https://shop.example/pay?token=${encodeURIComponent(c['GitHub token'] ?? '')}&email=${encodeURIComponent(c['e-mail'] ?? '')}`;
  const json = JSON.stringify({
    user: { email: c['e-mail'], password: c['password'] },
    aws: c['AWS key id'],
  });
  const basic = Buffer.from(`admin:${c['password']}`).toString('base64');
  const blob = Buffer.from(JSON.stringify({ slack: c['Slack token'], mail: c['e-mail'] })).toString('base64');
  return [
    `aws ${c['AWS key id']} github ${c['GitHub token']} slack ${c['Slack token']}`,
    `stripe ${c['Stripe key']} key ${c['Anthropic key']}`,
    `password=${c['password']} session_token: ${c['session token']}`,
    `mail ${c['e-mail']}, card ${c['card']}, ssn ${c['SSN']}, iban ${c['IBAN']}, phone ${c['phone']}`,
    `body ${json} twice ${JSON.stringify(json)}`,
    `GET ${query}`,
    `authorization: Basic ${basic}`,
    `payload ${blob}`,
  ].join('\n');
}

/** A shorter one, for places of a few hundred characters. */
export function plantedLine(): string {
  const c = canaries;
  return `login ${c['e-mail']} password=${c['password']} ${c['GitHub token']} card ${c['card']}`;
}

/** Names of the canaries that stand in a text, in plain or in one of the usual encodings. */
export function singing(text: string): string[] {
  return Object.entries(canaries)
    .filter(([, value]) =>
      [
        value,
        encodeURIComponent(value),
        Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -2),
      ].some((form) => text.includes(form)),
    )
    .map(([name]) => name);
}
