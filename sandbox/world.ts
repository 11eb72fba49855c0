// The whole outside world on one machine, and the real app beside it: GitHub, the vendors, a shop and its monitor.
// It must never hand the app anything but URLs, keys and secrets, as an operator would.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SETTINGS_PATH } from '#adapters/git/source';
import { type AppProcess, freePort, onFreePort, startApp } from './app-process.ts';
import { beginWeather, clockOf, openFront } from './around.ts';
import { installedChromium } from './browser.ts';
import { type Llm, startBrain } from './claude/brain.ts';
import type { Claude } from './claude/server.ts';
import type { Coder } from './coder/server.ts';
import { newCredentials } from './credentials.ts';
import type { Datadog } from './datadog/server.ts';
import { folderOfProcess } from './folder.ts';
import type { GitHub } from './github/server.ts';
import { forgeOf, openGitHub } from './installation.ts';
import type { Given } from './lightpanda.ts';
import { routingKey } from './pagerduty/events.ts';
import type { PagerDuty } from './pagerduty/server.ts';
import { sampleLedger } from './sample-history.ts';
import type { Sanity } from './sanity/server.ts';
import { type ProductRepository, productRepository, seedInstallation } from './seed.ts';
import { type Push, shippedRunbooks, shippedSettings, vouchedScripts } from './shipped.ts';
import { type Monitor, startMonitor, watchCustomers } from './shop/monitor.ts';
import { type Shop, startShop } from './shop/server.ts';
import type { Skyflow } from './skyflow/server.ts';
import type { Slack } from './slack/server.ts';
import { SERVICE, startVendors, type Wanted } from './vendors.ts';
import { connect, OWNER, REPO, settingsOf } from './wiring.ts';

export type WorldOptions = Wanted & {
  root: string;
  replicas?: number;
  /** So many sample incidents, or a ledger to begin with as a stream for `git fast-import`. */
  history?: number | ((now: Date) => Promise<Buffer>);
  /** How long the app waits for a root-cause note; by itself it does not. */
  rcaWaitSeconds?: number;
  /** A model decides, asked with a key or with the job's identity; without it the planner does. */
  llm?: Llm;
  /** What played people will push; without bubblewrap nothing else that is pushed may run. */
  pushes?: readonly Push[];
  /** Name of the default branch; main unless given. */
  defaultBranch?: string;
  /** Owner and name of the installation, and the product repository it calls; its own unless given. */
  repository?: { owner: string; repo: string };
  product?: ProductRepository;
  /** Starts another shop in place of the usual one. */
  shop?: () => Promise<Shop>;
  /** A browser that runs here; without it one is found. */
  chromium?: string;
  /** What jobs look with in its place or beside it, by the names of .env.example. */
  eyes?: Given;
  say?: (line: string) => void;
};
export type World = {
  dir: string;
  /** The browser that jobs verify with. */
  chromium: string;
  github: GitHub;
  pagerduty: PagerDuty & { webhook: string; secret: string; service: string; apiKey: string };
  slack: Slack;
  skyflow: Skyflow | null;
  sanity: Sanity | null;
  claude: Claude | null;
  coder: Coder;
  datadog: Datadog;
  shop: Shop;
  apps: AppProcess[];
  owner: string;
  repo: string;
  product: ProductRepository;
  reviewer: { login: string; token: string };
  /** Tokens of the sandbox's people: riley, sam and review-bot[bot] may write, robin may only read. */
  people: Record<string, string>;
  log: string;
  /** Every secret of this world by name, so that a test can look for them where they must not be. */
  secrets: Record<string, string>;
  /** Starts one more app process, as replica `name`; the same name again is that replica restarted. */
  startReplica(name: string): Promise<AppProcess>;
  /** The shop's own monitors, which page when orders fail, and when wanted also when customers come and none orders. */
  watchShop(also?: 'customers'): void;
  close(): Promise<void>;
};

export async function startWorld(options: WorldOptions): Promise<World> {
  const { root, replicas = 1, history = 40, rcaWaitSeconds = 0, llm, say = () => undefined } = options;
  const { defaultBranch = 'main', repository: place = { owner: OWNER, repo: REPO } } = options;
  const folder = folderOfProcess('vigil-');
  const dir = folder.path;
  const temp = join(dir, 'tmp');
  await mkdir(temp);
  const { weather } = options;
  const chromium = options.chromium ?? (await installedChromium(say));
  const credentials = newCredentials();
  const { secrets, people } = credentials;
  const shop = await (options.shop ?? startShop)();
  const monitors: Monitor[] = [];
  let counting: Monitor | null = null; // Datadog's monitor is another one
  const settings = shippedSettings(await readFile(join(root, SETTINGS_PATH), 'utf8'), shop);
  const runbooks = await shippedRunbooks(root);
  const parameters = settings.services[SERVICE]?.parameters ?? {};
  const trusted = vouchedScripts(runbooks, parameters, options.pushes ?? []);
  const vendors = await startVendors(
    credentials,
    options,
    { shop, monitors, trusted },
    settings.workspace,
    dir,
  );
  const issuer = () => github.oidc;
  const brain = llm ? await startBrain(llm, `${place.owner}/${place.repo}`, secrets.anthropic, issuer) : null;
  const claude = brain?.claude ?? null;
  const product = options.product ?? (await productRepository(root, dir));
  const apps: AppProcess[] = [];
  const home = await freePort(); // where the first replica listens: vigil.yml names it before it is there
  const front = await openFront(weather, () => apps[0]?.url ?? `http://127.0.0.1:${home}`);
  const address = (port: number): string => front?.url ?? `http://127.0.0.1:${port}`;
  const seed = join(dir, 'seed');
  await seedInstallation(root, seed, {
    ...{ pin: product.pin, appId: credentials.app.id, defaultBranch, shop },
    environment: {
      ...{ ...vendors.addresses, ...brain?.settings },
      ...{ VIGIL_URL: address(home), CHROMIUM_PATH: chromium, ...options.eyes },
    },
  });
  const github: GitHub = await openGitHub(credentials, vendors, {
    ...{ dir, temp, seed, defaultBranch, place, product },
    asksModel: llm === 'anthropic',
    weather,
  });
  const cache = runbooks.find((runbook) => runbook.id === 'shop-checkout-errors');
  const past = async (now: Date): Promise<Buffer | null> =>
    typeof history === 'function'
      ? history(now)
      : history > 0 && cache
        ? sampleLedger(cache, 'Checkout error rate is high on shop', history, now)
        : null;
  const ledger = await past(new Date());
  if (ledger) await github.seedBranch('vigil/ledger', ledger);

  const log = join(dir, 'app.log');
  let taken = 0;
  const startReplica = async (name: string): Promise<AppProcess> => {
    const begin = (port: number): Promise<AppProcess> => {
      const environment = settingsOf(credentials, vendors, github, {
        VIGIL_URL: address(port),
        VIGIL_REPOSITORY: `${place.owner}/${place.repo}`,
        VIGIL_REPLICA: name,
        VIGIL_DATA_DIR: join(dir, 'data'),
        TMPDIR: temp,
        RCA_WAIT_SECONDS: String(rcaWaitSeconds),
        ...clockOf(weather),
      });
      return startApp(root, log, port, environment);
    };
    const started = await (apps.length === 0 && taken++ === 0 ? begin(home) : onFreePort(begin));
    apps.push(started);
    connect(front ? [front] : apps, github, vendors, secrets);
    return started;
  };
  await Promise.all(Array.from({ length: replicas }, (_, index) => startReplica(`replica-${index + 1}`)));
  const { pagerduty, slack, skyflow, sanity, coder, datadog } = vendors;
  const leave = beginWeather(weather, {
    ...{ dir, github, slack, people: { ...people } },
    forge: forgeOf(credentials, place.owner),
    webhook: () => `${front?.url ?? apps[0]?.url}/api/github/webhooks`,
  });
  return {
    dir,
    chromium,
    github,
    pagerduty: {
      ...pagerduty,
      webhook: `${front?.url ?? apps[0]?.url}/webhooks/pagerduty`,
      secret: secrets.pagerduty,
      service: SERVICE,
      apiKey: secrets.pagerdutyKey,
    },
    slack,
    skyflow,
    sanity,
    claude,
    coder,
    datadog,
    shop,
    apps,
    ...place,
    product,
    reviewer: { login: 'riley', token: people.riley },
    people,
    log,
    secrets: { ...secrets, ...people, privateKey: credentials.app.privateKey.split('\n')[1] ?? '' },
    startReplica,
    watchShop(also) {
      const where = {
        shopUrl: shop.url,
        events: pagerduty.events,
        routingKey: routingKey(SERVICE),
        everyMs: 250,
        monitorUrl: datadog.monitor.url,
      };
      monitors.push(startMonitor(where));
      if (also) counting = watchCustomers(where, () => shop.state().waiting);
    },
    async close() {
      await Promise.all([...monitors, counting].map((monitor) => monitor?.stop()));
      await Promise.all(apps.map(({ kill }) => kill('SIGTERM')));
      await leave();
      await Promise.all([github, vendors, shop, claude, front].map((one) => one?.close()));
      await folder.remove();
    },
  };
}
