// What `vigil check` says of secrets that a plan names: with file and line, before any job looks in vain.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { vigil } from '../../test/support/vigil.ts';

const root = join(import.meta.dirname, '../..');
const RUNBOOK = 'runbooks/shop-checkout-errors.md';
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-secrets-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  for (const file of ['.github/vigil.yml', RUNBOOK]) await cp(join(root, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Problems of a runbook whose journey fills a secret, and whose health check sends one, with this in vigil.yml. */
async function told(settings: string): Promise<string[]> {
  const text = await readFile(join(dir, RUNBOOK), 'utf8');
  const named = text
    .replace('value: vigil@example.com', "value: '{secret.SHOP_PASSWORD}'")
    .replace(
      "url: '{SHOP_URL}/health'",
      "url: '{SHOP_URL}/health'\n    headers: { authorization: 'Bearer {secret.SHOP_KEY}' }",
    );
  await writeFile(join(dir, RUNBOOK), named);
  const own = await readFile(join(dir, '.github/vigil.yml'), 'utf8');
  // Those that vigil.yml lists for its own runbook stay; others are put beside them.
  const [head = '', list = ''] = own.split(/^(?=check_secrets:)/m);
  await writeFile(
    join(dir, '.github/vigil.yml'),
    `${head}${settings === '' ? list : `${settings}${list.replace(/^.*\n( .*\n)*/, '')}`}`,
  );
  const { out } = await vigil(dir, ['check', '--json']);
  const { problems } = JSON.parse(out) as {
    problems: { file: string; line: number; level: string; cause: string; cure: string }[];
  };
  const lines = named.split('\n');
  return problems
    .filter(({ level }) => level === 'problem')
    .map(({ file, line, cause, cure }) =>
      file === RUNBOOK ? `${lines[line - 1]?.trim()}: ${cause}. ${cure}.` : `${cause}. ${cure}.`,
    );
}

it('names each that is not listed', async () => {
  expect(await told('')).toEqual([
    '- id: order: order names the secret SHOP_PASSWORD, which vigil.yml does not list, so that it is never looked at. Write check_secrets: { SHOP_PASSWORD: { origins: [http://127.0.0.1:4600] } }.',
    '- id: health: health names the secret SHOP_KEY, which vigil.yml does not list, so that it is never looked at. Write check_secrets: { SHOP_KEY: { origins: [http://127.0.0.1:4600] } }.',
  ]);
});
it('names each that would never go where the plan looks', async () => {
  const elsewhere = '{ origins: [https://www.shop.example] }';
  expect(
    await told(
      `check_secrets: { SHOP_PASSWORD: ${elsewhere}, SHOP_KEY: { origins: [http://127.0.0.1:4600] } }\n`,
    ),
  ).toEqual([
    '- id: order: order names the secret SHOP_PASSWORD, which is not for http://127.0.0.1:4600, so that it is never looked at. Add http://127.0.0.1:4600 to check_secrets.SHOP_PASSWORD.origins in vigil.yml, if the secret is for it.',
  ]);
});
it('takes an origin for what it is: no path, and not in the clear', async () => {
  expect(
    await told('check_secrets: { SHOP_KEY: { origins: [http://shop.example, https://shop.example/] } }\n'),
  ).toEqual([
    expect.stringContaining('an origin, such as https://shop.example'),
    expect.stringContaining('an origin, such as https://shop.example'),
  ]);
});
