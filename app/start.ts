// Puts the app together from its configuration: clones, GitHub installation, desk, HTTP server. Must never decide anything
// about an incident.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { openClone } from '#adapters/git/clone';
import type { EvidenceItem } from '#adapters/git/evidence';
import { KEPT_DAYS, openEvidence } from '#adapters/git/evidence-keeper';
import { openLedger } from '#adapters/git/ledger';
import { removeLocks } from '#adapters/git/locks';
import { productAt } from '#adapters/git/product-at';
import { refusalOfKey } from '#adapters/git/signing-key';
import type { Repo } from '#adapters/github/api';
import { botIdentity } from '#adapters/github/bot';
import { jobVerifier } from '#adapters/github/job-identity';
import { secondWitness } from '#adapters/workspace/bash/second-witness';
import { ledgerKey } from '#core/messages/starting';
import type { Config } from './config.ts';
import { openDesk } from './desk/desk.ts';
import { tellTroublesAhead } from './desk/foresee.ts';
import { sweepPulls } from './desk/pull-sweep.ts';
import { reconcile } from './desk/reconcile.ts';
import { incidentCleaner, incidentRedactor, sourceReader, type World } from './desk/world.ts';
import { vigil } from './index.ts';
import { type Concerns, openConcerns } from './starting/concerns.ts';
import { countDeliveries } from './starting/deliveries.ts';
import { type Door, openDoor } from './starting/door.ts';
import { takeFolder } from './starting/folder.ts';
import { type Met, meetGitHub } from './starting/github.ts';
import { openLog } from './starting/log.ts';
import { lookAt, looksOf } from './starting/looks.ts';
import { patiently } from './starting/patience.ts';
import { repeating } from './starting/repeating.ts';
import { Refused } from './starting/trouble.ts';
import { answer } from './webhooks/http.ts';

/** So many writes that failed in a row, over so long, are no passing trouble: a new process may know better. */
const MOST_FAILURES = 10;
const MOST_FAILING_MS = 120_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How many sweeps until the settings that are about others are tried again. */
const AMISS_SWEEPS = 4;
const WELL_SWEEPS = 240;

type GiveUp = (why: string) => void;
export type Running = { port: number; close(): Promise<void> };

/**
 * Starts the app. It listens at once and resolves when it is at work: while GitHub is away it waits. Throws `Refused` and
 * `Owned`, in words for an operator. `giveUp` is called when nothing can be written for long: whoever started it should start it
 * anew.
 */
export async function start(config: Config, giveUp: GiveUp = () => undefined): Promise<Running> {
  const log = openLog(config);
  const key = config.ledgerKey === null ? null : await refusalOfKey(config.ledgerKey);
  if (key !== null) throw new Refused(ledgerKey(key));
  const disown = await takeFolder(config.dataDir);
  const concerns = openConcerns(log);
  let door: Door | null = null;
  try {
    door = await openDoor(config, concerns);
    const parts = await patiently(() => assemble(config, log, concerns), concerns);
    const running = await work(parts, door, giveUp);
    return { port: door.port, close: () => running.close().finally(disown) };
  } catch (error) {
    await door?.close();
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

type Auth = { request?: { defaults(options: object): object } };

/**
 * Probot renews an installation's token with a request of its own, which knows GitHub.com alone: at another GitHub the app's git would
 * stop an hour after its start, and its signed word would go to a stranger.
 */
function askingAt(baseUrl: string, auth: Auth): object {
  return auth.request ? { ...auth, request: auth.request.defaults({ baseUrl }) } : auth;
}

type Parts = Awaited<ReturnType<typeof assemble>>;

/** All that needs GitHub to be there. It may be done again after it failed half way. */
async function assemble(config: Config, log: Logger, concerns: Concerns) {
  const { appId, privateKey, webhookSecret, owner, repo: name, api, server } = config.github;
  // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
  const { throttle: enabled } = config.github;
  const Octokit = ProbotOctokit.plugin(repeatsReadsOnly).defaults(
    (given: object & { throttle?: object; auth?: Auth }) => ({
      ...given,
      ...(given.auth ? { auth: askingAt(api, given.auth) } : {}),
      // A rate limit is waited for by the desk, which looks before it repeats. Here it would outlast the claim.
      throttle: {
        ...{ ...given.throttle, enabled },
        ...{ onRateLimit: () => false, onSecondaryRateLimit: () => false },
      },
    }),
  );
  const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl: api, log, Octokit });
  const met: Met = await meetGitHub(probot, config, concerns);
  const { repository, installationId } = met;
  const octokit = () => probot.auth(installationId);
  const branch = repository.default_branch;
  const repo: Repo = { octokit, owner, repo: name, branch, appSlug: met.slug };

  const credentials = async (): Promise<string> => {
    const auth = (await (await repo.octokit()).auth({ type: 'installation' })) as { token: string };
    return auth.token;
  };
  const url = `${server}/${owner}/${name}.git`;
  const identity = await botIdentity(repo);
  const access = { url, credentials, identity };
  const evidence = openEvidence({ dir: join(config.dataDir, 'evidence'), ...access });
  const clone = async (folder: string) => {
    const dir = join(config.dataDir, folder);
    await removeLocks(dir);
    return openClone({ dir, url, credentials });
  };
  const main = await clone('main');
  const product = await clone('product');
  const ledger = await openLedger({
    ...{ dir: join(config.dataDir, 'ledger'), ...access },
    signingKey: config.ledgerKey,
    tell: (sentence) => log.error(sentence),
  });
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
    witness: secondWitness,
    owner: { replica: config.replica, boot: randomUUID() },
  };
  const desk = openDesk(world);
  const identify = jobVerifier({
    issuer: config.github.oidcIssuer,
    repositoryId: String(repository.id),
    ownerId: String(repository.owner.id),
    repository: `${owner}/${name}`,
    branch,
    productAt: productAt(product),
  });
  const facts = {
    identify,
    storeEvidence: (key: string, items: EvidenceItem[]) => evidence.store(key, items, world.now()),
    runbooks: async () => (await world.source()).runbooks,
  };

  const own = { repositoryId: repository.id, installationId };
  const looks = looksOf(config, met, repo);
  return { probot, world, desk, facts, own, evidence, concerns, looks };
}

/** Takes deliveries and looks around, until it is closed. */
async function work(parts: Parts, door: Door, giveUp: GiveUp): Promise<{ close(): Promise<void> }> {
  const { probot, world, desk, facts, own, evidence, concerns, looks } = parts;
  const { config, ledger, log } = world;
  let draining = false;
  let looked = false;
  const state = { draining: () => draining, amiss: () => ({ ...concerns.list(), looked }) };
  const middleware = await createNodeMiddleware(vigil({ world, own, desk, facts, ...state }), { probot });
  const count = countDeliveries(concerns);
  door.open((request, response) => {
    if (Number(request.headers['content-length'] ?? 0) > 25 * 1024 * 1024) {
      answer(response, 413, { error: 'the body is larger than 25 MiB' });
      return;
    }
    count(request, response);
    Promise.resolve(
      middleware(request, response, () => void answer(response, 404, { error: 'not found' })),
    ).catch((error: unknown) => {
      log.error({ err: error }, 'a request stumbled');
      answer(response, 500, { error: 'internal error' });
    });
  });
  const { owner, repo } = config.github;
  log.info({ port: door.port, repository: `${owner}/${repo}`, ledger: ledger.head() }, 'Vigil is watching');

  const sweep = async (): Promise<void> => {
    await ledger.lookForRoom();
    await reconcile(world, desk);
    await desk
      .sweep()
      .catch((error: unknown) => log.error({ err: error }, 'the sweep failed; the next one tries again'));
    const { failing } = ledger.health();
    if (failing && failing.count >= MOST_FAILURES && Date.now() - failing.since > MOST_FAILING_MS)
      giveUp(`${failing.count} writes to the ledger failed in a row, the last one: ${failing.reason}`);
  };
  const eraseOld = async (): Promise<void> => {
    const erased = await evidence.eraseOld(world.now());
    if (erased.length > 0) log.info({ erased }, `evidence older than ${KEPT_DAYS} days was erased`);
  };
  const daily = async (): Promise<void> => {
    await eraseOld().catch((error: unknown) => log.warn({ err: error }, 'old evidence could not be erased'));
    await tellTroublesAhead(world);
  };
  const hourly = (): Promise<void> =>
    sweepPulls(world, desk).catch((error: unknown) =>
      log.warn({ err: error }, 'open pull requests could not be listed; the next hour looks again'),
    );
  // Somebody who does not answer is asked again soon, and somebody who does now and then: a token may be taken back.
  let pause = 0;
  const lookAround = async (): Promise<void> => {
    pause = config.sweepMs * ((await lookAt(looks, concerns)) ? WELL_SWEEPS : AMISS_SWEEPS);
    looked = true;
  };
  const first = lookAround();
  await sweep();
  void Promise.all([daily(), hourly()]);
  const rounds = [
    repeating(daily, () => DAY_MS),
    repeating(hourly, () => HOUR_MS),
    repeating(sweep, () => config.sweepMs),
  ];
  void first.then(() => draining || rounds.push(repeating(lookAround, () => pause)));
  return {
    async close() {
      draining = true;
      for (const round of rounds) round.end();
      const closed = door.close();
      await desk.close();
      await closed;
      ledger.close();
      evidence.close();
    },
  };
}
