// What `vigil init` would write: the operator's names become the addresses of vigil.yml, and no answer is taken on trust.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseSettings, SETTINGS_PATH } from '#adapters/git/source';
import { addressesFrom } from './from-environment.ts';
import { type Answers, type Files, renderInstallation } from './render.ts';
import { readTemplate } from './template.ts';

const SHA = 'a'.repeat(40);
let template: Files;
beforeAll(async () => {
  template = await readTemplate(join(import.meta.dirname, '../../deploy/installation'));
});
const answers = (change: Partial<Answers> = {}): Answers => ({
  product: { repository: 'vigil-project/vigil', sha: SHA, version: 'v1.2.0' },
  ...{ runner: 'ubuntu-24.04', defaultBranch: 'trunk', appId: 4711, owners: '@acme/platform' },
  environment: {
    VIGIL_URL: 'https://vigil.acme.example/',
    CODER_API_URL: 'https://coder.acme.example',
    CODER_API_TOKEN: 'secret-of-coder',
  },
  settings: { workspace: { template: 'x', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' }, services: {} },
  ...change,
});

describe('the addresses of vigil.yml', () => {
  test('come from the names that operators know, and no secret does', () => {
    const read = addressesFrom(
      {
        ...{ VIGIL_URL: 'https://vigil.acme.example', DD_SITE: 'datadoghq.eu', DD_API_KEY: 'secret' },
        ...{ SANITY_PROJECT_ID: 'abc', SANITY_DATASET: 'staging', SANITY_TOKEN: 'secret' },
        ...{ SKYFLOW_VAULT_URL: 'https://a.vault.skyflowapis.com', SKYFLOW_VAULT_ID: 'v1' },
        ...{
          LLM_PROVIDER: 'anthropic',
          ANTHROPIC_API_KEY: 'secret',
          ANTHROPIC_FALLBACK_MODEL: 'claude-sonnet-5-5, runbook',
        },
        ...{
          ANTHROPIC_FEDERATION_RULE_ID: 'r',
          ANTHROPIC_ORGANIZATION_ID: 'o',
          ANTHROPIC_BASE_URL: 'https://llm.acme.example',
        },
        LIGHTPANDA_WS_ENDPOINT: 'wss://eyes.acme.example',
      },
      null,
    );
    expect(read).toEqual({
      ok: true,
      gateways: ['llm.acme.example'],
      block: {
        vigil: { url: 'https://vigil.acme.example' },
        datadog: { site: 'datadoghq.eu' },
        sanity: { project: 'abc', dataset: 'staging' },
        skyflow: { vault_url: 'https://a.vault.skyflowapis.com', vault_id: 'v1' },
        claude: {
          ...{
            provider: 'anthropic',
            fallback: ['claude-sonnet-5-5', 'runbook'],
            base_url: 'https://llm.acme.example',
          },
          federation: { rule: 'r', organization: 'o' },
        },
        browser: { lightpanda_endpoint: 'wss://eyes.acme.example' },
      },
    });
  });

  test('leave out what names nothing by itself', () =>
    expect(
      addressesFrom({ SANITY_DATASET: 'production', CODER_ORGANIZATION: 'default' }, null),
    ).toMatchObject({ block: {} }));

  test.each([
    ['VIGIL_URL', 'http://vigil.acme.example'],
    ['CODER_API_URL', 'https://me:secret@coder.acme.example'],
    ['DD_SITE', 'evil.example'],
    ['PAGERDUTY_API_URL', 'ftp://api.pagerduty.com'],
    ['LIGHTPANDA_WS_ENDPOINT', 'ws://eyes.acme.example'],
    ['ANTHROPIC_BASE_URL', 'https://llm.acme.example?key=secret'],
    ['CHROMIUM_PATH', 'chromium'],
    ['LLM_PROVIDER', 'openai'],
  ])('%s may not be %s, and the reason names it without repeating it', (name, value) => {
    const read = addressesFrom({ [name]: value }, null);
    if (read.ok) throw new Error('was taken');
    expect(read.problems.join()).toMatch(new RegExp(`^${name}: `));
    expect(read.problems.join()).not.toContain('secret');
  });
});

describe('an installation', () => {
  test('calls the product at a commit, is owned, and reads as Vigil reads it', () => {
    const made = renderInstallation(template, answers());
    if (!made.ok) throw new Error(made.problems.join('\n'));
    const { files } = made;
    expect(Object.keys(files)).toEqual(Object.keys(template));
    expect(files['.github/workflows/respond.yml']).toContain(
      `uses: vigil-project/vigil/.github/workflows/respond-job.yml@${SHA} # v1.2.0`,
    );
    expect(files['.github/workflows/ingest.yml']).toContain('branches: [trunk]');
    expect(files['.github/rulesets/ledger.json']).toContain('"actor_id": 4711');
    for (const [path, text] of Object.entries(files)) {
      expect(text.match(/%[A-Z_]+/), path).toBeNull();
      expect(text, path).not.toContain('secret-of-coder');
    }
    expect(parseSettings(files[SETTINGS_PATH] ?? '')).toMatchObject({
      ok: true,
      value: {
        vigil: {
          url: 'https://vigil.acme.example',
          product: { repository: 'vigil-project/vigil', sha: SHA },
        },
        coder: { url: 'https://coder.acme.example', organization: 'default' },
      },
    });
  });

  test.each<[string, Partial<Answers>, string]>([
    ['a name that can be moved', { product: { repository: 'a/b', sha: 'v1', version: 'v1' } }, 'product.sha'],
    ['a label with a line break', { runner: 'x\n    secrets: inherit' }, 'runner'],
    ['a branch that is more than a name', { defaultBranch: "x'], tags: ['v*" }, 'defaultBranch'],
    ['an owner that is none', { owners: 'everybody' }, 'owners'],
    ['settings without a workspace', { settings: { services: {} } }, '.github/vigil.yml'],
    [
      'a section twice',
      { settings: { ...answers().settings, coder: { url: 'https://x.example' } } },
      '.github/vigil.yml',
    ],
  ])('is not made with %s', (_, change, where) => {
    const made = renderInstallation(template, answers(change));
    expect(made).toMatchObject({ ok: false, problems: [expect.stringContaining(where)] });
  });

  test('is not made from a template that asks what nobody answers', () =>
    expect(renderInstallation({ ...template, 'x.md': 'for %NOBODY%' }, answers())).toEqual({
      ok: false,
      problems: ['x.md: nobody answers %NOBODY%'],
    }));
});
