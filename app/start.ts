// Puts the app together from its configuration: clones, GitHub installation, desk, HTTP server. No decisions here.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { openClone } from '#adapters/git/clone';
import { evidenceBranch, storeEvidence } from '#adapters/git/evidence';
import { openLedger } from '#adapters/git/ledger';
import { productAt } from '#adapters/git/product-at';
import type { Repo } from '#adapters/github/api';
import { jobVerifier } from '#adapters/github/job-identity';
import type { Config } from './config.ts';
import { openDesk } from './desk/desk.ts';
import { reconcile } from './desk/reconcile.ts';
import { incidentCleaner, incidentRedactor, sourceReader, type World } from './desk/world.ts';
import { vigil } from './index.ts';
import { answer } from './webhooks/http.ts';

export type Running = { port: number; close(): Promise<void> };

/** Starts the app; resolves when it listens. Throws when GitHub or the ledger cannot be reached. */
export async function start(config: Config): Promise<Running> {
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
  const Octokit = ProbotOctokit.defaults((given: object & { throttle?: object }) => ({
    ...given,
    throttle: { ...given.throttle, enabled },
  }));
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
  const clone = (folder: string, signed = false) =>
    openClone({
      dir: join(config.dataDir, folder),
      url: `${server}/${owner}/${name}.git`,
      credentials,
      signingKey: signed ? config.ledgerKey : null,
    });
  const ledger = await openLedger(await clone('ledger', true));
  const evidence = await clone('evidence');
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
  let evidenceTurn: Promise<unknown> = Promise.resolve();
  const facts = {
    identify,
    storeEvidence: (key: string, items: Parameters<typeof storeEvidence>[3] & object[]) => {
      const branch = evidenceBranch(world.now());
      const stored = evidenceTurn.then(async () => ({
        branch,
        items: await storeEvidence(evidence, branch, key, items),
      }));
      evidenceTurn = stored.catch(() => undefined);
      return stored;
    },
    runbooks: async () => (await world.source()).runbooks,
  };

  let draining = false;
  const middleware = await createNodeMiddleware(vigil({ world, desk, facts, draining: () => draining }), {
    probot,
  });
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
  };
  await sweep();
  const timer = setInterval(() => void sweep(), config.sweepMs);
  return {
    port,
    async close() {
      draining = true;
      clearInterval(timer);
      http.closeIdleConnections();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      await desk.close();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
      http.closeAllConnections();
    },
  };
}
