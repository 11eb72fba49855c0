// A quick world with the real app as a process of its own, its log kept and everything it sends recorded; Skyflow on request.
// It must never give the app anything an operator would not.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppProcess, freePort, startApp } from '../../sandbox/app-process.ts';
import { type Skyflow, startSkyflow } from '../../sandbox/skyflow/server.ts';
import { root } from './files.ts';
import { type QuickWorld, startQuickWorld, type Urls } from './quick-world.ts';
import { type RecordingProxy, recordingProxy } from './recording-proxy.ts';

export type WatchedApp = {
  world: QuickWorld;
  proxy: RecordingProxy<keyof Urls>;
  skyflow: Skyflow;
  log(): Promise<string>;
  close(): Promise<void>;
};

/** `people`: names Skyflow finds; without it no Skyflow is configured. `more`: further variables of the app's environment. */
export async function startWatchedApp({
  people,
  more = {},
}: {
  people?: readonly string[];
  more?: Record<string, string>;
}): Promise<WatchedApp> {
  const [world, skyflow, port] = await Promise.all([
    startQuickWorld(),
    startSkyflow({ vaultId: 'sandbox0vault', token: 'sky-token-0123456789', people: people ?? [] }),
    freePort(),
  ]);
  const proxy = await recordingProxy({
    github: new URL(world.github.web).origin,
    pagerduty: world.pagerduty.api,
    slack: new URL(world.slack.api).origin,
  });
  const log = join(world.dir, 'app.log');
  const privacy = {
    SKYFLOW_VAULT_URL: skyflow.url,
    SKYFLOW_VAULT_ID: 'sandbox0vault',
    SKYFLOW_API_KEY: 'sky-token-0123456789',
  };
  const environment = {
    ...world.environment('one', port, proxy.urls),
    RCA_WAIT_SECONDS: '0',
    ...(people ? privacy : {}),
    ...more,
  };
  const app: AppProcess = await startApp(root, log, port, environment);
  world.connect(app.url);
  return {
    world,
    proxy,
    skyflow,
    log: () => readFile(log, 'utf8'),
    async close() {
      await Promise.all([app.kill('SIGKILL'), skyflow.close()]);
      await proxy.close();
      await world.close();
    },
  };
}
