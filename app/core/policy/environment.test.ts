import { describe, expect, it } from 'vitest';
import { environment, orderVariables } from './environment.ts';
import { isSecretName } from './kinds/secrets.ts';

it('names nothing whose value would be a secret', () => {
  // Both hold the path of a file.
  const paths = ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE'];
  expect([...environment].filter((name) => isSecretName(name))).toEqual(paths);
});

describe('where a script is from', () => {
  const from = { incident: 'pd-q1shop1', commit: 'a'.repeat(40), path: 'remediations/pd-q1shop1/fix.sh' };

  it('stands in its environment', () => {
    expect(orderVariables(from)).toEqual({
      INCIDENT_ID: 'pd-q1shop1',
      COMMIT_SHA: 'a'.repeat(40),
      SCRIPT_PATH: 'remediations/pd-q1shop1/fix.sh',
    });
  });

  it.each([
    ["it's mine; $(id)/`x`\n.sh", 'it_s_mine____id_/_x__.sh'],
    ['größer.sh', 'gr__er.sh'],
    [`${'x'.repeat(300)}/fix.sh`, `${'x'.repeat(193)}/fix.sh`],
  ])('with a path of %j that no quotes are needed for', (path, said) => {
    expect(orderVariables({ ...from, path })?.SCRIPT_PATH).toBe(said);
  });

  it.each([
    { incident: '' },
    { incident: "pd'; id #" },
    { incident: 'x'.repeat(65) },
    { commit: '' },
    { commit: 'main' },
    { path: '' },
  ])('or is refused where it is %j', (wrong) => {
    expect(orderVariables({ ...from, ...wrong })).toBeNull();
  });
});
