// Whose eyes `vigil verify` looks with: what vigil.yml names, else what the environment does, else a Chromium that is installed.
// Must never take another engine than the one that was asked for.
import { load as parseYaml } from 'js-yaml';
import type { BrowserOptions } from '#adapters/browser/sessions';
import { openBrowsers } from '#adapters/browser/sessions';
import type { Datadog } from '#adapters/datadog';
import { datadogApi } from '#core/addresses';
import type { Settings } from '#core/settings';
import { type CheckSecrets, readSecrets } from '#core/verification/secrets';
import type { CliConfig } from '../config.ts';
import { InputError } from './command.ts';

export const engines = ['both', 'lightpanda', 'chromium'] as const;
export type Engines = (typeof engines)[number];

export async function eyesFor(
  wanted: Engines,
  settings: Settings | null,
  config: CliConfig,
): Promise<BrowserOptions> {
  const options = namedFor(wanted, settings, config);
  const browsers = openBrowsers(options); // asked only what is set up: nothing is started
  const lacks = async (engine: 'lightpanda' | 'chromium'): Promise<boolean> =>
    wanted === engine && !(await browsers.has(engine));
  if (await lacks('lightpanda'))
    throw new InputError(
      'no Lightpanda is named: browser.lightpanda_path or browser.lightpanda_endpoint of vigil.yml, or LIGHTPANDA_PATH or LIGHTPANDA_WS_ENDPOINT',
    );
  if (await lacks('chromium'))
    throw new InputError('there is no Chromium here: browser.chromium_path of vigil.yml, or CHROMIUM_PATH');
  return options;
}

export function namedFor(wanted: Engines, settings: Settings | null, { browser }: CliConfig): BrowserOptions {
  const own = settings?.browser;
  const isOwn = own?.lightpanda_endpoint !== undefined || own?.lightpanda_path !== undefined;
  const lightpanda = isOwn
    ? { lightpandaEndpoint: own.lightpanda_endpoint, lightpandaPath: own.lightpanda_path }
    : { lightpandaEndpoint: browser?.lightpandaEndpoint, lightpandaPath: browser?.lightpandaPath };
  const chromium = own?.chromium_path ?? browser?.chromiumPath;
  return {
    ...(wanted === 'chromium' ? {} : lightpanda),
    chromiumPath: wanted === 'lightpanda' || chromium === 'none' ? null : chromium,
    acceptsLightpanda: own?.accepts_lightpanda_alone === true,
  };
}

/** Who looks, as the sentence above a report. Null where no browser is needed. */
export async function eyesWords(options: BrowserOptions): Promise<string> {
  const browsers = openBrowsers(options);
  const [lightpanda, chromium] = await Promise.all([browsers.has('lightpanda'), browsers.has('chromium')]);
  if (lightpanda && chromium) return 'Lightpanda looks first, and Chromium decides.';
  if (chromium) return 'Chromium looks alone.';
  if (!lightpanda) return 'There is no browser here: a page or a journey cannot be looked at.';
  return options.acceptsLightpanda
    ? 'Lightpanda looks alone, and vigil.yml accepts its word.'
    : 'Lightpanda looks alone, and its word alone decides nothing.';
}

/** For checks that name secrets: those of the environment. A fault is told without a word of them. */
export function secretsOf(settings: Settings | null, { checkSecrets }: CliConfig): CheckSecrets {
  const given = checkSecrets === undefined ? null : parsed(checkSecrets);
  const { secrets, faults } = readSecrets(settings?.check_secrets ?? {}, given);
  const [fault] = faults;
  if (fault !== undefined) throw new InputError(`VIGIL_CHECK_SECRETS: ${fault}`);
  return secrets;
}

function parsed(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    // What the parser says would quote it.
    throw new InputError('VIGIL_CHECK_SECRETS: it is no YAML and no JSON');
  }
}

/** For checks of monitoring. Null: the environment has no keys of it. */
export function monitoringOf(settings: Settings | null, { datadog }: CliConfig): Datadog | null {
  if (!datadog || !settings) return null;
  const { site, storage_tiers: tiers } = settings.datadog;
  return { api: datadogApi(site), ...datadog, tiers };
}
