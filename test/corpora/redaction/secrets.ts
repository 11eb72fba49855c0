// Lines with one credential each. `token` rows are vendors' formats, put together from a prefix and random characters;
// `carriers` are the sentences a credential turns up in; `named` are values known only by the name before them.
import { PASSWORD_FORMS, TOKEN_FORMS } from './forms.ts';
import {
  ALNUM,
  DIGITS,
  HEX,
  LOWER,
  password,
  pod,
  privateIp,
  type Random,
  SERVICES,
  stamp,
  UPPER,
  URLSAFE,
  uuid,
} from './values.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const B64 = `${ALNUM}+/`;
const encode = (text: string) => Buffer.from(text).toString('base64');
const encodeUrl = (text: string) => Buffer.from(text).toString('base64url');

export const TOKENS: readonly ((r: Random) => string)[] = [
  (r) => `AK${'IA'}${r.text(BASE32, 16)}`,
  (r) => `AS${'IA'}${r.text(BASE32, 16)}`,
  (r) => `gh${r.pick(['p', 'o', 'u', 's', 'r'])}_${r.text(ALNUM, 36)}`,
  (r) => `github_${'pat'}_${r.text(ALNUM, 22)}_${r.text(ALNUM, 59)}`,
  (r) => `gl${'pat'}-${r.text(URLSAFE, 20)}`,
  (r) => `glrt-${r.text(URLSAFE, 20)}`,
  (r) => `xox${'b'}-${r.text(DIGITS, 12)}-${r.text(DIGITS, 13)}-${r.text(ALNUM, 24)}`,
  (r) => `xox${'p'}-${r.text(DIGITS, 12)}-${r.text(DIGITS, 12)}-${r.text(DIGITS, 12)}-${r.text(HEX, 32)}`,
  (r) => `xapp-1-A${r.text(UPPER + DIGITS, 10)}-${r.text(DIGITS, 13)}-${r.text(HEX, 64)}`,
  (r) => `AI${'za'}${r.text(URLSAFE, 35)}`,
  (r) => `ya29.${r.text(URLSAFE, 120)}`,
  (r) => `GOC${'SPX'}-${r.text(URLSAFE, 28)}`,
  (r) => `sk_${'live'}_${r.text(ALNUM, 24)}`,
  (r) => `rk_${'live'}_${r.text(ALNUM, 99)}`,
  (r) => `whsec_${r.text(ALNUM, 32)}`,
  (r) => `sk-${'ant'}-api03-${r.text(URLSAFE, 93)}AA`,
  (r) => `sk-${'proj'}-${r.text(URLSAFE, 74)}T3BlbkFJ${r.text(URLSAFE, 74)}`,
  (r) => `sk-${r.text(ALNUM, 20)}T3BlbkFJ${r.text(ALNUM, 20)}`,
  (r) => `hf_${r.text(LOWER + UPPER, 34)}`,
  (r) => `gsk_${r.text(ALNUM, 52)}`,
  (r) => `r8_${r.text(ALNUM, 37)}`,
  (r) => `SG.${r.text(URLSAFE, 22)}.${r.text(URLSAFE, 43)}`,
  (r) => `key-${r.text(HEX, 32)}`,
  (r) => `${r.text(HEX, 32)}-us${1 + r.int(20)}`,
  (r) => `SK${r.text(HEX, 32)}`,
  (r) => `shp${'at'}_${r.text(HEX, 32)}`,
  (r) => `sq0${'csp'}-${r.text(URLSAFE, 43)}`,
  (r) => `npm_${r.text(ALNUM, 36)}`,
  (r) => `pypi-AgEIcHlwaS5vcmc${r.text(URLSAFE, 130)}`,
  (r) => `rubygems_${r.text(HEX, 48)}`,
  (r) => `dckr_${'pat'}_${r.text(URLSAFE, 27)}`,
  (r) => `hvs.${r.text(URLSAFE, 92)}`,
  (r) => `s.${r.text(ALNUM, 24)}`,
  (r) => `${r.text(ALNUM, 14)}.atlasv1.${r.text(URLSAFE, 67)}`,
  (r) => `dp.st.prd.${r.text(ALNUM, 43)}`,
  (r) => `pul-${r.text(HEX, 40)}`,
  (r) => `dop_v1_${r.text(HEX, 64)}`,
  (r) => `dapi${r.text(HEX, 32)}`,
  (r) => `pscale_tkn_${r.text(URLSAFE, 43)}`,
  (r) => `sbp_${r.text(HEX, 40)}`,
  (r) => `NR${'AK'}-${r.text(UPPER + DIGITS, 27)}`,
  (r) => `glsa_${r.text(ALNUM, 32)}_${r.text(HEX, 8)}`,
  (r) => `sntryu_${r.text(HEX, 64)}`,
  (r) => `dt0c01.${r.text(BASE32, 24)}.${r.text(BASE32, 64)}`,
  (r) => `lin_api_${r.text(ALNUM, 40)}`,
  (r) => `ntn_${r.text(ALNUM, 46)}`,
  (r) => `pat${r.text(ALNUM, 14)}.${r.text(HEX, 64)}`,
  (r) => `figd_${r.text(URLSAFE, 40)}`,
  (r) => `PM${'AK'}-${r.text(HEX, 24)}-${r.text(HEX, 34)}`,
  (r) => `sdk-${uuid(r)}`,
  (r) => `ATATT3xFfGF0${r.text(URLSAFE, 180)}`,
  (r) => `tskey-auth-k${r.text(ALNUM, 16)}-${r.text(ALNUM, 32)}`,
  (r) => `${r.text(DIGITS, 9)}:AA${r.text(URLSAFE, 33)}`,
  (r) => `M${r.text(ALNUM, 23)}.${r.text(URLSAFE, 6)}.${r.text(URLSAFE, 27)}`,
  (r) => `sk${r.text(ALNUM, 82)}`,
  (r) => `AGE-SECRET-KEY-1${r.text('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`,
  (r) => `sha256~${r.text(URLSAFE, 43)}`,
  (r) => `CCIPAT_${r.text(ALNUM, 22)}_${r.text(HEX, 40)}`,
  (r) => `sqp_${r.text(HEX, 40)}`,
  (r) => `FlyV1 fm2_${r.text(B64, 120)}`,
  (r) => `${r.text(ALNUM, 3)}8Q~${r.text(`${ALNUM}_~.`, 33)}x`,
  (r) =>
    `${encodeUrl('{"alg":"HS256","typ":"JWT"}')}.${encodeUrl(JSON.stringify({ sub: r.text(DIGITS, 8), iat: 1730000000 }))}.${r.text(URLSAFE, 43)}`,
  (r) => `$2b$12$${r.text(`${ALNUM}./`, 53)}`,
];

export const CARRIERS: readonly ((r: Random, token: string) => string)[] = [
  (r, t) => `${stamp(r)} ERROR [${r.pick(SERVICES)}] upstream rejected credential ${t}, retrying`,
  (_, t) => `export UPSTREAM_CREDENTIAL=${t}`,
  (r, t) => JSON.stringify({ ts: stamp(r), pod: pod(r), request: { value: t }, ok: false }),
  (_, t) => `{"msg":"call failed: {\\"value\\":\\"${t}\\"}"}`,
  (_, t) => `please try with ${t} (worked for me yesterday)`,
  (r, t) => `curl -sS https://api.example.com/v1/${r.pick(SERVICES)} -H "X-Auth: ${t}"`,
  (_, t) => `value: "${t}"`,
  (_, t) => `panic: unexpected status 401 for "${t}"`,
];

/** A line and the part of it that must be gone. */
export const NAMED: readonly ((r: Random) => [line: string, secret: string])[] = [
  ...PASSWORD_FORMS.map((form) => (r: Random): [string, string] => {
    const secret = password(r);
    return [form.replaceAll('%', secret), secret];
  }),
  ...TOKEN_FORMS.map((form) => (r: Random): [string, string] => {
    const secret = r.pick([() => r.text(HEX, 32), () => r.text(ALNUM, 24 + r.int(20)), () => uuid(r)])();
    return [form.replaceAll('%', secret), secret];
  }),
  (r) => {
    const secret = r.text(B64, 40);
    return [`aws_secret_access_key = ${secret}`, secret];
  },
  (r) => {
    const secret = encode(`ci:${password(r)}`);
    return [`Authorization: Basic ${secret}`, secret];
  },
  (r) => {
    const secret = encode(
      JSON.stringify({ auths: { 'ghcr.io': { auth: encode(`ci:${r.text(ALNUM, 20)}`) } } }),
    );
    return [`  .dockerconfigjson: ${secret}`, secret];
  },
  (r) => {
    const kind = r.pick(['RSA ', 'EC ', '', 'OPENSSH ', 'ENCRYPTED ']);
    const body = `${r.text(B64, 64)}\n${r.text(B64, 64)}\n${r.text(B64, 40)}==`;
    return [
      `key: |\n-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----\nnext: ${privateIp(r)}`,
      body,
    ];
  },
  (r) => {
    const body = `${r.text(B64, 64)}\\n${r.text(B64, 64)}`;
    return [
      `{"private_key":"-----BEGIN PRIVATE KEY-----\\n${body}\\n-----END PRIVATE KEY-----\\n","type":"service_account"}`,
      body,
    ];
  },
  (r) => {
    const pem = encode(
      `-----BEGIN RSA PRIVATE KEY-----\n${r.text(B64, 64)}\n-----END RSA PRIVATE KEY-----\n`,
    );
    return [`    client-key-data: ${pem}`, pem];
  },
];
