// Assignments. Many variables steer the shell or the tools it starts; those a script may not set.
// It must never treat a variable that changes what runs as plain data.
import { holdsCredential, isSecretName } from '../kinds/secrets.ts';
import type { Assign } from '../parse/ir.ts';
import { evaluate, expandOne, expandWords } from './expand.ts';
import { question, type Run, refusal, report, type Site } from './run.ts';
import { compact, literal, shapeOf, show, type Value } from './value.ts';

/** Variables that decide which code runs, how words split, whom a tool trusts or where it connects. */
const steering =
  /^(PATH|IFS|ENV|SHELL|BASH\w*|LD_\w+|DYLD_\w+|PS[0-4]|PROMPT_COMMAND|SHELLOPTS|GLOBIGNORE|CDPATH|EXECIGNORE|FIGNORE|HOME|TMPDIR|INPUTRC|HIST\w+|MAIL\w*|OPT(ARG|IND|ERR)|FUNCNEST|POSIXLY_CORRECT|TIMEFORMAT|EDITOR|VISUAL|(\w+_)?PAGER|LESS\w*|MORE|MANOPT|BROWSER|GIT_\w+|SSH_\w+|GCONV_PATH|LOCPATH|NLSPATH|RES_OPTIONS|HOSTALIASES|TERMINFO|PYTHON\w+|PERL\w*|RUBY\w+|NODE_\w+|NPM_\w+|JAVA_\w+|_JAVA_OPTIONS|JDK_\w+|CLASSPATH|MAVEN_\w+|GO\w+|PHP\w+|LUA_\w+|R_\w+|KUBE\w+|HELM_\w+|DOCKER_\w+|CONTAINER\w+|AWS_(?!(DEFAULT_)?REGION$|PAGER$|DEFAULT_OUTPUT$|MAX_ATTEMPTS$|RETRY_MODE$)\w+|GOOGLE_\w+|CLOUDSDK_\w+|AZURE_\w+|ARM_\w+|TF_\w+|VAULT_\w+|CONSUL_\w+|NOMAD_\w+|PG(?!CONNECT_TIMEOUT$|TZ$)\w+|MYSQL_\w+|REDISCLI_\w+|CURL_\w+|WGET\w+|SSL\w*|OPENSSL_\w+|REQUESTS_\w+|GREP_\w+|TAR_\w+|GZIP|RSYNC_\w+|MAKEFLAGS|SUDO_\w+|XDG_\w+|\w*_proxy|\w*_PROXY|LANGUAGE|MALLOC_\w+|GLIBC_\w+|MAPFILE|PIPESTATUS|FUNCNAME|DIRSTACK|GROUPS|COPROC(_PID)?|PWD|OLDPWD|NETRC|PSQL\w*|JQ_\w+|SYSTEMD_\w+|LOCALDOMAIN|KRB5\w*|NSS_\w+|SSLKEYLOGFILE|BOTO_\w+|COMPOSE_\w+|BUILDKIT\w*|DEBUGINFOD\w*|PROCPS_\w+|LS_COLORS|LS_OPTIONS|TIME_STYLE|BLOCK_SIZE|ZSTD_\w+|XZ_\w+|BZIP\w*)$/;

/** Variables whose export or use before a command changes only language, time zone or paging. */
const harmless =
  /^(LANG|LC_\w+|TZ|SYSTEMD_(PAGER|COLORS)|NO_COLOR|TERM|COLUMNS|LINES|CLICOLOR|AWS_(DEFAULT_)?REGION|AWS_PAGER|AWS_DEFAULT_OUTPUT|AWS_MAX_ATTEMPTS|AWS_RETRY_MODE|PGCONNECT_TIMEOUT|PGTZ|DEBIAN_FRONTEND|PAGER|GIT_PAGER)$/;

/** Where a cloud's tool acts when no option says it. */
const region = /^AWS_(DEFAULT_)?REGION$/;

/** Names under which programs look for settings of their own. */
const configures =
  /(_|^)(OPTS?|OPTIONS?|ARGS|FLAGS|RC|CONF|CONFIG|HOME|PATH|DIR|CMD|COMMAND|SHELL|PRELOAD|PROXY|LIB|PLUGINS?|TOKEN|KEY|CERT|CA|URL|SOCK|SOCKET|EDITOR|PROFILE|CONTEXT)$|^(npm|NPM|pip|PIP)_/;

/** A variable that gets a value in some way other than an assignment. */
export function mayBeSet(name: string, run: Run, site: Site): void {
  if (run.scope.variables.get(name)?.readonly) {
    report(run, site, refusal('readonly', `${name} is a constant and cannot be changed.`));
  }
  if (region.test(name)) run.notebook.regions.add('$');
  if (!steering.test(name)) return;
  const sentence = `${name} decides what runs or whom a tool trusts; a script may not set it.`;
  report(run, site, refusal('steering-variable', sentence));
}

/** `NAME=value` on its own, or as an argument of readonly, local and the like. */
export function assign(a: Assign, run: Run, constant = false): void {
  const known = run.scope.variables.get(a.name);
  mayBeSet(a.name, run, a);
  if (Array.isArray(a.value)) {
    const args = expandWords(a.value, run);
    const items = args.some((arg) => arg.splits) ? null : args.map((arg) => arg.value);
    const shapes = args.map((arg) => shapeOf(arg.value));
    const before = a.append ? (known?.items ?? (known ? null : [])) : [];
    const value = commonList(
      shapes,
      args.map((arg) => arg.value),
      `$${a.name}`,
      a.append ? known?.value : undefined,
    );
    run.scope.variables.set(a.name, {
      value,
      items: items && before ? [...before, ...items] : null,
      list: true,
      readonly: constant,
    });
    return;
  }
  const value = expandOne(a.value, run);
  if (a.index) {
    evaluate(a.index, run, run.scope.tables.has(a.name));
    run.scope.variables.set(a.name, {
      value: [{ shape: 'text', shown: `$${a.name}` }],
      items: null,
      readonly: constant,
    });
    return;
  }
  if (region.test(a.name)) run.notebook.regions.add(show(value));
  checkSecret(a, value, run);
  if (
    run.scope.integers.has(a.name) &&
    shapeOf(value) !== 'number' &&
    !/^-?\d+$/.test(literal(value) ?? '')
  ) {
    report(
      run,
      a,
      refusal('arithmetic-on-data', `${a.name} is declared a number, so bash evaluates this value as code.`),
    );
  }
  if (run.turning && repeats(a) > 1) {
    report(run, a, refusal('growth', `${a.name} grows by itself on every turn of the loop.`));
  }
  const old = known && !known.items ? known.value : [{ shape: 'text' as const, shown: `$${a.name}` }];
  const whole = a.append ? compact([...old, ...value]) : value;
  run.scope.variables.set(a.name, { value: whole, items: null, readonly: constant });
}

function commonList(
  shapes: readonly string[],
  values: readonly Value[],
  shown: string,
  before: Value | undefined,
): Value {
  const all = before ? [...shapes, shapeOf(before)] : shapes;
  if (all.every((s) => s === 'number')) return [{ shape: 'number', shown }];
  if (all.every((s) => s === 'number' || s === 'name')) return [{ shape: 'name', shown }];
  const only = values.length === 1 ? values[0]?.[0] : undefined;
  if (typeof only === 'object' && only.shape === 'path') return [{ ...only, shown }];
  return [{ shape: 'text', shown }];
}

/** How often the new value holds the old one. */
function repeats(a: Assign): number {
  const parts = Array.isArray(a.value) ? [] : a.value.parts;
  return parts.filter((p) => p.is === 'variable' && p.name === a.name).length + (a.append ? 1 : 0);
}

function checkSecret(a: Assign, value: Value, run: Run): void {
  const text = literal(value) ?? '';
  if (run.inventory.values.has(text)) return;
  if (holdsCredential(text) || (isSecretName(a.name) && /^[^\s/]{6,}$/.test(text))) {
    report(run, a, refusal('credential', 'A credential stands in the script.'));
  }
}

/** `NAME=value command`: the variable goes into that command's environment only. */
export function assignForCommand(assigns: readonly Assign[], command: string | null, run: Run): void {
  for (const a of assigns) {
    if (a.index) evaluate(a.index, run);
    const value = Array.isArray(a.value) ? null : expandOne(a.value, run);
    if (a.name === 'IFS' && /^(read|mapfile|readarray)$/.test(command ?? '')) continue;
    if (value) checkSecret(a, value, run);
    judgeEnvironment(a.name, value, run, a);
  }
}

/** A variable that a started command will see. */
export function judgeEnvironment(
  name: string,
  value: Value | null,
  run: Run,
  site: Assign | { at: Assign['at']; source: string },
): void {
  const text = value === null ? null : literal(value);
  if (region.test(name)) run.notebook.regions.add(text ?? '$');
  if (
    harmless.test(name) &&
    text !== null &&
    /^[\w.@:/+-]*$/.test(text) &&
    !(/PAGER$/.test(name) && !/^(cat)?$/.test(text))
  )
    return;
  if (!steering.test(name) && text !== null && !configures.test(name)) return;
  if (steering.test(name)) {
    report(
      run,
      site,
      refusal(
        'steering-variable',
        `${name} decides what runs or whom a tool trusts; a script may not set it.`,
      ),
    );
  } else if (text === null) {
    report(
      run,
      site,
      question('environment', `${name} reaches a command's environment with a value known only at run time.`),
    );
  } else if (!harmless.test(name)) {
    report(
      run,
      site,
      question('environment', `The policy does not know what ${name} does in a command's environment.`),
    );
  }
}

/** What the policy's version is computed over. */
export const environmentData = [steering, harmless, configures].map(String);
