// Lines with personal data: each line and the values in it that must be gone, with their kind.
import {
  card,
  email,
  FIRST,
  grouped,
  iban,
  LAST,
  nanp,
  publicIp,
  type Random,
  SERVICES,
  ssn,
  stamp,
  uuid,
} from './values.ts';

export type Personal = { kind: string; value: string };
type Line = (r: Random) => [line: string, personal: Personal[]];

const one = (kind: string, make: (r: Random) => string, ...forms: string[]): Line[] =>
  forms.map((form) => (r) => {
    const value = make(r);
    return [
      form.replace('%', value).replace('$T', stamp(r)).replace('$S', r.pick(SERVICES)).replace('$U', uuid(r)),
      [{ kind, value }],
    ];
  });

export const PERSONAL: readonly Line[] = [
  ...one(
    'email',
    email,
    '$T INFO [$S] sent receipt to % in 12ms',
    '{"ts":"$T","email":"%","id":"$U"}',
    'To: %, subject: invoice',
    'user % not found (404)',
    'GET /v1/users/%/orders HTTP/1.1',
    'mailto:%?subject=x',
    "SELECT * FROM users WHERE email = '%';",
    'contact=<%>',
    'login failed for %;',
    'smtp 550 5.1.1 <%>: Recipient address rejected',
    'ldap: cn=%,ou=people',
    '[%] opened ticket',
  ),
  ...one(
    'card',
    card,
    '$T WARN [$S] charge declined card=% code=51',
    'pan:% exp 12/29',
    '{"cardNumber":"%","currency":"EUR"}',
    'customer typed % into the comment field',
    'card number is %',
  ),
  ...one('card', (r) => grouped(card(r), ' '), 'charged % twice', 'Card: % exp 01/30'),
  ...one('card', (r) => grouped(card(r), '-'), 'receipt shows % in full', '"pan":"%"'),
  ...one('iban', iban, 'refund to % pending', '{"iban":"%"}', 'SEPA transfer from % failed: AC04', 'IBAN=%'),
  ...one('iban', (r) => iban(r).replace(/(.{4})(?=.)/g, '$1 '), 'account % is closed'),
  ...one('ssn', ssn, 'ssn=%', '{"ssn":"%","state":"CA"}', 'applicant % rejected by $S', 'SSN: % verified'),
  ...one('ssn', (r) => ssn(r).replaceAll('-', ''), 'ssn: %', '"social_security_number": "%"'),
  ...one(
    'phone',
    (r) => nanp(r).join('-'),
    'call back at % today',
    '{"contact":"%"}',
    'sms to % failed: 30003',
  ),
  ...one('phone', (r) => `(${nanp(r)[0]}) ${nanp(r)[1]}-${nanp(r)[2]}`, 'caller % hung up', 'Phone: %'),
  ...one(
    'phone',
    (r) => `+1${nanp(r).join('')}`,
    'to=% status=undelivered',
    '"msisdn":"%"',
    'twilio: From % blocked',
  ),
  ...one(
    'phone',
    (r) => `+49 ${r.pick(['30', '89', '170', '151'])} ${1000000 + r.int(8999999)}`,
    'customer reachable at %',
    'Tel. %',
  ),
  ...one('phone', (r) => `+44 20 7946 ${String(r.int(10000)).padStart(4, '0')}`, 'hotline % busy', 'phone=%'),
  ...one(
    'phone',
    (r) => `+33${r.pick(['6', '7'])}${10000000 + r.int(89999999)}`,
    'otp sent to %',
    '{"phone":"%"}',
  ),
  ...one(
    'phone',
    (r) => `0${r.pick(['30', '89'])} ${100000 + r.int(899999)}`,
    'phone: %',
    'mobile number: %',
  ),
  ...one(
    'ip',
    publicIp,
    '% - - [01/Nov/2026:03:04:05 +0000] "GET /login HTTP/1.1" 401 12',
    'client_ip=% blocked by waf rule 942100',
    '{"remote_addr":"%","status":403}',
    'Failed publickey from % port 50022 ssh2',
    'x-forwarded-for: %, 10.0.0.3',
    'connection from %:51234 reset',
  ),
  ...one(
    'ip',
    (r) => `2001:db8:${r.int(9999)}::${1 + r.int(999)}`,
    'peer % timed out',
    '{"ip":"%"}',
    'GET / from [%]:443',
  ),
  ...one(
    'user',
    (r) => `${r.pick(FIRST).replace('ë', 'e')[0]?.toLowerCase() ?? ''}${r.pick(LAST).toLowerCase()}`,
    '$T WARN [$S] login user=% result=denied',
    '{"username":"%","mfa":false}',
    'login: % (3 attempts)',
    'user="%" action=delete',
  ),
  ...one(
    'name',
    (r) => `${r.pick(FIRST)} ${r.pick(LAST)}`,
    'full_name="%"',
    '{"customer_name":"%","id":"$U"}',
    'name="%" plan=pro',
    'cardholder: "%"',
  ),
];

/** The same values in the wrappers that systems put around each other's messages. */
export const WRAPPERS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => JSON.stringify({ message: line }),
  (line) => JSON.stringify({ outer: JSON.stringify({ message: line }) }),
  (line) => `GET /log?m=${encodeURIComponent(line)}&x=1 HTTP/1.1`,
  (line) => `payload: ${Buffer.from(line).toString('base64')}`,
];
