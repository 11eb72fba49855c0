// Opens the SDK's client for one account: a host from an allow list, one credential, nothing from the environment.
// Must never send anything to a host that nobody reviewed, follow a redirect, or let a variable add a header or a log.
import Anthropic from '@anthropic-ai/sdk';
import { oidcFederationProvider } from '@anthropic-ai/sdk/lib/credentials/oidc-federation';

/** `token` gives a fresh OIDC token of the job for the audience of Anthropic. */
export type Federation = {
  rule: string;
  organization: string;
  serviceAccount: string | null;
  workspace: string | null;
  token: () => Promise<string>;
};
export type ClaudeAccount = {
  baseUrl: string;
  /** Other hosts than Anthropic's own that vigil.yml allows: a regional endpoint or a gateway of the organisation. */
  gateways: readonly string[];
  credential: { key: string } | { federation: Federation };
};
export type ClaudeClient = Pick<Anthropic, 'messages' | 'models'>;
type OpenedClaude = { ok: true; client: ClaudeClient } | { ok: false; code: 'base_url'; reason: string };

export const ANTHROPIC_API = 'https://api.anthropic.com';
/** The audience of the job's token: https://platform.claude.com/docs/en/manage-claude/wif-providers/github-actions */
export const ANTHROPIC_AUDIENCE = 'https://api.anthropic.com';
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;
const EXCHANGE_MS = 15_000;

export function openClaude(account: ClaudeAccount): OpenedClaude {
  const base = allowed(account.baseUrl, account.gateways);
  if (base === null) return refused('the configured address', account.baseUrl);
  const ambient = process.env['ANTHROPIC_BASE_URL'];
  // The SDK would not use this variable here. But when it is set, somebody wants the traffic to go elsewhere.
  if (ambient && allowed(ambient, account.gateways) !== base) return refused('ANTHROPIC_BASE_URL', ambient);
  const fetch = guarded(new URL(base).origin);
  const { credential } = account;
  const client = withoutAmbient(
    () =>
      new Anthropic({
        baseURL: base,
        fetch,
        maxRetries: 0,
        logLevel: 'warn',
        openTelemetry: false,
        ...('key' in credential
          ? { apiKey: credential.key }
          : { credentials: federated(credential.federation, base, fetch) }),
      }),
  );
  return { ok: true, client };
}

function refused(what: string, address: string): OpenedClaude {
  const host = URL.parse(address)?.host ?? 'something that is no address';
  return {
    ok: false,
    code: 'base_url',
    reason: `${what} names ${host.slice(0, 100)}, which is neither api.anthropic.com nor a host under model.gateways in vigil.yml; nothing was sent`,
  };
}

/** The address without its last slash. Null: it is not allowed. Plain http only to this machine, for the sandbox. */
function allowed(address: string, gateways: readonly string[]): string | null {
  const url = URL.parse(address);
  if (url === null || `${url.username}${url.password}${url.search}${url.hash}` !== '') return null;
  const sandbox = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  const reviewed = url.protocol === 'https:' && [new URL(ANTHROPIC_API).host, ...gateways].includes(url.host);
  return sandbox || reviewed ? url.href.replace(/\/+$/, '') : null;
}

function guarded(origin: string): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) throw new Error(`${url.host} is not the host of this account`);
    return fetch(url, {
      ...init,
      redirect: 'error',
      signal: init?.signal ?? AbortSignal.timeout(EXCHANGE_MS),
    });
  };
}

function federated(federation: Federation, baseURL: string, fetch: typeof globalThis.fetch) {
  const { rule, organization, serviceAccount, workspace, token } = federation;
  return oidcFederationProvider({
    ...{ baseURL, fetch, identityTokenProvider: token },
    federationRuleId: rule,
    organizationId: organization,
    ...(serviceAccount === null ? {} : { serviceAccountId: serviceAccount }),
    ...(workspace === null ? {} : { workspaceId: workspace }),
  });
}

/** Hides ANTHROPIC_* from the SDK, which would take headers, log level and tracing from there. */
function withoutAmbient<T>(open: () => T): T {
  const names = Object.keys(process.env).filter((name) => name.startsWith('ANTHROPIC_'));
  const kept = names.map((name): [string, string | undefined] => [name, process.env[name]]);
  for (const name of names) delete process.env[name];
  try {
    return open();
  } finally {
    for (const [name, value] of kept) if (value !== undefined) process.env[name] = value;
  }
}
