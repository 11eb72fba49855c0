// What somebody reads whose callers and vigil.yml do not name the same release.
import { describe, expect, test } from 'vitest';
import { shopSettings } from '../../test/support/shop.ts';
import { checkAddress, checkCaller } from './check-callers.ts';

const SHA = 'a'.repeat(40);
const FILE = '.github/workflows/respond.yml';
const product = { repository: 'vigil-project/vigil', sha: SHA };
const settings = (pinned: object | null = product) =>
  shopSettings({ vigil: { url: 'https://vigil.acme.example', ...(pinned ? { product: pinned } : {}) } });
const caller = (uses: string) => `name: respond\njobs:\n  respond:\n    uses: ${uses}\n`;
const said = (uses: string, pinned: object | null = product) =>
  checkCaller(caller(uses), FILE, settings(pinned)).map(
    ({ line, cause, cure }) => `${line}: ${cause}. ${cure}`,
  );
const pin = (sha: string, repository = product.repository) =>
  `${repository}/.github/workflows/respond-job.yml@${sha}`;

describe('a caller', () => {
  test('of the release that vigil.yml names passes, and so does a workflow that calls nothing of Vigil’s', () => {
    expect(said(`${pin(SHA)} # v1.0.0`)).toEqual([]);
    expect(said('./.github/workflows/respond-job.yml', null)).toEqual([]);
    expect(said(`acme/tools/.github/workflows/lint.yml@${SHA}`)).toEqual([]);
    expect(
      checkCaller('on: push\njobs:\n  x: { runs-on: y, steps: [{ run: echo }] }\n', FILE, settings()),
    ).toEqual([]);
  });
  const other = 'b'.repeat(40);
  test.each([
    [
      'another commit',
      pin(other),
      product,
      `4: respond calls ${other}, and vigil.product.sha in vigil.yml is ${SHA}. Raise both in one pull request: no fact of a job of another commit is believed`,
    ],
    [
      'another repository',
      pin(SHA, 'evil/vigil'),
      product,
      '4: respond calls evil/vigil, and vigil.yml names vigil-project/vigil. Name one repository in both',
    ],
    [
      'its own file',
      './.github/workflows/respond-job.yml',
      product,
      `4: respond calls this repository's own workflow, and vigil.yml names vigil-project/vigil. Call vigil-project/vigil at ${SHA}, or leave vigil.product out`,
    ],
    [
      'a release that nobody names',
      pin(SHA),
      null,
      '4: respond calls vigil-project/vigil, and vigil.yml names no product. Write vigil.product with that repository and commit',
    ],
  ])('of %s is named with line, cause and cure', (_, uses, pinned, sentence) =>
    expect(said(uses, pinned)).toEqual([sentence]),
  );
  test('that is no YAML is a problem at its line', () =>
    expect(checkCaller('jobs: [', FILE, settings())).toMatchObject([{ file: FILE, level: 'problem' }]));
});

test('an installation without the app’s address is told so', () => {
  expect(checkAddress(settings(), 'vigil.yml')).toEqual([]);
  expect(checkAddress(shopSettings(), 'vigil.yml')).toMatchObject([
    { cause: expect.stringContaining('vigil.url is missing') },
  ]);
});
