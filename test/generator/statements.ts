// Statements of generated scripts: everything that bash can do, in and out of the plain form, and the tools that take harm from data.
// It must never leave a kind of statement out because the policy is known to refuse it.
import type { Dice } from './random.ts';
import { expansion, hostile, literal, names, substitution, sum, word } from './words.ts';

type Maker = (dice: Dice, depth: number) => string;
const name = (dice: Dice): string => dice.of(names);
const some = (dice: Dice, most: number, make: Maker): string =>
  Array.from({ length: 1 + dice.below(most) }, () => make(dice, 1)).join(' ');

/** Lines of the plain form, so that many texts stay close to being allowed. `W` becomes a word, `V` a name. */
const plain: readonly string[] = [
  ...['echo "V: $V"', 'V=W', 'V=a', "V='a b'", 'V=/tmp/a', 'V="$(mktemp)"', 'tmp="$(mktemp -d)"', 'V="$(date +%s)"', 'n=0'],
  ...['n=$((n + 1))', 'rc=$?', 'readonly V=W', 'list=(a b c)', 'list=(W W)', 'list=()', 'printf \'%s\\n\' "$V"', 'true', 'false'],
  ...['kubectl get pods -n shop', 'kubectl -n shop get deployment web', 'systemctl is-active nginx', 'df -h /', 'uptime'],
  ...['kubectl rollout restart deployment/web -n shop', 'systemctl restart nginx', 'kubectl get pods -n "$NS"', 'exit 0', 'exit "$V"'],
  ...['grep -c a /var/log/syslog || true', 'tail -n 5 /var/log/syslog', 'cat "$V" || true', 'rm -- "$tmp"', 'rm -r -- "$tmp"'],
  ...['[ "$V" = a ] || exit 1', '[[ "$V" =~ ^[0-9]+$ ]] || exit 1', '[ "$V" -gt 3 ] && echo "$V"', '(( n > 3 )) && echo a'],
  ...['for V in a b; do echo "$V"; done', 'for V in $(seq 1 3); do echo "$V"; done', 'for V in "${list[@]}"; do echo "$V"; done'],
  ...['for V in W W; do S; done', 'while IFS= read -r V; do S; done < /var/log/syslog', 'if S; then S; fi', 'if [ -f W ]; then S; fi'],
  ...['cat /var/log/syslog | while IFS= read -r V; do S; done', 'S || exit 1', 'S && S', 'S || S', 'S | head -n 3', 'S > /dev/null'],
  ...['S >&2', 'S 2>/dev/null', 'S > "$tmp"', 'S > "$tmp/a"', 'S >> /tmp/a', '! S', '{ S; S; }', 'work() { S; S; }', 'work W', 'work'],
  ...['work() { local V=W; S; }', 'trap work EXIT', 'case "$V" in a) S ;; *) S ;; esac', 'until S; do n=$((n + 1)); done', 'cd /tmp || exit 1'],
  ...['while (( n < 3 )); do n=$((n + 1)); S; done', 'timeout 5 S', "cat <<'END'\n$V $(evil)\nEND", 'set -euo pipefail', 'V="$1"', 'S; rc=$?'],
  ...['V="${V:-a}"', 'V="$V"', 'echo "${list[@]}"', 'V="${V:-}"', 'V="$(S)"', 'V="$(S)" || exit 1', '( S )', 'V="$(S | head -n 1)"'],
];

/** Commands to which a word can do harm. */
const sinks: readonly string[] = [
  ...['rm W', 'rm -- W', 'rm -f -- W', 'rm -r -- W', 'cat W', 'cat -- W', 'sort W', 'sort -k W', 'sort -- W', 'head -n W /var/log/syslog'],
  ...['tail -n W', 'date W', 'date -d W', 'date +W', 'sed W /var/log/syslog', 'sed -n W /var/log/syslog', 'grep W /var/log/syslog', 'grep -e W W'],
  ...['find W -type f', 'find W W', 'find /tmp -name W', 'find /tmp -type f -exec W {} \\;', 'find . -type f -exec cat {} +', 'touch W', 'touch -- W'],
  ...['mkdir -p W', 'tee W', 'cp W W', 'mv W W', 'ln -s W W', 'ls W', 'ls -- W', 'stat W', 'wc -l W', 'cut -d: -f1 W', 'uniq W W', 'tr W W'],
  ...['awk W /var/log/syslog', "awk -v x=W '{print x}' /var/log/syslog", 'jq W', 'jq -r .a W', 'jq --arg x W .a', "awk '{print $1}' W", 'du -sh W'],
  ...['kubectl get W', 'kubectl get pods -n W', 'kubectl delete pod W -n shop', 'kubectl rollout restart W -n shop', 'kubectl scale deployment/web --replicas=W -n shop'],
  ...['kubectl logs W -n shop', 'kubectl exec W -- W', 'systemctl restart W', 'systemctl status W', 'journalctl -u W', 'journalctl W', 'docker restart W', 'docker W W'],
  ...['curl -fsS W', 'curl -fsS http://127.0.0.1:4601/W', 'curl -H W http://127.0.0.1:4601/health', 'ping -c 1 W', 'dig W', 'nc W 80', 'ssh W W'],
  ...['psql -h db.internal -c W', "psql -h db.internal -c 'SELECT 1'", 'psql -h W -c "SELECT 1"', 'mysql -h db.internal -e W', 'redis-cli -h cache.internal del W'],
  ...['redis-cli -h cache.internal W', 'xargs W', 'xargs -r W W', 'xargs -I{} W {}', 'timeout W S', 'timeout 5 W', 'nice W', 'env W', 'env W S', 'sudo W', 'sudo -u W W'],
  ...['sleep W', 'seq W', 'basename W', 'dirname W', 'realpath W', 'test W', 'test W = W', '[ W ]', '[ W -eq W ]', '[[ W -eq 0 ]]', '[[ W == W ]]', '[[ -v W ]]', '[[ -f W ]]'],
  ...['[[ W =~ W ]]', '(( W ))', 'printf W', 'printf W W', 'printf -v V W', 'echo W', 'echo -e W', 'exit W', 'return W', 'W', 'W W', 'S < W', 'S > W', 'S >> W', 'S <> W', 'S &> W', 'S 2> W', 'S <<< W'],
  ...['tar -xf W', 'tar -cf W W', 'dd if=W of=W', 'truncate -s 0 W', 'install W W', 'chmod W W', 'helm rollback W', 'aws s3 ls W', 'logrotate -f W', 'service W restart', 'diff W W', 'md5sum W', 'file W', 'column -t W', 'paste W W', 'numfmt --to=si W', 'expr W', 'tac W', 'nl W', 'od W', 'base64 W', 'git log W', 'ps W', 'ss W', 'nginx W', 'mktemp W', 'mktemp -d W'],
];

/** What only bash itself does. */
const wild: readonly string[] = [
  ...['V+=W', 'V[0]=W', 'V[W]=W', 'V+=(W)', 'declare V', 'declare V=W', 'declare -i V=W', 'declare -A V=W', "declare -A V=([k]=W)", 'declare -n V=x', 'typeset -i V', 'local V=W', 'readonly V', 'export V=W', 'export V', 'V=W S', 'unset V', 'local -n V=x', 'declare -r V=W', 'declare -u V=W', 'declare -a V=(W W)', 'declare -x PATH=W', 'PATH=W', 'IFS=W', 'IFS=, S', 'HOME=W', 'BASH_ENV=W', 'PS4=W', 'export LC_ALL=C'],
  ...['read V', 'read -r V', 'read -r V W', 'read -t 0 V', 'read -a V', 'read -p W V', 'read -n 1 V', 'read -d W V', 'read -u 3 V', 'read -r "W"', 'mapfile V', 'mapfile -t V < W', 'readarray -C W V', 'getopts W V', 'shift', 'shift W', 'set -- W W', 'set W', 'set +e', 'set -f', 'set -a', 'set -x', 'set -k', 'set +u', 'shopt -s W', 'shopt -s nullglob', 'shopt -s lastpipe', 'shopt -s expand_aliases'],
  ...['eval W', 'eval "S"', 'source W', '. W', 'exec W', 'exec 3< W', 'exec > W', 'alias V=W', 'alias ls=W', 'command W', 'command -v W', 'builtin W', 'enable -n W', 'hash -p W V', 'trap W EXIT', "trap 'S' EXIT", 'trap "S" DEBUG', 'trap - EXIT', 'let W', 'let n=W', 'coproc S', 'S &', 'wait', 'wait W', 'kill W', 'jobs', 'disown', 'bg', 'pushd W', 'popd', 'cd W', 'cd W || true', 'cd -- W && S', 'cd /data && S', 'cd /var/log || exit 1', 'cd', 'cd -', 'umask W', 'ulimit -n W', 'type W', 'caller', 'times', 'dirs', 'bind W', 'complete -W W V', 'compgen -c W', 'history', 'fc -s W', 'logout', 'suspend', 'help W', 'time S', 'W | S', 'S |& S', 'S; break', 'continue', 'break', 'return', 'return 1'],
  ...['select V in W W; do S; done', 'for ((n=0; n<3; n++)); do S; done', 'for V; do S; done', 'for V in W; { S; }', 'while S; do S; done', 'while :; do S; break; done', 'while read V; do S; done <<< W', 'while IFS= read -r V; do S; done < <(S)', 'while IFS= read -r -d "" V; do S; done', 'until S; do S; done', 'case W in W) S ;; esac', 'case $V in a|b) S ;;& *) S ;& c) S ;; esac', 'case "$V" in $x) S;; [a-z]*) S;; esac', 'function V { S; }', 'function V() ( S )', 'work() { S; work; }', 'ls() { S; }', 'echo() { S; }', 'V() { S; }', 'work() { S; } > W', 'if S; then S; elif S; then S; else S; fi', '[[ S ]]', '[ -n W -a W ]', '[ ! W ]', '[[ W < W ]]', '[[ ! -e W && W ]]', '((n += W))', '((V = W))', '(( n++ )) || true', 'n=$((W))', 'V=$((x + y))', 'cat <<END\n$V W\nEND', "cat <<-'END'\n\tW\n\tEND", "cat <<'E' | S\nW\nE", 'cat <<"E"\n`evil` ${V:-"a"}\nE', "bash <<'E'\nS\nE", 'S <(S)', 'S > >(S)', 'diff <(S) <(S)', 'S 3>&1', 'S >&-', 'S <&3', 'S 2>&1 >W', 'S {V}> W', '> W', '< W', ': > W', ': "${V:=W}"', ': W', '# W\n', 'S # W', 'echo a#b; S', 'S \\\n', 'echo "a\nb"', '!S', '! ! S', '-', '}', 'fi', ')', '"', "'", '`'],
  ...['bash -c W', 'sh -c "S"', 'bash W', 'env -S W', 'xargs sh -c W', "find . -exec sh -c 'S' \\;", "awk 'BEGIN { system(\"evil\") }'", "awk '{ print > \"/data/written\" }' /var/log/syslog", "sed 's/a/b/e' /var/log/syslog", "sed -n 'w /data/written' /var/log/syslog", "sed -i 's/a/b/' W", "jq 'env' W", "jq -n '$ENV'", 'sort -o W /var/log/syslog', 'sort --compress-program=evil W', 'find W -delete', 'find /tmp -type f -mtime +7 -delete', 'find /var/tmp/shop -type f -mtime +7 -delete', 'find . -fprint W', 'tail -f W', "psql -h db.internal -c 'SELECT pg_terminate_backend(1)'", "psql -h db.internal -c '\\! evil'", "mysql -h db.internal -e 'SELECT 5--1; DROP TABLE t'", 'ps ax e', 'service ../../bin/sh start', 'echo W | S', 'echo W | xargs rm', 'echo W | xargs -r cat', 'printf %s W | sh', 'kubectl get secret W -o yaml', 'kubectl get pods -n shop -o name | xargs -r kubectl delete -n shop', 'find /tmp -type f | while IFS= read -r V; do S; done'],
];

/** One statement; with `wildness` of a hundred it is one of those that are not plain. */
export function statement(dice: Dice, wildness: number, depth = 0): string {
  const kind = dice.below(100);
  const form = kind < wildness ? dice.of(wild) : kind < 30 + wildness / 2 ? dice.of(sinks) : dice.of(plain);
  const simple = (): string => (dice.chance(50) ? 'echo "$V"'.replace('V', name(dice)) : 'kubectl get pods -n shop');
  return form.replace(/\b[SWV]\b/g, (slot) => {
    if (slot === 'V') return name(dice);
    if (slot === 'W') return depth > 3 ? literal(dice) : word(dice, depth);
    return depth > 2 ? simple() : statement(dice, wildness, depth + 1);
  });
}

/** Constructs around lines that stand somewhere else. */
const frames: readonly string[] = [
  ...['if true; then\nB\nfi', 'if S; then\nB\nelse\nS\nfi', 'for V in a b; do\nB\ndone', 'for V in W; do\nB\ndone', 'while S; do\nB\nbreak\ndone', '{\nB\n}', '(\nB\n)'],
  ...['work() {\nB\n}\nwork', 'work() {\nB\n}\nwork W', 'run() {\n"$@"\n}\nB', 'while IFS= read -r V; do\nB\ndone < /var/log/syslog', 'S | while IFS= read -r V; do\nB\ndone', 'case W in\na) S ;;\n*)\nB\n;;\nesac'],
  ...['V="$(\nB\n)"', 'true && {\nB\n}', 'false || {\nB\n}', '{\nB\n} | S', '{\nB\n} > "$tmp"', 'work() {\nB\n}\ntrap work EXIT', 'set -e\nB', 'cd /tmp || exit 1\nB', 'cd W || exit 1\nB', 'S\nB', 'B\nS', 'list=(W W)\nfor V in "${list[@]}"; do\nB\ndone', 'n=0\nwhile (( n < 3 )); do\nn=$((n + 1))\nB\ndone', '! {\nB\n}', "cat <<'END'\nB\nEND", '"$(\nB\n)"', '[[ "$V" =~ ^[0-9]+$ ]] || exit 1\nB', 'if [[ "$V" =~ ^[0-9]+$ ]]; then\nB\nfi', 'timeout 5 bash -c "\nB\n"', '(\nB\n) &', 'exec 3>&1\nB'],
];

export const framed = (dice: Dice, body: string, wildness: number): string =>
  dice
    .of(frames)
    .replace(/\b[SWV]\b/g, (slot) =>
      slot === 'S' ? statement(dice, wildness, 2) : slot === 'W' ? word(dice, 1) : name(dice),
    )
    .replace(/^(.*\n)?B$|^B\b|(?<=\n)B(?=\n|$)/, (found) => found.replace(/B$/, () => body));

/** A word that may stand anywhere, or the data itself. */
export const anyWord = (dice: Dice): string =>
  dice.chance(70) ? word(dice) : dice.chance(40) ? `'${dice.of(hostile).replaceAll("'", '')}'` : dice.chance(50) ? `"${substitution(dice)}"` : dice.chance(50) ? expansion(dice) : `$((${sum(dice)}))`;

export const soup = (dice: Dice, wildness: number): string =>
  Array.from({ length: 1 + dice.below(6) }, () => statement(dice, wildness)).join('\n');

export const words = (dice: Dice): string => some(dice, 3, anyWord);
