// Which eyes the jobs of the sandbox's worlds get: a Lightpanda that somebody gave by the names of .env.example, a Chromium, or both.
// The only place here that asks for one. It must never look for a Lightpanda by itself, nor call one well that did not answer.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PATIENCE_MS = 10_000;
export const engines = ['both', 'lightpanda', 'chromium'] as const;
export type Engines = (typeof engines)[number];
/** As an operator would set them before `vigil init`. */
export type Given = Readonly<Record<string, string>>;
/** `alone`: Lightpanda looks without a Chromium beside it. */
export type Eyes = { given: Given; line: string; alone?: true };

/** Null: none was given. */
export function givenLightpanda(): Given | null {
  const { LIGHTPANDA_WS_ENDPOINT: endpoint, LIGHTPANDA_PATH: path } = process.env;
  if (endpoint) return { LIGHTPANDA_WS_ENDPOINT: endpoint };
  return path ? { LIGHTPANDA_PATH: path } : null;
}

/** What the jobs get of it, and the sentence that says so. A reason when what was given or wanted cannot be had. */
export async function eyesOf(wanted: Engines, given = givenLightpanda()): Promise<Eyes | { reason: string }> {
  if (wanted === 'chromium') return { given: {}, line: 'Chromium looks alone, as asked for.' };
  if (given === null)
    return wanted === 'both'
      ? {
          given: {},
          line: 'Chromium looks alone: neither LIGHTPANDA_PATH nor LIGHTPANDA_WS_ENDPOINT is set.',
        }
      : { reason: 'there is no Lightpanda: set LIGHTPANDA_PATH or LIGHTPANDA_WS_ENDPOINT' };
  const version = await versionOf(given).catch(() => null);
  if (version === null)
    return { reason: `Lightpanda does not answer: look at ${Object.keys(given).join()}, or unset it` };
  if (wanted === 'both') return { given, line: `Lightpanda ${version} looks first, Chromium beside it.` };
  return {
    given: { ...given, CHROMIUM_PATH: 'none' },
    line: `Lightpanda ${version} looks alone, as asked for. It enforces no content policy, and the shop has one, so that it can prove none of these stories: in each, people take over. Chromium can prove all of them.`,
    alone: true,
  };
}

async function versionOf({
  LIGHTPANDA_WS_ENDPOINT: endpoint,
  LIGHTPANDA_PATH: path,
}: Given): Promise<string> {
  if (!endpoint)
    return (await promisify(execFile)(path ?? '', ['version'], { timeout: PATIENCE_MS })).stdout.trim();
  const url = new URL('/json/version', endpoint.replace(/^ws/, 'http'));
  const said = (await (await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).json()) as object;
  return String('Lightpanda-Version' in said ? said['Lightpanda-Version'] : 'of an unknown version');
}
