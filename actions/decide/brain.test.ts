// Who decides, by vigil.yml and the job's secret; and that without a credential nobody is asked.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addresses } from '#core/addresses';
import { readBrain } from './brain.ts';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());
const given = (claude: object, key: string | null = null) =>
  readBrain(addresses.claude.parse(claude), key, async (audience) => `a token for ${audience}`);
const anthropic = { provider: 'anthropic' };
const KEY = 'sk-ant-test';
const federation = { ...anthropic, federation: { rule: 'fdrl_1', organization: 'org-1' } };

describe('the brain', () => {
  it('is the planner unless somebody says otherwise, whatever keys lie around', () => {
    expect(given({})).toEqual({ ok: true, brain: { provider: 'runbook' } });
    expect(given({}, KEY)).toEqual({ ok: true, brain: { provider: 'runbook' } });
  });

  it('is Claude by a key', () => {
    expect(given(anthropic, KEY)).toEqual({
      ok: true,
      brain: {
        provider: 'anthropic',
        models: ['claude-opus-5-5'],
        planner: false,
        account: { baseUrl: 'https://api.anthropic.com', credential: { key: KEY } },
      },
    });
    expect(said.join('')).toBe('');
  });

  it('is Claude by the job’s identity, which comes before a key', async () => {
    const read = given({ ...anthropic, federation: { ...federation.federation, workspace: 'wrkspc_1' } });
    expect(read).toMatchObject({
      ok: true,
      brain: {
        account: {
          credential: {
            federation: {
              ...{ rule: 'fdrl_1', organization: 'org-1', serviceAccount: null, workspace: 'wrkspc_1' },
            },
          },
        },
      },
    });
    const credential = read.ok && read.brain.provider === 'anthropic' ? read.brain.account.credential : null;
    if (!credential || !('federation' in credential)) throw new Error('no federation');
    expect(await credential.federation.token()).toBe('a token for https://api.anthropic.com');
    expect(given(federation, KEY)).toMatchObject({
      ok: true,
      brain: { account: { credential: { federation: {} } } },
    });
    expect(said.join('')).toContain('the key is not used');
  });

  it('has a ladder of models, at its end the planner where that is wanted', () => {
    const ladder = { ...anthropic, model: 'claude-fable-5-1', fallback: ['claude-sonnet-5-5', 'runbook'] };
    expect(given(ladder, KEY)).toMatchObject({
      brain: { models: ['claude-fable-5-1', 'claude-sonnet-5-5'], planner: true },
    });
  });

  it('does not start without a credential', () =>
    expect(given(anthropic)).toEqual({
      ok: false,
      reason: expect.stringContaining('neither a secret ANTHROPIC_API_KEY'),
    }));

  it.each([
    ['half a federation', { ...anthropic, federation: { rule: 'fdrl_1' } }],
    ['another provider', { provider: 'openai' }],
    ['a model that is no name', { ...anthropic, model: 'the best one; id' }],
    ['an address that is not encrypted', { ...anthropic, base_url: 'http://llm.acme.example' }],
  ])('is refused in vigil.yml with %s', (_, claude) =>
    expect(addresses.claude.safeParse(claude).success).toBe(false),
  );
});
