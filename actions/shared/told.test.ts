// Every input and every variable of the runner, read as it was written or refused by name.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { incidentTold } from './incident-told.ts';
import { mayProve, runnerTold } from './told.ts';

beforeEach(() => {
  vi.stubEnv('INPUT_INCIDENT', 'pd-q1shop1');
  vi.stubEnv('INPUT_ATTEMPT', '1');
  vi.stubEnv('GITHUB_RUN_ID', '77');
  vi.stubEnv('GITHUB_REPOSITORY', 'acme/production');
  vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com');
  vi.stubEnv('RUNNER_TEMP', '/home/runner/_temp');
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_URL', 'https://token.example/?x=1');
  vi.stubEnv('ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'secret');
});
afterEach(() => vi.unstubAllEnvs());

describe('the incident and its attempt', () => {
  test.each(['1', '2', '17', '999999'])('attempt %j is taken', (attempt) => {
    vi.stubEnv('INPUT_ATTEMPT', attempt);
    expect(incidentTold()).toEqual({ key: 'pd-q1shop1', attempt: Number(attempt) });
  });

  test.each([
    ...['1.0', '0x1', ' 1', '1 ', '+1', '-1', '0', '01', '1e0', '1_0', '0b1', '１', '٣', 'one', '1\n', '\t1'],
    ...['1 undo 47', '1,2', '1000000', 'Infinity', 'NaN', 'null'],
  ])('attempt %j is no attempt', (attempt) => {
    vi.stubEnv('INPUT_ATTEMPT', attempt);
    expect(incidentTold).toThrow(
      `there is no attempt ${JSON.stringify(attempt)}: it is a number, written in digits`,
    );
  });

  test.each([
    'pd-q1shop1 ',
    ' pd-q1shop1',
    'PD-Q1SHOP1',
    '../../etc',
    'pd-q1shop1\n',
    'pd-q1',
    'pd-q1shop1;ls',
  ])('incident %j is no incident', (incident) => {
    vi.stubEnv('INPUT_INCIDENT', incident);
    expect(incidentTold).toThrow(`there is no incident ${JSON.stringify(incident)}`);
  });

  test.each(['INPUT_INCIDENT', 'INPUT_ATTEMPT'])('without %s there is neither', (name) => {
    vi.stubEnv(name, '');
    expect(incidentTold).toThrow(/Input required and not supplied: (incident|attempt)/);
  });
});

describe('what the runner says', () => {
  test('is taken as it is', () => {
    const { run, home, temp } = runnerTold();
    expect([run, home, temp]).toEqual([77, 'https://github.com/acme/production', '/home/runner/_temp']);
    vi.stubEnv('GITHUB_SERVER_URL', 'https://github.acme.example/');
    expect(runnerTold().home).toBe('https://github.acme.example/acme/production');
  });

  test.each<[name: string, value: string | undefined]>([
    ...(['GITHUB_RUN_ID', 'GITHUB_REPOSITORY', 'GITHUB_SERVER_URL', 'RUNNER_TEMP'] as const).flatMap((name) =>
      [undefined, '', ' '].map((value): [string, string | undefined] => [name, value]),
    ),
    ...['0', '-7', '7.0', '0x4d', '77 ', '1e3', 'NaN'].map((id): [string, string] => ['GITHUB_RUN_ID', id]),
    ['GITHUB_REPOSITORY', 'acme'],
    ['GITHUB_REPOSITORY', 'acme/production/more'],
    ['GITHUB_SERVER_URL', 'github.com'],
    ['GITHUB_SERVER_URL', 'https://github.com@evil.example'],
    ['GITHUB_SERVER_URL', 'file:///srv'],
    ['RUNNER_TEMP', 'temp'],
  ])('%s = %j is refused by its name', (name, value) => {
    vi.stubEnv(name, value);
    expect(runnerTold).toThrow(`${name} is ${value ? JSON.stringify(value) : 'not set'}`);
  });

  test.each(['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'])(
    'without %s the missing right is named',
    (name) => {
      expect(mayProve).not.toThrow();
      vi.stubEnv(name, undefined);
      expect(mayProve).toThrow('must give it `permissions: id-token: write`');
    },
  );
});
