// Every secret and identity of one sandbox world, made anew each time. It must never hold one that means anything elsewhere.
import { generateKeyPairSync, randomBytes } from 'node:crypto';

const token = (prefix: string): string => `${prefix}${randomBytes(20).toString('hex')}`;

export type Credentials = ReturnType<typeof newCredentials>;

export function newCredentials() {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const secrets = {
    webhook: token('whs_'),
    pagerduty: token('pds_'),
    pagerdutyKey: token('pdk_'),
    slack: token('xoxb-'),
    slackSigning: token(''),
    client: token('gcs_'),
    coder: token('coder-'),
    datadog: token('dda'),
    datadogApp: token('ddp'),
    skyflow: token('sky-'),
    anthropic: token('sk-ant-'),
    sanity: token('sk'),
  };
  const client = { clientId: 'Iv1.sandbox', clientSecret: secrets.client };
  return {
    secrets,
    app: { id: 4711, slug: 'vigil', privateKey, installationId: 815, ...client },
    /** Riley and Sam may write, Sam is an administrator, Robin may only read; the bot of another app may write. */
    people: {
      ...{ riley: token('ghp_'), sam: token('ghp_'), robin: token('ghp_') },
      'review-bot[bot]': token('ghs_'),
    },
  };
}
