import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitRunbook } from '#core/knowledge/runbook';
import { renderScript } from '#core/proposal/remediation';
import { editRunbook, ownLines } from './runbook-edit.ts';

const parameters = { SHOP_URL: 'https://shop.example', FLAG_URL: 'https://shop.example/flags/x/off' };
const runbook = `---
id: shop-flag
---
# Flag

\`\`\`bash fix
curl -X POST "$FLAG_URL"
\`\`\`

Words between.

\`\`\`bash undo
echo "on again"
\`\`\`

## Verification
`;
const ran = (fix: string, undo = 'echo "on again"\n') => ({
  'fix.sh': renderScript(fix, parameters),
  'undo.sh': renderScript(undo, parameters),
});

describe('a runbook whose fix a reviewer improved', () => {
  it('gets the new lines, without the parameters’ values, and keeps everything else', () => {
    const edited = editRunbook(
      runbook,
      ran('curl --max-time 10 -X POST "$FLAG_URL"\necho done\n'),
      parameters,
    );
    expect(edited).toEqual({
      ok: true,
      changed: ['fix'],
      text: runbook.replace('curl -X POST "$FLAG_URL"', 'curl --max-time 10 -X POST "$FLAG_URL"\necho done'),
    });
  });

  it('gets both, when both changed', () => {
    const edited = editRunbook(runbook, ran('echo 1\n', 'echo 2\n'), parameters);
    expect(edited.ok && [edited.changed, splitRunbook(edited.text)]).toMatchObject([
      ['fix', 'undo'],
      { ok: true, fences: [{ text: 'echo 1\n' }, { text: 'echo 2\n' }] },
    ]);
  });

  it('is left alone when nothing differs', () => {
    expect(editRunbook(runbook, ran('curl -X POST "$FLAG_URL"\n'), parameters)).toEqual({
      ok: false,
      reason: 'what ran is what the runbook says',
    });
  });

  it.each([
    [
      'a value from the inventory',
      ran('curl https://shop.example/x\n'),
      'fix.sh names a value that belongs into the inventory',
    ],
    [
      'a head of its own',
      { ...ran('x'), 'fix.sh': 'echo hi\n' },
      'fix.sh does not begin as Vigil renders it',
    ],
    ['a code fence', ran('cat <<E\n```\nE\n'), 'fix.sh holds a code fence'],
    ['no undo any more', { 'fix.sh': ran('x')['fix.sh'] }, 'what ran has no undo.sh, the runbook has one'],
  ])('is left alone, with the reason, when what ran has %s', (_, scripts, reason) => {
    expect(editRunbook(runbook, scripts, parameters)).toEqual({ ok: false, reason });
  });
});

it('own lines come back from whatever was rendered', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~\n]{1,200}$/), (body) => {
      expect(ownLines(renderScript(body, parameters), parameters)).toBe(`${body.trimEnd()}\n`);
    }),
  );
});
