#!/usr/bin/env bash
# What a workspace runs: exactly one approved script, exactly once. This is a Terraform template: the four braced names
# below are filled in from the workspace's parameters, each held to a pattern there; every other `$` belongs to bash.
# Exit codes of its own: 97 it ran before, 98 the payload is not the approved one. Otherwise the script's own code.
payload='${script_gz_b64}'
digest='${script_sha256}'
nonce='${nonce}'
limit='${timeout_seconds}'
budget=400000 # bytes of each stream that reach the log; Coder keeps 1 MiB in all and loses what comes later

set -u -o pipefail
umask 077
room=$CODER_SCRIPT_DATA_DIR
# The agent's token could act for the workspace owner; the script gets nothing of it.
unset $(compgen -e | grep -E '^(CODER|GIT)_')

# A restarted agent starts its scripts again. The folder outlives the agent, and mkdir succeeds once.
mkdir "$room/once" 2>/dev/null || { echo 'vigil: this workspace has already run its script' >&2; exit 97; }
cd "$room/once" || exit 98

printf %s "$payload" | base64 -d 2>/dev/null | gzip -dc >script 2>/dev/null || { echo 'vigil: the payload cannot be unpacked' >&2; exit 98; }
printf '%s  script\n' "$digest" | sha256sum --check --status || { echo 'vigil: the payload is not what was approved' >&2; exit 98; }

# The script writes to files (64 MiB at most, a flood must not fill the disk), so that a child it leaves behind holds no
# pipe open; two followers carry the files to the log. Asked to stop, it passes the word on and still reports.
: >out; : >err
(cd "$HOME" && ulimit -f 65536 && exec timeout --kill-after=15 "$limit" bash "$room/once/script" </dev/null >"$room/once/out" 2>"$room/once/err") &
script=$!
trap 'kill "$script" 2>/dev/null' TERM HUP INT
tail -c +1 -f -s 0.1 --pid="$script" out | head -c "$budget" &
tail -c +1 -f -s 0.1 --pid="$script" err | head -c "$budget" >&2 &
{ wait "$script"; code=$?; wait; } 2>/dev/null
printf '\nVIGIL_RESULT {"nonce":"%s","rc":%d,"out":%d,"err":%d}\n' "$nonce" "$code" "$(stat -c %s out)" "$(stat -c %s err)"
exit "$code"
