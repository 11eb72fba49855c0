import { beforeEach, describe, expect, it, vi } from 'vitest';
import { secondWitness } from '#adapters/workspace/bash/second-witness';
import type { Print } from '#core/policy/second-witness';
import { misread } from './witness.ts';

const script = '#!/usr/bin/env bash\nset -euo pipefail\nsystemctl restart nginx\n';
const asked = (print: Print, bash?: string) =>
  misread('fix.sh', script, (text) => secondWitness(text, print, bash));

describe('right before it runs, a script', () => {
  let log = '';
  beforeEach(() => {
    log = '';
    const hear = (piece: unknown) => {
      log += String(piece);
      return true;
    };
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation(hear);
    return () => spy.mockRestore();
  });

  it('may run where bash reads it as Vigil judged it', async () => {
    expect(
      await asked((text) => ({ is: 'plain', text: text.replace('#!/usr/bin/env bash\n', '') })),
    ).toBeNull();
    expect(log).toBe('');
  });

  it('does not where bash reads it otherwise, and both readings are told', async () => {
    expect(await asked(() => ({ is: 'plain', text: 'set -euo pipefail\nsystemctl status nginx\n' }))).toBe(
      'fix.sh: Vigil may have misread it, so it does not run: bash reads “systemctl restart nginx;” where Vigil has understood “systemctl status nginx;” (line 2 of bash’s print)',
    );
  });

  it('runs on a person’s word alone where there is nothing to compare', async () => {
    expect(await asked(() => ({ is: 'not-plain' }))).toBeNull();
    expect(log).toBe('');
  });

  it('runs where there is no bash to ask, and the log says so', async () => {
    expect(await asked((text) => ({ is: 'plain', text }), '/nonexistent/bash')).toBeNull();
    expect(log).toMatch(
      /^::warning::fix\.sh runs without its second witness: .*bash 5\.2 or newer must stand at \/nonexistent\/bash\n$/,
    );
  });
});
