// What a script may add to the environment of its commands, and which names it may give a value to for itself. Under the fixed
// environment an assignment reaches no command unless the name is exported already. It must never let a name pass that is exported and
// not listed here with its values.
import { type Issue, question, refusal } from './engine/run.ts';
import { environment } from './environment.ts';
import { isSecretName } from './kinds/secrets.ts';

/** A form that the whole value has, or the inventory, which must name it. */
type Fits = RegExp | 'inventory';
const zone = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z][A-Za-z0-9_+-]*){0,2}$/;
const number = /^\d{1,6}$/;
const plainPager = /^(cat)?$/;
const ownValue = /^[\w.@:/+-]{0,200}$/;

/** By exact name. They change language, zone, paging and patience of a tool, and not what it does or to whom. */
const exportable: Readonly<Record<string, Fits>> = {
  TZ: zone,
  PGTZ: zone,
  TERM: /^[a-z0-9-]{1,40}$/,
  COLUMNS: number,
  LINES: number,
  NO_COLOR: /^\w{0,8}$/,
  CLICOLOR: /^[01]?$/,
  DEBIAN_FRONTEND: /^noninteractive$/,
  PAGER: plainPager,
  GIT_PAGER: plainPager,
  AWS_PAGER: plainPager,
  SYSTEMD_PAGER: plainPager,
  SYSTEMD_COLORS: /^(0|1|no|yes|false|true|16|256)?$/,
  AWS_REGION: 'inventory',
  AWS_DEFAULT_REGION: 'inventory',
  AWS_DEFAULT_OUTPUT: /^(json|text|table|yaml|yaml-stream)$/,
  AWS_MAX_ATTEMPTS: number,
  AWS_RETRY_MODE: /^(standard|adaptive|legacy)$/,
  PGCONNECT_TIMEOUT: number,
  PGAPPNAME: /^[\w.-]{1,63}$/,
  ...Object.fromEntries(
    [
      ...'NS NAMESPACE SERVICE SERVICE_NAME UNIT APP APP_NAME DEPLOYMENT DEPLOY WORKLOAD POD POD_NAME'.split(
        ' ',
      ),
      ...'RELEASE REPLICAS RETRIES TIMEOUT THRESHOLD REASON'.split(' '),
    ].map((name) => [name, ownValue]),
  ),
};
// A name of a locale is a path for the C library, if it has a slash.
const locale = /^(C|POSIX|C\.UTF-8|C\.utf8|[a-z]{2,3}_[A-Z]{2}(\.(UTF-8|utf8))?)?$/;
const ofLanguage =
  /^(LANG|LC_(ALL|COLLATE|CTYPE|MESSAGES|MONETARY|NUMERIC|TIME|ADDRESS|IDENTIFICATION|MEASUREMENT|NAME|PAPER|TELEPHONE))$/;

/** Names that decide which code a tool runs, whom it trusts or where it connects. */
const steering =
  /^(LD_\w+|DYLD_\w+|GCONV_PATH|LOCPATH|NLSPATH|TZDIR|RES_OPTIONS|HOSTALIASES|LOCALDOMAIN|TERMINFO\w*|EDITOR|VISUAL|\w*PAGER|BROWSER|LESS\w*|MANOPT|GIT_\w+|SSH_\w+|PYTHON\w+|PERL\w+|RUBY\w+|NODE_(?!NAME$)\w+|NPM_\w+|npm_\w+|PIP_\w+|pip_\w+|JAVA_\w+|_JAVA_OPTIONS|JDK_\w+|CLASSPATH|PHP_?INI\w*|LUA_\w+|KUBE\w+|HELM_\w+|DOCKER_\w+|CONTAINER_\w+|COMPOSE_\w+|BUILDKIT\w*|AWS_\w+|BOTO_\w+|GOOGLE_\w+|CLOUDSDK_\w+|AZURE_\w+|ARM_\w+|TF_\w+|VAULT_\w+|CONSUL_\w+|NOMAD_\w+|PG\w+|PSQL\w*|MYSQL_\w+|REDISCLI_\w+|CURL_\w+|WGET\w+|SSL\w*|OPENSSL_\w+|REQUESTS_\w+|NETRC|KRB5\w*|\w*_(proxy|PROXY)|GREP_\w+|TAR_\w+|GZIP|ZSTD_\w+|XZ_\w+|BZIP\w*|RSYNC_\w+|MAKEFLAGS|SUDO_\w+|XDG_\w+|JQ_\w+|SYSTEMD_\w+|PROCPS_\w+|MALLOC_\w+|GLIBC_\w+|NSS_\w+|DEBUGINFOD\w*)$/;

/**
 * Names that bash reads, or writes by itself: a value is another later, or the script means something else after it. HISTFILESIZE
 * shortens a file, BASH_XTRACEFD closes one (https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html).
 */
const ofBash =
  /^(BASH\w*|IFS|SHELLOPTS|ENV|CDPATH|GLOBIGNORE|GLOBSORT|EXECIGNORE|FIGNORE|FUNCNEST|PS[0-4]|PROMPT_(COMMAND|DIRTRIM)|OPT(ARG|IND|ERR)|S?RANDOM|SECONDS|EPOCH(SECONDS|REALTIME)|LINENO|HIST(FILE|FILESIZE|SIZE|CONTROL|IGNORE|TIMEFORMAT|CMD)|histchars|HOSTFILE|INPUTRC|IGNOREEOF|CHILD_MAX|POSIXLY_CORRECT|TIMEFORMAT|TMOUT|TEXTDOMAIN|TEXTDOMAINDIR|LANGUAGE|UID|EUID|PPID|GROUPS|FUNCNAME|DIRSTACK|PIPESTATUS|COPROC(_PID)?|MAPFILE|REPLY|READLINE_\w+|COMP_\w+|COMPREPLY|PWD|OLDPWD|SHLVL|LD_\w+)$/;

/**
 * `NAME=value command`, `export NAME=value`, and `export NAME` of a value given before. `value` is null where it is known only at run
 * time; `inventory` has the values of the service's parameters.
 */
export function mayExport(
  name: string,
  value: string | null,
  inventory: ReadonlySet<string>,
): 'harmless' | Issue {
  const fits = ofLanguage.test(name)
    ? locale
    : Object.hasOwn(exportable, name)
      ? exportable[name]
      : undefined;
  if (fits === undefined) return unlisted(name);
  if (value !== null && (fits === 'inventory' ? inventory.has(value) : fits.test(value))) return 'harmless';
  if (fits === plainPager) return steers(name);
  if (value === null)
    return question(
      'environment',
      `${name} reaches a command's environment with a value known only at run time. Write the value itself: ${name}='…'.`,
    );
  return fits === 'inventory'
    ? question(
        'environment',
        `${name} decides where a cloud's tool acts, and this value is none of the inventory's. Make it a parameter of the service in vigil.yml.`,
      )
    : question('environment', `The policy does not know this value of ${name}.`);
}

const steers = (name: string): Issue =>
  refusal(
    'steering-variable',
    `${name} decides what runs or whom a tool trusts; a script may not export it. Say it by the tool's own option.`,
  );

function unlisted(name: string): Issue {
  if (environment.has(name))
    return refusal(
      'steering-variable',
      `${name} is the same in every run; a script may not set it. Take another name.`,
    );
  if (isSecretName(name))
    return refusal(
      'credential',
      `${name} is the name of a credential. Leave it out: a tool has the identity of its workspace.`,
    );
  if (ofBash.test(name)) return bashsOwn(name);
  if (steering.test(name)) return steers(name);
  return question(
    'environment',
    `The policy does not know what ${name} does in a command's environment. Assign it without export, and give the value to the command as an argument: ${name}='…', then "$${name}".`,
  );
}

const bashsOwn = (name: string): Issue =>
  refusal(
    'steering-variable',
    `${name} means something to bash itself; a script may not set it. Take another name.`,
  );

/** Where a tool looks for whom to trust and where to connect. Whoever lets data say it thinks that the tool will see it. */
const toolsOwn =
  /^(KUBECONFIG|DOCKER_(HOST|CONFIG|CONTEXT)|AWS_(PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ENDPOINT_URL)|CLOUDSDK_CONFIG|AZURE_CONFIG_DIR|PG(PASS|SERVICE)FILE)$/;

/**
 * `NAME=value` on its own, `readonly`, `local`, a loop's variable or `read`. Only for a script that nowhere says `set -a`: then every
 * name is exported, and `mayExport` is to be asked. What `$_` holds is bash's to say, whatever it was given.
 */
export function mayAssign(
  name: string,
  value: string | null,
  inventory: ReadonlySet<string>,
): 'harmless' | Issue {
  if (environment.has(name) || ofLanguage.test(name)) return mayExport(name, value, inventory);
  if (ofBash.test(name)) return bashsOwn(name);
  if (value === null && toolsOwn.test(name))
    return refusal(
      'steering-variable',
      `${name} is where a tool looks for its settings, and this one reaches no tool. Take another name, or say it by the tool's own option.`,
    );
  return 'harmless';
}

/** What the policy's version is computed over. */
export const assignmentData = [
  Object.entries(exportable).map(String),
  ...[ofLanguage, locale, steering, ofBash, toolsOwn].map(String),
] as const;
