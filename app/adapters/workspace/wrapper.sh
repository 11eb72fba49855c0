#!/usr/bin/env bash
# What a workspace runs, wherever it stands: exactly one approved script, exactly once, with its end told in one last line. It
# must never run other bytes than the approved ones, nor say that a script ran or did not run when it cannot know.
# This is a Terraform template: the seven braced names below are filled in, each held to a pattern there; every other `$`
# belongs to bash, which for that reason never braces a name here.

# What stands in the place's environment may steer bash itself: options, functions of a program's name. In POSIX mode no function
# goes before `set`, `unset` and `exec`. So nothing of it reaches further than the `exec` at the end of this file.
POSIXLY_CORRECT=1
\set +aefkuvx
\unset -f declare printf shopt test
\unset LD_AUDIT LD_LIBRARY_PATH LD_PRELOAD

payload='${script_gz_b64}'
digest='${script_sha256}'
nonce='${nonce}'
limit='${timeout_seconds}'
incident='${incident_id}'
commit='${commit_sha}'
path='${script_path}'

# The script's environment: these values, those of the order, HOME, and by exact name what the place's own identity needs. The policy
# judges by the same list (app/core/policy/environment.ts).
fixed='PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/vigil/bin TMPDIR=/tmp LANG=C.UTF-8'
passed='AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_REGION AWS_DEFAULT_REGION AWS_STS_REGIONAL_ENDPOINTS
AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_PROJECT CLOUDSDK_CORE_PROJECT CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE
AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_FEDERATED_TOKEN_FILE AZURE_AUTHORITY_HOST
KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT'

# The last line carries the nonce. The script does not know it and so cannot forge that line: it stands in no file, and once the
# script runs in no argument and no environment either; it went through a pipe into the memory of the shell that waits.
# What remains possible to a script of the same user: to read that memory where the kernel lets it; to write into the log past
# the budget, or to kill the wrapper, by way of /proc; and to read what the place keeps of its order. Coder's agent has the
# nonce in its own log and memory, and its token in its environment. So this stops a lie that is easy, not one that is planned.

# It does not run now. 97: it began here before, so it may have run. 98: it never began.
refuse() {
  printf 'vigil: %s\n' "$2" >&2
  printf '\nVIGIL_RESULT {"nonce":"%s","ran":false,"rc":%d,"why":"%s"}\n' "$nonce" "$1" "$2"
  exit "$1"
}

# Where to note that it began, the most lasting first. The template makes and names a place that outlives agent and reboot.
places() {
  printf '%s %s\n' state "$state" state /var/lib/vigil
  printf 'home %s\n' "$HOME/.local/state/vigil"
  printf 'temporary %s\n' "$data"
}

# Runs in the script's own environment, which is also the rest of its arguments.
prepare() {
  local payload=$1 digest=$2 nonce=$3 limit=$4 state=$5 data=$6
  local kind place mark guard='' mask room began='this workspace has already begun its script'
  shift 6
  [[ $nonce =~ ^[0-9a-f]{32}$ && $digest =~ ^[0-9a-f]{64}$ && $limit =~ ^[1-9][0-9]{0,3}$ && -n $payload ]] &&
    [[ $INCIDENT_ID =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$ && $COMMIT_SHA =~ ^[0-9a-f]{40}$ ]] &&
    [[ $SCRIPT_PATH =~ ^[A-Za-z0-9_./-]{1,200}$ ]] ||
    refuse 98 'the workspace was not given its seven values'
  type -P base64 fold gzip head mktemp sha256sum stat tail timeout tr >/dev/null ||
    refuse 98 'the workspace lacks a program that the wrapper needs'
  mask=$(umask)
  umask 077

  # A restarted agent starts its scripts again, and a rebooted machine its agent. The name of the mark gives no nonce away.
  mark=vigil-$(printf %s "$nonce" | sha256sum | head -c 32)
  while read -r kind place; do
    [ -n "$place" ] && [ -e "$place/$mark" ] && refuse 97 "$began"
  done < <(places)

  room=$({ [ -n "$data" ] && mktemp -d "$data/vigil.XXXXXX" || mktemp -d; } 2>/dev/null)
  cd "$room" 2>/dev/null && [ -n "$room" ] && : >out && : >err || refuse 98 'there is no directory to write to'
  set -o pipefail
  printf %s "$payload" | base64 -d 2>/dev/null | gzip -dc 2>/dev/null >script || refuse 98 'the payload cannot be unpacked'
  printf '%s  script\n' "$digest" | sha256sum --check --status || refuse 98 'the payload is not what was approved'

  while read -r kind place && [ -z "$guard" ]; do
    [ "$kind" = home ] && mkdir -p "$place" 2>/dev/null
    [ -n "$place" ] && mkdir "$place/$mark" 2>/dev/null && guard=$kind
    [ -z "$guard" ] && [ -n "$place" ] && [ -e "$place/$mark" ] && refuse 97 "$began"
  done < <(places)
  [ -n "$guard" ] || refuse 98 'there is no place to note that the script began'

  # The next shell has none of the values above in its arguments.
  shopt -s execfail
  exec /usr/bin/env -i "$@" /bin/bash --noprofile --norc -c "$(declare -f clean follow rest run)
run \"\$@\"" vigil "$room" "$limit" "$guard" "$mask" "$@" 3<<<"$nonce"
  refuse 98 'the script could not be given a clean environment'
}

# Coder stores a NUL, and each byte that is no UTF-8, as three bytes, and keeps 1 MiB of both streams in all; what comes after
# is lost, the last line too. So a stream shows 150,000 bytes and 4,000 lines of its beginning and a little of its end.
clean() { $live tr '\000' '?' | $live fold -b -w 4000; }
follow() {
  trap '' TERM HUP INT
  tail -c +1 -f -s 0.1 --pid="$script" "$1" | $live head -c 150000 | $live head -n 4000 | clean
}

# The end of a stream whose beginning was shown. Answers how many bytes of it were not.
rest() {
  local size=$2 shown last
  shown=$(head -c 150000 "$1" | head -n 4000 | wc -c)
  left=$((size - shown))
  [ "$left" -gt 0 ] || return 0
  last=$(tail -c "$((left < 4000 ? left : 4000))" "$1" | tail -n 40 | wc -c)
  left=$((left - last))
  [ "$left" -eq 0 ] || printf '\nvigil: %d bytes of this stream are left out here\n' "$left"
  head -c "$size" "$1" | tail -c "$last" | clean
}

run() {
  local room=$1 limit=$2 guard=$3 mask=$4 nonce code script='' stopped=false late=false live='' began=$SECONDS out err left cut
  shift 4
  IFS= read -r nonce <&3
  exec 3<&-
  stdbuf -oL true 2>/dev/null && live='stdbuf -oL'

  # The script writes to files (64 MiB at most, a flood must not fill the disk), so that a child it leaves behind holds no pipe
  # open, and followers carry them to the log. Asked to stop, the wrapper passes the word on, and still reports.
  trap 'stopped=true; kill "$script" 2>/dev/null' TERM HUP INT
  (
    cd "$HOME" 2>/dev/null
    umask "$mask"
    ulimit -f 65536
    exec /usr/bin/env -i "$@" timeout --kill-after=5 "$limit" /bin/bash --noprofile --norc "$room/script" \
      </dev/null >"$room/out" 2>"$room/err"
  ) &
  script=$!
  [ "$stopped" = false ] || kill "$script"
  follow out 2>/dev/null &
  follow err >&2 2>/dev/null &
  while wait "$script"; kill -0 "$script"; do :; done 2>/dev/null
  wait "$script" 2>/dev/null
  code=$?
  trap '' TERM HUP INT
  kill -KILL -- "-$script" 2>/dev/null # what it left behind in its process group
  wait
  [ "$stopped" = false ] && [ $((SECONDS - began)) -ge "$limit" ] && case $code in 124 | 137) late=true ;; esac
  out=$(stat -c %s out) err=$(stat -c %s err)
  rest err "$err" >&2
  cut=$left
  rest out "$out"
  printf '\nVIGIL_RESULT {"nonce":"%s","ran":true,"rc":%d,"out":%d,"err":%d,"cut_out":%d,"cut_err":%d,"late":%s,"stopped":%s,"guard":"%s"}\n' \
    "$nonce" "$code" "$out" "$err" "$left" "$cut" "$late" "$stopped" "$guard"
  exit "$code"
}

\test -x /usr/bin/env && \test -x /bin/bash || refuse 98 'the workspace has no /usr/bin/env or no /bin/bash'
case $HOME in /*) ;; *) HOME=/nonexistent ;; esac
\set -- $fixed "HOME=$HOME" "INCIDENT_ID=$incident" "COMMIT_SHA=$commit" "SCRIPT_PATH=$path"
for name in $passed; do
  \declare -n _vigil=$name
  \test -n "$_vigil" && \set -- "$@" "$name=$_vigil"
  \unset -n _vigil
done
\shopt -s execfail
\exec /usr/bin/env -i "$@" /bin/bash --noprofile --norc -c "$(\declare -f refuse places prepare clean follow rest run)
prepare \"\$@\"" vigil "$payload" "$digest" "$nonce" "$limit" "$VIGIL_STATE_DIR" "$CODER_SCRIPT_DATA_DIR" "$@" </dev/null
refuse 98 'the script could not be given a clean environment'
