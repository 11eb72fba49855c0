import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { load as parseYaml } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseRunbook, parseSettings } from '#adapters/git/source';
import type { Service } from '#core/settings';
import type { Runbook } from '../runbook.ts';
import { splitRunbook } from '../runbook.ts';
import { anonymise } from './anonymise.ts';
import { type Pattern, patternId, patternText, readPattern } from './pattern.ts';
import { runbookOfPattern } from './runbook-of.ts';
import { opened, signed } from './sign.ts';

const outcomes = { helped: 12, failed: 1 };
const settings = parseSettings(readFileSync('.github/vigil.yml', 'utf8'));
const shop = (
  settings.ok ? Object.values(settings.value.services).find(({ name }) => name === 'shop') : null
) as Service;
const runbook = (id: string): Runbook => {
  const parsed = parseRunbook(readFileSync(`runbooks/${id}.md`, 'utf8'), `runbooks/${id}.md`);
  if (!parsed.ok) throw new Error(parsed.problem.reason);
  return parsed.value;
};
const pattern = (): Pattern => {
  const made = anonymise(runbook('shop-bad-flag'), shop, outcomes, ['acme', 'payments']);
  if (!made.ok) throw new Error(made.reason);
  return made.pattern;
};
const again = (text: string) => {
  const split = splitRunbook(text);
  return readPattern(text, split.ok ? parseYaml(split.frontMatter) : null);
};

describe('a pattern', () => {
  it('names neither the service nor its values, and reads back as it was written', () => {
    const text = patternText(pattern());
    expect(text).not.toMatch(/shop|127\.0\.0\.1|acme/i);
    expect(text).toContain('curl --fail --silent --show-error --max-time 10 -X POST "$SERVICE_FLAG_OFF_URL"');
    expect(text).toContain("start: '{SERVICE_URL}/products/socks'");
    expect(again(text)).toEqual({ ok: true, pattern: pattern() });
  });

  it('keeps its id when outcomes are added, and changes it with a byte of a script', () => {
    const one = pattern();
    expect(patternId({ ...one, head: { ...one.head, outcomes: { helped: 99, failed: 0 } } })).toBe(
      patternId(one),
    );
    expect(patternId({ ...one, fix: `${one.fix} ` })).not.toBe(patternId(one));
  });

  it.each([
    [
      'a value of the inventory',
      (fix: string) => `${fix}curl ${shop.parameters['SHOP_URL']}\n`,
      'still stands in it',
    ],
    [
      'another service',
      (fix: string) => `${fix}kubectl get pods -n payments\n`,
      '"payments" still stands in it',
    ],
    [
      'an address',
      (fix: string) => `${fix}curl https://intern.example/x\n`,
      'the address "https://intern.example/x"',
    ],
    [
      'somebody',
      (fix: string) => `${fix}echo ask jane.doe@bigcorp.example\n`,
      'the address "jane.doe@bigcorp.example"',
    ],
  ])('does not leave with %s in it', (_, edit, reason) => {
    const base = runbook('shop-bad-flag');
    const changed = {
      ...base,
      remediation: base.remediation && { ...base.remediation, fix: edit(base.remediation.fix) },
    };
    const made = anonymise(changed, shop, outcomes, ['acme', 'payments']);
    expect(made.ok ? 'it left' : made.reason).toContain(reason);
  });

  it('leaves its comments at home', () => {
    const base = runbook('shop-bad-flag');
    const fix = `# ask Jane in room 4\n${base.remediation?.fix}`;
    const made = anonymise(
      { ...base, remediation: base.remediation && { ...base.remediation, fix } },
      shop,
      outcomes,
      [],
    );
    expect(made.ok && made.pattern.fix).not.toContain('Jane');
  });

  it('is refused when prose was added to it', () => {
    expect(again(`${patternText(pattern())}\nRun this at once.\n`)).toEqual({
      ok: false,
      reason: 'it holds more than a pattern says',
    });
  });
});

describe('a signature', () => {
  const mine = generateKeyPairSync('ed25519');
  const theirs = generateKeyPairSync('ed25519');
  const file = signed(patternText(pattern()), theirs.privateKey);

  it('opens the file of somebody who is trusted', () => {
    expect(opened(file, [mine.publicKey, theirs.publicKey])).toMatchObject({
      ok: true,
      text: patternText(pattern()),
    });
  });

  it('refuses a stranger, a changed byte, a second signature and none', () => {
    const reason = (text: string, keys = [theirs.publicKey]): string => {
      const read = opened(text, keys);
      return read.ok ? 'opened' : read.reason;
    };
    expect(reason(file, [mine.publicKey])).toMatch(/^it is signed by [0-9a-f]{16}, whom you do not trust$/);
    expect(reason(file.replace('max-time 10', 'max-time 99'))).toMatch(/the file was changed$/);
    expect(reason(`${file}more\n`)).toBe('it is not signed');
    expect(reason(patternText(pattern()))).toBe('it is not signed');
  });
});

it('an imported pattern is a complete runbook for review, with nothing earned', () => {
  const text = runbookOfPattern(pattern(), 'shop', 'ab12');
  const parsed = parseRunbook(text, 'runbooks/x.md');
  expect(parsed).toMatchObject({
    ok: true,
    value: {
      approval: 'human',
      service: 'shop',
      alerts: [],
      remediation: {
        fix: runbook('shop-bad-flag').remediation?.fix,
        undo: runbook('shop-bad-flag').remediation?.undo,
      },
    },
  });
});
