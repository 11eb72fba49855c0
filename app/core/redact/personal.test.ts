import { describe, expect, test } from 'vitest';
import { cards } from './card.ts';
import { ibans, identityNumbers } from './identity-numbers.ts';
import { addresses } from './network.ts';
import { emails, people } from './people.ts';
import { phones } from './phone.ts';
import type { Detector } from './span.ts';

const found = (detector: Detector, text: string) => {
  const values: string[] = [];
  detector(text, ({ start, end }) => values.push(text.slice(start, end)));
  return values;
};

describe.each<[string, Detector, [text: string, values: string[]][]]>([
  [
    'cards',
    cards,
    [
      ['pay 4111111111111111 or 4111-1111-1111-1111', ['4111111111111111', '4111-1111-1111-1111']],
      ['amex 3782 822463 10005', ['3782 822463 10005']],
      ['fails Luhn 4111111111111112, no issuer 9111111111111111', []],
      ['trace_id=4111111111111111 "span_id": "4111111111111111" id: 4111111111111111', []],
      ['4111111111111111 bytes, x4111111111111111, 4111111111111111.5', []],
      ['6304000000000000008 is 19 digits and bare; card 4000000000000000006', ['4000000000000000006']],
    ],
  ],
  [
    'IBANs',
    ibans,
    [
      [
        'DE89370400440532013000 and GB29 NWBK 6016 1331 9268 19 ok',
        ['DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19'],
      ],
      ['DE89370400440532013001 XX89370400440532013000 DE8937040044', []],
    ],
  ],
  [
    'identity numbers',
    identityNumbers,
    [
      ['123-45-6789, ssn 123456789, SSN: 123 45 6789', ['123-45-6789', '123456789', '123 45 6789']],
      ['000-12-3456 666-12-3456 901-12-3456 123-00-4567 123-45-0000 123456789 2026-11-0100', []],
      ['cpf 529.982.247-25 but not 529.982.247-26', ['529.982.247-25']],
      ['AB123456C but not GB123456C', ['AB123456C']],
    ],
  ],
  [
    'phones',
    phones,
    [
      [
        '+1 (415) 555-0132, +4915112345678, (212) 555-0188, 415-555-0132',
        ['+1 (415) 555-0132', '+4915112345678', '(212) 555-0188', '415-555-0132'],
      ],
      ['phone: 030 901820, tel 4155550132', ['030 901820', '4155550132']],
      ['1793502245 +0000 +15% @@ -1,7 +12,9 @@ build=415-555-0132 10.0.22621.1 2026-11-01', []],
    ],
  ],
  [
    'addresses',
    addresses({}),
    [
      ['203.0.113.7:443 [2001:db8::1] http://198.51.100.2/x', ['203.0.113.7', '198.51.100.2', '2001:db8::1']],
      [
        '10.0.0.1 172.16.3.4 192.168.1.1 127.0.0.1 169.254.169.254 100.64.0.9 224.0.0.1 8.8.8.8 fe80::1 ::1',
        [],
      ],
      ['v1.2.3.4 version 5.6.7.8 nginx/5.6.7.8 pkg-5.6.7.8 5.6.7.0 999.1.1.1 12:34:56 std::vector', []],
    ],
  ],
  [
    'e-mail',
    emails,
    [
      ['to a.b+c@mail.example.co.uk, <jörg@müller.de>.', ['a.b+c@mail.example.co.uk', 'jörg@müller.de']],
      ['root@localhost x@2x.png app@1.2.3 getty@tty1.service ssh://deploy@host.example.com', []],
    ],
  ],
  [
    'people',
    people,
    [
      [
        'user=jdoe "username":"asmith" full_name="Maria Garcia" dob: 1980-02-29',
        ['jdoe', 'asmith', 'Maria Garcia', '1980-02-29'],
      ],
      ['user=root user=payments_rw username=svc-billing name=checkout name="payments api" user= rhost=x', []],
    ],
  ],
])('%s', (_, detector, cases) => {
  test.each(cases)('%s', (text, values) => {
    expect(found(detector, text)).toEqual(values);
  });
});
