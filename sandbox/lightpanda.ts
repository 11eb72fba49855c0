// Which Lightpanda somebody gave to the sandbox, by the names of .env.example; the only place here that asks for one. It must never
// look for one by itself: without these names Chromium looks alone.
import type { BrowserOptions } from '#adapters/browser/sessions';

export type Given = Pick<BrowserOptions, 'lightpandaEndpoint' | 'lightpandaPath'>;

/** Null: none was given. */
export function givenLightpanda(): Given | null {
  const { LIGHTPANDA_WS_ENDPOINT: endpoint, LIGHTPANDA_PATH: path } = process.env;
  if (!endpoint && !path) return null;
  return endpoint ? { lightpandaEndpoint: endpoint } : { lightpandaPath: path };
}
