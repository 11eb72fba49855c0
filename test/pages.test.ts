// The pages people look at, in a real browser: GitHub's, Slack's and Vigil's own confirm page, with buttons that work.
// It must reach everything by clicking, and ask the servers afterwards whether what was clicked has happened.
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postOnce } from '#adapters/slack';
import { confirmPath } from '#core/gate/confirm';
import { holdOn } from '#core/incident/hold';
import { slackMessage } from '#core/messages/chat';
import { pullBody } from '#core/messages/pull';
import { handleSlack } from '../app/webhooks/slack.ts';
import { installedChromium } from '../sandbox/browser.ts';
import { REPO, startTestForge, type TestForge } from '../sandbox/github/test-forge.ts';
import { startSlack } from '../sandbox/slack/server.ts';
import { openConfirmDesk } from './support/confirming.ts';
import { door, hearing, memoryLedger, testConfig } from './support/hearing.ts';
import { incidentOf, KEY, must, untilMerged } from './support/incidents.ts';

let browser: Browser;
let context: BrowserContext;
let page: Page;
let forge: TestForge;
/** What a page of ours or the browser complained about: a policy that was broken, a script that fell over. */
const complaints: string[] = [];

beforeAll(async () => {
  const [executablePath, opened] = await Promise.all([installedChromium(), startTestForge()]);
  forge = opened;
  browser = await puppeteer.launch({
    executablePath,
    headless: 'shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  context = await browser.createBrowserContext();
  page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on('console', (said) => void (said.type() === 'error' && complaints.push(said.text())));
  page.on('pageerror', (error) => void complaints.push(String(error)));
});
afterAll(async () => {
  await browser?.close();
  await forge?.close();
});

const text = () => page.$eval('body', (body) => body.innerText);
const click = async (selector: string) => {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
  return text();
};
/** Presses a button of the acting form as one of the people. */
const act = async (person: string, action: string, words = '') => {
  await page.select('select[name=person]', person);
  if (words) await page.type('textarea[name=body]', words);
  return click(`button[value=${action}]`);
};

test('GitHub: an issue can be read and commented on', async () => {
  const { data } = await forge.app.issues.create({
    ...REPO,
    title: 'Checkout fails',
    body: '**Service** shop\n\n| time | stage |\n| --- | --- |\n| 03:00 | `TRIGGERED` |\n\nsee http:&zwnj;//shop.example',
  });
  await page.goto(forge.github.web);
  const shown = await click(`a[href$="/issues/${data.number}"]`);
  expect(shown).toContain('This is a stand-in for GitHub');
  expect(shown).toMatch(/Service shop[\s\S]*TRIGGERED/);
  expect(shown.replace(/\u200c/g, '')).toContain('see http://shop.example');
  expect(await act('olga', 'comment', '/vigil hold wait')).toMatch(/olga[\s\S]*\/vigil hold wait/);
  const { data: comments } = await forge.app.issues.listComments({ ...REPO, issue_number: data.number });
  expect(comments).toMatchObject([{ user: { login: 'olga' }, body: '/vigil hold wait' }]);
});

test('GitHub: a pull request shows body, diff and checks, and every button does what it says', async () => {
  const waiting = incidentOf(untilMerged.slice(0, -2));
  const body = pullBody(waiting, must(waiting, 'remediation.proposed'), must(waiting, 'remediation.judged'));
  const open = async (branch: string) => {
    const head = await forge.commit(forge.app, branch, { 'fix.sh': 'echo "<b>restart</b>"\n' });
    const pull = { ...REPO, title: `Heal ${branch}`, head: branch, base: 'main', body };
    const { number } = (await forge.app.pulls.create(pull)).data;
    return { head, number };
  };
  const [one, two] = [await open('heal'), await open('other')];
  await forge.app.checks.create({
    ...REPO,
    name: 'vigil/approval',
    head_sha: one.head,
    conclusion: 'success',
    output: { title: 'Approved by a review', summary: '```\n✓ approval\n```' },
  });
  await page.goto(`${forge.github.web}/pulls`);
  const shown = await click(`a[href$="/pull/${one.number}"]`);
  expect(shown).toMatch(/What is broken Checkout error rate is high[\s\S]*Risk LOW/);
  expect(shown).toMatch(/vigil\/approval success Approved by a review[\s\S]*At least 1 approving review/);
  expect(shown).toContain('+echo "<b>restart</b>"');
  await page.click('details summary');
  expect(await text()).toContain('✓ approval');

  expect(await act('otto', 'REQUEST_CHANGES', 'Not yet.')).toMatch(/otto CHANGES_REQUESTED[\s\S]*Not yet\./);
  expect(await act('otto', 'comment', 'Now it is fine.')).toContain('Now it is fine.');
  expect(await act('otto', 'APPROVE')).toContain('otto APPROVED');
  expect(await act('otto', 'merge')).toContain('merged');
  await page.goto(`${forge.github.web}/pull/${two.number}`);
  expect(await act('olga', 'merge')).toContain('GitHub would refuse this');
  await page.goto(`${forge.github.web}/pull/${two.number}`);
  expect(await act('olga', 'close')).toMatch(/\bclosed\b/);
  const states = await Promise.all(
    [one, two].map(async ({ number }) => (await forge.app.pulls.get({ ...REPO, pull_number: number })).data),
  );
  expect(states.map(({ merged, state }) => [merged, state])).toEqual([
    [true, 'closed'],
    [false, 'closed'],
  ]);
});

test('GitHub: a run shows its logs, and an environment the names of its secrets only', async () => {
  const inputs = { incident: '9' };
  await forge.app.actions.createWorkflowDispatch({
    ...REPO,
    workflow_id: 'respond.yml',
    ref: 'main',
    inputs,
  });
  forge.github.setEnvironment('vigil-decide', {
    secrets: { KEY: 'a value that nobody sees' },
    variables: {},
    branches: ['main'],
  });
  await forge.github.idle();
  await page.goto(forge.github.web);
  await click('nav a[href$="/actions"]');
  expect(await click('li a[href*="/actions/runs/"]')).toMatch(/look: success/);
  for (const step of await page.$$('summary')) await step.click();
  expect(await text()).toContain('seen by a job');
  const environments = await click('nav a[href$="/environments"]');
  expect(environments).toMatch(/vigil-decide[\s\S]*main[\s\S]*KEY/);
  expect(await page.content()).not.toContain('nobody sees');
});

test('Slack: Reject asks first, Hold works, and only who pressed is answered', async () => {
  const people = [
    { id: 'U0RILEY', name: 'riley', member: true },
    { id: 'U0ROBIN', name: 'robin', member: false },
  ];
  const slack = await startSlack({ token: 'xoxb-test', channel: { id: 'C1', name: 'incidents' }, people });
  const secret = 'a signing secret of the tests';
  const config = testConfig({
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_APPROVAL_CHANNEL: 'C1',
    SLACK_SIGNING_SECRET: secret,
    SLACK_API_URL: slack.api.replace(/\/$/, ''),
  });
  const waiting = incidentOf(untilMerged.slice(0, -2));
  const world = { ...hearing(memoryLedger([waiting]), config), now: () => new Date() };
  const app = await door((request, response) =>
    handleSlack(world, { wake: () => undefined }, request, response),
  );
  slack.setInteractivity({ url: app.url, secret });
  await page.goto(slack.web);
  expect(await text()).toContain('Nothing was said yet.');
  if (config.slack) {
    const doors = { confirm: 'https://vigil.acme.example', interactive: true, hold: null };
    await postOnce(config.slack, KEY, slackMessage(waiting, doors));
  }
  // The page is live: the message appears without anybody asking for it.
  await page.waitForSelector('a.primary');
  expect(await page.$eval('a.primary', (link) => link.href)).toMatch(
    /\/confirm\/pd-q1shop1\?head=a+&digest=d+$/,
  );

  await click('a[href="/?as=U0ROBIN"]');
  expect(await click('button[value=vigil_hold]')).toContain('Only members of the approval channel');
  await click('a[href="/?as=U0RILEY"]');
  expect(await text()).not.toContain('Only visible to you');
  expect(await click('button[value=vigil_hold]')).toMatch(
    /On hold by slack:U0RILEY[\s\S]*Only visible to you/,
  );
  expect(holdOn(null, world.ledger.get(KEY) ?? { records: [] })?.by).toBe('slack:U0RILEY');
  await page.click('summary.danger');
  expect(await text()).toContain('Reject this remediation?');
  expect(await click('button[value=vigil_reject]')).toContain(
    'Rejected. Nothing runs, and people take over.',
  );
  expect(world.ledger.get(KEY)?.stage).toBe('ESCALATED');
  expect(await page.$$('.buttons *')).toEqual([]);
  await page.goto('about:blank');
  await Promise.all([app.close(), slack.close()]);
});

test('Vigil: from the link over GitHub’s sign-in to a review in the person’s name, without JavaScript', async () => {
  const desk = await openConfirmDesk(forge);
  await page.setJavaScriptEnabled(false);
  await page.goto(`${desk.url}${confirmPath(desk.incident())}`);
  const width = await page.$eval('html', (html) => html.scrollWidth - html.clientWidth);
  expect(width).toBe(0);
  // Styled at all: the policy names the one style it lets through.
  expect(await page.$eval('a.button', (link) => link.offsetHeight)).toBeGreaterThan(35);
  expect(await click('a.button')).toContain('Authorize vigil');
  expect(await click('button[value=olga]')).toContain('You are back from GitHub');
  expect(page.url()).not.toMatch(/code=|state=/);
  const done = await click('button[value=approve]');
  expect(done).toContain('Approved by @olga');
  expect(done).toContain(desk.pull.head);
  const { data } = await forge.app.pulls.listReviews({ ...REPO, pull_number: desk.pull.number });
  expect(data).toMatchObject([{ user: { login: 'olga' }, state: 'APPROVED', commit_id: desk.pull.head }]);
  expect(await context.cookies()).toEqual([]);
  await page.setJavaScriptEnabled(true);
  await page.goto('about:blank');
  await desk.close();
});

test('no page broke its own policy or fell over', () => {
  expect(complaints.filter((line) => !line.includes('favicon') && !/status of (404|422)/.test(line))).toEqual(
    [],
  );
});
