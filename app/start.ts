// Puts the app together from its configuration: clones, GitHub installation, desk, HTTP server. Must never decide anything
// about an incident.
import { randomUUID } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { openClone } from '#adapters/git/clone';
import type { EvidenceItem } from '#adapters/git/evidence';
import { KEPT_DAYS, openEvidence } from '#adapters/git/evidence-keeper';
import { openLedger } from '#adapters/git/ledger';
import { removeLocks } from '#adapters/git/locks';
import { own } from '#adapters/git/owner';
import { productAt } from '#adapters/git/product-at';
import type { Repo } from '#adapters/github/api';
import { botIdentity } from '#adapters/github/bot';
import { jobVerifier } from '#adapters/github/job-identity';
import type { Config } from './config.ts';
import { openDesk } from './desk/desk.ts';
import { tellTroublesAhead } from './desk/foresee.ts';
import { reconcile } from './desk/reconcile.ts';
import { incidentCleaner, incidentRedactor, sourceReader, type World } from './desk/world.ts';
import { vigil } from './index.ts';
import { answer } from './webhooks/http.ts';

/** So many writes that failed in a row, over so long, are no passing trouble: a new process may know better. */
const MOST_FAILURES = 10;
const MOST_FAILING_MS = 120_000;
const DAY_MS = 86_400_000;

type GiveUp = (why: string) => void;
export type Running = { port: number; close(): Promise<void> };

/**
 * Starts the app, and resolves when it listens. Throws when GitHub or the ledger cannot be reached, or when another process
 * works in the data folder. `giveUp` is called when nothing can be written for long: whoever started it should start it anew.
 */
export async function start(config: Config, giveUp: GiveUp = () => undefined): Promise<Running> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await chmod(config.dataDir, 0o700);
  const disown = await own(config.dataDir);
  try {
    const running = await assemble(config, giveUp);
    return { port: running.port, close: () => running.close().finally(disown) };
  } catch (error) {
    await disown();
    throw error;
  }
}

/**
 * A call that changes something may have been carried out although its answer was 502 or got lost. Only the desk repeats it, for
 * it looks first. https://github.com/octokit/plugin-retry.js
 */
function repeatsReadsOnly(octokit: Pick<InstanceType<typeof ProbotOctokit>, 'hook'>): void {
  octokit.hook.before('request', (options) => {
    if (options.method !== 'GET' && options.method !== 'HEAD')
      options.request = { ...options.request, retries: 0 };
  });
}

async function assemble(config: Config, giveUp: GiveUp): Promise<Running> {
  const log = pino({
    level: config.logLevel,
    base: { replica: config.replica },
    redact: {
      paths: ['event', 'err.event', 'err.request', 'err.errors[*].event', 'payload', 'headers', 'req'],
      remove: true,
    },
  });
  const { appId, privateKey, webhookSecret, owner, repo: name, api, server } = config.github;
  // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
  const { throttle: enabled } = config.github;
  const Octokit = ProbotOctokit.plugin(repeatsReadsOnly).defaults(
    (given: object & { throttle?: object }) => ({
      ...given,
      // A rate limit is waited for by the desk, which looks before it repeats. Here it would outlast the claim.
      throttle: {
        ...{ ...given.throttle, enabled },
        ...{ onRateLimit: () => false, onSecondaryRateLimit: () => false },
      },
    }),
  );
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl: api, log, Octokit });
  const asApp = await probot.auth();
  const { data: self } = await asApp.rest.apps.getAuthenticated();
  const { data: installation } = await asApp.rest.apps.getRepoInstallation({ owner, repo: name });
  const octokit = () => probot.auth(installation.id);
  const { data: repository } = await (await octokit()).rest.repos.get({ owner, repo: name });
  const branch = repository.default_branch;
  const repo: Repo = { octokit, owner, repo: name, branch, appSlug: self?.slug ?? 'vigil' };

  const credentials = async (): Promise<string> => {
    const auth = (await (await repo.octokit()).auth({ type: 'installation' })) as { token: string };
    return auth.token;
  };
  const url = `${server}/${owner}/${name}.git`;
  const identity = await botIdentity(repo);
  const ledger = await openLedger({
    ...{ dir: join(config.dataDir, 'ledger'), url, credentials, identity },
    signingKey: config.ledgerKey,
    tell: (sentence) => log.error(sentence),
  });
  const evidence = openEvidence({ dir: join(config.dataDir, 'evidence'), url, credentials, identity });
  const clone = async (folder: string) => {
    const dir = join(config.dataDir, folder);
    await removeLocks(dir);
    return openClone({ dir, url, credentials });
  };
  const main = await clone('main');
  const redact = incidentRedactor(config);
  const world: World = {
    config,
    ledger,
    repo,
    clone: main,
    ...sourceReader(main, config, () => new Date()),
    redact,
    clean: incidentCleaner(config, redact),
    log,
    now: () => new Date(),
    owner: { replica: config.replica, boot: randomUUID() },
  };
  const desk = openDesk(world);
  const identify = jobVerifier({
    issuer: config.github.oidcIssuer,
    repositoryId: String(repository.id),
    ownerId: String(repository.owner.id),
    repository: `${owner}/${name}`,
    branch,
    productAt: productAt(await clone('product')),
  });
  const facts = {
    identify,
    storeEvidence: (key: string, items: EvidenceItem[]) => evidence.store(key, items, world.now()),
    runbooks: async () => (await world.source()).runbooks,
  };

  let draining = false;
  const own = { repositoryId: repository.id, installationId: installation.id };
  const middleware = await createNodeMiddleware(
    vigil({ world, own, desk, facts, draining: () => draining }),
    {
      probot,
    },
  );
  const http = createServer((request, response) => {
    if (Number(request.headers['content-length'] ?? 0) > 25 * 1024 * 1024) {
      answer(response, 413, { error: 'the body is larger than 25 MiB' });
      return;
    }
    Promise.resolve(
      middleware(request, response, () => void answer(response, 404, { error: 'not found' })),
    ).catch((error: unknown) => {
      log.error({ err: error }, 'a request stumbled');
      answer(response, 500, { error: 'internal error' });
    });
  });
  http.requestTimeout = 30_000;
  http.headersTimeout = 10_000;
  await new Promise<void>((resolve) => http.listen(config.port, config.host, resolve));
  const { port } = http.address() as AddressInfo;
  log.info({ port, repository: `${owner}/${name}`, ledger: ledger.head() }, 'Vigil is watching');

  const sweep = async (): Promise<void> => {
    await reconcile(world, desk).catch((error: unknown) =>
      log.warn({ err: error }, 'PagerDuty could not be reconciled'),
    );
    await desk
      .sweep()
      .catch((error: unknown) => log.error({ err: error }, 'the sweep failed; the next one tries again'));
    const { failing } = ledger.health();
    if (failing && failing.count >= MOST_FAILURES && Date.now() - failing.since > MOST_FAILING_MS)
      giveUp(
        `${failing.count} writes to the ledger failed one after the other, the last one: ${failing.reason}`,
      );
  };
  const eraseOld = async (): Promise<void> => {
    const erased = await evidence.eraseOld(world.now());
    if (erased.length > 0) log.info({ erased }, `evidence older than ${KEPT_DAYS} days was erased`);
  };
  const daily = (): void => {
    void eraseOld().catch((error: unknown) => log.warn({ err: error }, 'old evidence could not be erased'));
    void tellTroublesAhead(world);
  };
  await sweep();
  daily();
  const days = setInterval(daily, DAY_MS);
  const timer = setInterval(() => void sweep(), config.sweepMs);
  return {
    port,
    async close() {
      draining = true;
      clearInterval(timer);
      clearInterval(days);
      http.closeIdleConnections();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      await desk.close();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
      http.closeAllConnections();
      ledger.close();
      evidence.close();
    },
  };
}
