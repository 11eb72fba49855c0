// Where secrets live and what they look like: files, variables, literal credentials.
// It must never depend on the command: a secret place is one whatever tool names it.

/** Files and directories that hold secrets, or are a way around the file system. Matched on lower-case text. */
const places: readonly RegExp[] = [
  // Accounts, keys and certificates' private halves.
  /(^|\/)etc\/(g?shadow|passwd|group|sudoers|security\/opasswd|krb5\.keytab|ssh\/|ssl\/private|pki\/[^ ]*private)/,
  /(^|\/)\.(ssh|gnupg|aws|azure|kube|docker|vault-token|netrc|pgpass|my\.cnf|npmrc|pypirc|git-credentials|boto|s3cfg)(\/|$|[^\w])/,
  /(^|\/)\.config\/(gcloud|gh|hub|doctl|helm|rclone)/,
  /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|authorized_keys|known_hosts|privkey\d*\.pem|[^/]*private[-_.]?key[^/]*)/,
  /[^/]\.(key|p12|pfx|jks|keystore|kdbx|keytab|ppk|gpg|asc|age|kubeconfig)$/,
  /(^|\/)(application_default_credentials|credentials?|service[-_]?account|kubeconfig)[^/]*(\.(json|ya?ml|ini|txt|conf|csv|xml))?$/,
  /(^|\/)[^/]*(secret|passw(or)?d|passphrase|api[-_]?key|access[-_]?key|auth[-_]?token)s?[^/]*(\.(json|ya?ml|ini|txt|conf|csv|xml|env|properties|toml))?(\/|$)/,
  /(^|\/)token$/,
  /(^|\/)\.env(\.[\w.-]+)?$|(^|\/)[\w-]+\.env$|(^|\/)\.htpasswd$|(^|\/)wp-config\.php$|(^|\/)master\.key$/,
  /\.tfstate|\.tfvars|(^|\/)\.?(bash|zsh|sh|python|mysql|psql|rediscli|node_repl)_?history$/,
  // Kubernetes, containers, databases at rest.
  /(^|\/)etc\/(kubernetes\/(pki|[\w-]+\.conf)|rancher|vault|etcd|wireguard|openvpn|ipsec|letsencrypt\/(archive|keys|accounts))/,
  /(^|\/)(var\/)?run\/secrets|(^|\/)var\/lib\/(kubelet|etcd|docker|containerd|mysql|postgresql|redis|mongodb|vault|cloud)(\/|$)/,
  /(docker|containerd|crio|podman|dockershim|kubelet)\.sock/,
  // The kernel's view of other processes, raw memory and disks, sockets by name.
  /(^|\/)proc\/([^/]+\/(task\/[^/]+\/)?(environ|mem|maps|smaps|pagemap|auxv|stack|syscall|map_files|root|cwd|exe|ns)|kcore|kallsyms|keys|sysrq-trigger|self|thread-self|sys\/kernel\/(core_pattern|modprobe))(\/|$)/,
  /(^|\/)dev\/(mem|kmem|port|tcp|udp|fuse|kvm)/,
  /(^|\/)(root|boot)(\/|$)/,
  /(^|\/)home\/[^/]+\/\./,
];

const anyPlace = new RegExp(places.map((place) => place.source).join('|'));

/** True if this path (lower case or not, patterns included) leads to a secret. */
export function isSecretPlace(path: string): boolean {
  const text = path.toLowerCase().replace(/\/(\.?\/)+/g, '/');
  return anyPlace.test(text);
}

/** Addresses that hand out a machine's credentials. */
export const metadata =
  /^metadata$|\/\/metadata([:/]|$)|169\.254\.(169\.254|170\.(2|23))|fd00:ec2::254|metadata\.(google|goog|azure|internal|platformequinix)|100\.100\.100\.200|192\.0\.0\.192|::ffff:a9fe|\b(0x)?a9fea9fe\b|\b2852039166\b|\b0251\.0376/i;

/** Variables that by their name hold a secret. */
export function isSecretName(name: string): boolean {
  if (
    /(_|^)(URL|URI|PATH|FILE|DIR|NAME|COUNT|TTL|TIMEOUT|EXPIRY|HOST|PORT|AGE|ENABLED|STATUS|SERVICE|LENGTH|SIZE|TYPE)$/i.test(
      name,
    )
  )
    return false;
  return /(SECRET|TOKEN|PASSW|PASSPHRASE|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|MASTER|AUTH|DEPLOY|SSH)_?KEYS?($|_)|CREDENTIAL|_PWD$|_PASS$|^PASS$|COOKIE|SESSION_ID|_DSN$|^(DATABASE|REDIS|MONGO\w*|AMQP)_URL$)/i.test(
    name,
  );
}

/** Literal credentials by their own form; https://docs.github.com/code-security/secret-scanning lists most of them. */
const credentials: readonly RegExp[] = [
  /\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/,
  /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abeoprs]-[\w-]{10,}|sk-[A-Za-z0-9_-]{20,}|sk_(live|test)_\w{16,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|npm_\w{30,}|dop_v1_\w{30,}|hvs\.[\w-]{20,}|SG\.[\w-]{16,}\.)/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
  /:\/\/[^\s/:@'"]{0,100}:[^\s/@'"$]{1,200}@/,
  /\b(authorization|proxy-authorization)\s*:\s*(bearer|basic|token)\s+(?!\$)[\w.~+/=-]{6,}/i,
  /\b(x-api-key|x-auth-token|x-vault-token|private-token|api-key|dd-api-key)\s*:\s*(?!\$)[\w.~+/=-]{6,}/i,
  /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_KEY|MYSQL_PWD|REDISCLI_AUTH)=["']?(?![$"'\s/]|https?:)[^\s"';]{4,}/,
  /(^|\s)--?(password|passwd|pass|token|secret|api-key|access-key|secret-key)[= ]["']?(?![$"'\s-])[^\s"']{3,}/i,
];

/** True if a credential stands in this text. Honest scripts take them from the workspace's identity instead. */
export const holdsCredential = (text: string): boolean => credentials.some((form) => form.test(text));

/** Words whose search through many files looks for secrets. */
export const secretWords =
  /passw(or)?d|passwd|secret|api[-_. ]?key|access[-_. ]?key|private[-_. ]?key|credential|BEGIN.*(RSA|PRIVATE)|AKIA|aws_|token|bearer|ghp_|xox[bp]/i;

/** What the policy's version is computed over. */
export const secretData = [...places, ...credentials, metadata, secretWords].map(String);
