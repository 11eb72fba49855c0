// Who decides, by the job's inputs as the runner sets them; and that half a credential is no credential.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBrain } from './brain.ts';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
const given = (inputs: Record<string, string>) => {
  for (const [name, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  return readBrain();
};
const anthropic = { 'llm-provider': 'anthropic' };
const key = { ...anthropic, 'anthropic-api-key': 'sk-ant-test' };
const federation = {
  ...anthropic,
  'anthropic-federation-rule-id': 'fdrl_1',
  'anthropic-organization-id': 'org-1',
};

describe('the brain', () => {
  it('is the planner unless somebody says otherwise, whatever keys lie around', () => {
    expect(given({})).toEqual({ ok: true, brain: { provider: 'runbook' } });
    expect(given({ 'anthropic-api-key': 'sk-ant-test' })).toEqual({
      ok: true,
      brain: { provider: 'runbook' },
    });
  });

  it('is Claude by a key, which is masked in the log', () => {
    expect(given(key)).toEqual({
      ok: true,
      brain: {
        provider: 'anthropic',
        models: ['claude-opus-5-5'],
        planner: false,
        account: { baseUrl: 'https://api.anthropic.com', credential: { key: 'sk-ant-test' } },
      },
    });
    expect(said.join('')).toContain('::add-mask::sk-ant-test');
  });

  it('is Claude by the job’s identity, which comes before a key', () => {
    expect(given({ ...federation, 'anthropic-workspace-id': 'wrkspc_1' })).toMatchObject({
      ok: true,
      brain: {
        account: {
          credential: {
            federation: {
              rule: 'fdrl_1',
              organization: 'org-1',
              serviceAccount: null,
              workspace: 'wrkspc_1',
            },
          },
        },
      },
    });
    expect(given({ ...key, ...federation })).toMatchObject({
      ok: true,
      brain: { account: { credential: { federation: {} } } },
    });
    expect(said.join('')).toContain('the key is not used');
  });

  it('has a ladder of models, at its end the planner where that is wanted', () => {
    expect(
      given({
        ...key,
        'anthropic-model': 'claude-fable-5-1',
        'anthropic-fallback-model': ' claude-sonnet-5-5, runbook ',
      }),
    ).toMatchObject({
      brain: { models: ['claude-fable-5-1', 'claude-sonnet-5-5'], planner: true },
    });
  });

  it.each([
    ['no credential', anthropic, 'neither a secret ANTHROPIC_API_KEY'],
    ['an empty key', { ...anthropic, 'anthropic-api-key': '' }, 'neither a secret ANTHROPIC_API_KEY'],
    ['half a federation', { ...anthropic, 'anthropic-federation-rule-id': 'fdrl_1' }, 'nor both variables'],
    ['another provider', { 'llm-provider': 'openai' }, 'it may be runbook or anthropic'],
    ['a model that is no name', { ...key, 'anthropic-model': 'the best one; id' }, 'is no name of a model'],
  ])('does not start with %s', (_, inputs, reason) =>
    expect(given(inputs)).toEqual({ ok: false, reason: expect.stringContaining(reason) }),
  );
});
