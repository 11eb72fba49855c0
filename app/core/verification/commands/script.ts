// The one script of a workspace that looks: it runs each command, again and again with a pause, and prints of each run one framed line.
// Must never let what a command prints stand in a line of its own: it is packed, so that it cannot be taken for a frame.
import { scriptOf } from './reads.ts';

/** Bytes of a run's output, and of its errors, that a frame holds. Packed, they fit into one line of the wrapper's. */
export const KEPT = { out: 2000, err: 240 } as const;
/** The wrapper shows 150,000 bytes and 4,000 lines of a script; a script that said so much ends. */
const MOST_SAID = { bytes: 140_000, lines: 3_900 } as const;
/** What a script needs to end by itself before its time-out. */
const ENDING_S = 90;

export type Looking = {
  /** Bound commands, each with its time-out. */
  readonly commands: readonly { readonly run: string; readonly timeout_s: number }[];
  /** From the start of a round to the start of the next. */
  readonly pause_ms: number;
  /** How long the script may be at work in all. */
  readonly lasts_s: number;
  /** 32 hex digits, of this script alone. */
  readonly nonce: string;
};

/**
 * Bash. Its clock is that of the machine since its start, which nobody sets. A command has its time-out, no input, no file that
 * becomes large, and none of its output reaches the log but packed. What a frame means is told in frames.ts.
 */
export function scriptOfLooks({ commands, pause_ms, lasts_s, nonce }: Looking): string {
  if (!/^[0-9a-f]{32}$/.test(nonce)) throw new Error('the nonce of looks is not 32 hex digits');
  const looks = commands.map(
    ({ run, timeout_s }, at) => `  look ${at} ${timeout_s} ${quoted(scriptOf(run))}`,
  );
  return `#!/usr/bin/env bash
# Vigil looks: the commands at the end only read, and run again and again until their workspace is ended.
set -u
mark='VIGIL_LOOK ${nonce}'
bytes=0 lines=0
cd "$(mktemp -d)" || exit 1

now() {
  local up rest
  read -r up rest </proc/uptime
  at=$((10#\${up/./} * 10))
}

say() {
  bytes=$((bytes + \${#1} + 1)) lines=$((lines + 1))
  printf '%s\\n' "$1"
}

look() {
  local begun packed code
  [ "$bytes" -lt ${MOST_SAID.bytes} ] || return 0
  now
  begun=$at
  say "$mark begun $1 $begun"
  packed=$(
    set -o pipefail
    (ulimit -f 64; exec timeout --kill-after=2 "$2" bash -c "$3" </dev/null 2>err) |
      (printf 'out:'; head -c ${KEPT.out} | base64 -w 0; printf ' lost:'; wc -c)
  )
  code=$?
  now
  say "$mark ended $1 $begun $((at - begun)) $code $packed err:$(head -c ${KEPT.err} err | base64 -w 0)"
}

while [ "$SECONDS" -lt ${Math.max(1, Math.floor(lasts_s - ENDING_S))} ] && [ "$bytes" -lt ${MOST_SAID.bytes} ] && [ "$lines" -lt ${MOST_SAID.lines} ]; do
  now
  due=$((at + ${Math.round(pause_ms)}))
${looks.join('\n')}
  now
  left=$((due - at))
  [ "$left" -le 0 ] || sleep "$((left / 1000)).$(printf %03d $((left % 1000)))"
done
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
