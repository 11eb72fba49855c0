// Pictures of what people see at the end of a scenario: the issue, the pull request, the Slack channel. Taken with the same
// browser that verifies. It must never change a page.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchChromium } from '#adapters/browser/chromium';
import type { Incident } from '#core/ledger/replay';
import { latestOf } from '#core/ledger/replay';
import type { World } from './world.ts';

const PATIENCE_MS = 15_000;
const WIDTH = 900;
/** What people see first is what a picture shows of a long page. */
const LONGEST = 1250;

/** Writes `<name>-issue.png`, `-pull.png` and `-slack.png` below `folder`; gives their paths. */
export async function takeScreenshots(
  world: World,
  incident: Incident,
  folder: string,
  name: string,
): Promise<string[]> {
  const pages = [
    ['issue', incident.issue?.url],
    ['pull', latestOf(incident, 'pull.opened')?.url],
    ['slack', world.slack.web],
  ] as const;
  await mkdir(folder, { recursive: true });
  const launched = await launchChromium(world.chromium);
  if (!launched.ok) throw new Error(launched.reason);
  const { browser, close } = launched.chromium;
  try {
    const taken: string[] = [];
    for (const [what, url] of pages) {
      if (!url) continue;
      const page = await browser.newPage();
      await page.setViewport({ width: WIDTH, height: 300 });
      await page.goto(url, { waitUntil: 'load', timeout: PATIENCE_MS });
      const path = join(folder, `${name}-${what}.png`);
      const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
      const clip = { x: 0, y: 0, width: WIDTH, height: Math.min(whole, LONGEST) };
      await page.screenshot({ path: path as `${string}.png`, clip, captureBeyondViewport: true });
      await page.close();
      taken.push(path);
    }
    return taken;
  } finally {
    await close();
  }
}
