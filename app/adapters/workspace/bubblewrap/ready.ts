// Whether bubblewrap can build a workspace here, tried with the very walls that a script gets, and the cure where it cannot. It must
// never say yes because a program of that name exists.
import { begin } from './begin.ts';
import type { Enclosure } from './enclosure.ts';

const PATIENCE_MS = 10_000;
const NONCE = '0'.repeat(32);
const run = { nonce: NONCE, tag: 'vigil-probe' };

export async function probe(
  bwrap: string,
  enclosure: Enclosure,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const tried = begin(
    bwrap,
    enclosure,
    `printf 'VIGIL_RESULT {"nonce":"${NONCE}","ran":true,"rc":%d,"late":false}\\n' 0`,
    run,
    () => undefined,
  );
  const timer = setTimeout(tried.kill, PATIENCE_MS);
  tried.go();
  const { exit, error } = await tried.ended;
  clearTimeout(timer);
  const last = tried.output.last();
  if (error === null && exit === 0 && last?.ran) return { ok: true };
  return { ok: false, reason: cureOf(error ?? (last?.ran === false ? last.why : tried.output.text())) };
}

/** What bubblewrap or the kernel said, and what to do about it. */
export function cureOf(said: string): string {
  const first = said.trim().split('\n')[0] ?? '';
  if (/ENOENT/.test(said))
    return 'bubblewrap is not here: install it (`apt install bubblewrap`, `dnf install bubblewrap`)';
  if (/unknown option/i.test(said)) return `bubblewrap is too old, 0.8 or newer is needed (${first})`;
  if (/namespace|uid map|Operation not permitted|Permission denied|RTM_NEWADDR/i.test(said))
    return `bubblewrap may not make namespaces here (${first}): allow them for users (Ubuntu: \`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\`; in a container: run it with --privileged)`;
  return `bubblewrap cannot build a workspace here: ${first || 'it said nothing'}`;
}
