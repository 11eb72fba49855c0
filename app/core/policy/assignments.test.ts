import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayAssign, mayExport } from './assignments.ts';
import { environment } from './environment.ts';
import { judge } from './judge.ts';

const inventory = new Set(['eu-west-1', 'shop']);
const words = (text: string): string[] => text.trim().split(/\s+/);

/** As people name things in the scripts of a night. */
const everyday = words(`
  NAMESPACE NS DEPLOYMENT DEPLOY SERVICE SERVICE_NAME APP APP_NAME POD PODS POD_NAME NODE NODES NODE_NAME CONTAINER CONTAINERS
  CONTAINER_NAME CLUSTER CONTEXT KUBE_CONTEXT KUBE_NAMESPACE RELEASE HELM_RELEASE REVISION IMAGE TAG REPLICAS HOST HOSTNAME HOSTS PORT URL
  BASE_URL HEALTH_URL ENDPOINT REGION ZONE AWS_CLUSTER AWS_ASG ASG_NAME INSTANCE_ID GOOGLE_PROJECT GCP_PROJECT AZURE_GROUP PROJECT USER
  DB DB_HOST DB_NAME DATABASE PGHOST PGDATABASE PG_HOST MYSQL_HOST REDIS_HOST CACHE_KEY QUEUE TOPIC MAIL_QUEUE LOG_FILE LOG_DIR LOGS
  GO_SERVICE GOAL PHP_POOL PYTHON_APP JAVA_SERVICE RUBY_APP R_VALUE NODE_POOL DOCKER_CONTAINER GIT_SHA SSH_HOST SSL_HOST TF_WORKSPACE
  CONSUL_SERVICE VAULT_POD SUDO_USER EDITOR MORE LESS_THAN TIMEOUT RETRIES MAX_RETRIES ATTEMPT ATTEMPTS COUNT THRESHOLD LIMIT INTERVAL
  DELAY WAIT START END NOW TODAY STATUS CODE RESULT OUTPUT LINE LINES FILE DIR TMP TMP_DIR TMPFILE BACKUP_DIR REASON MESSAGE ARGS OPTS
  OPTIONS FLAGS CONFIG CONFIG_FILE CMD DRY_RUN VERBOSE i n x name pod value usage http_code rc tmp _
`);

describe('a name that a script gives a value to for itself', () => {
  it.each(everyday)('%s is harmless, whatever the value', (name) => {
    for (const value of ['shop', '', '$(id)', '../../x', null])
      expect(mayAssign(name, value, inventory)).toBe('harmless');
  });

  it('does not keep a script from being allowed', () => {
    for (let from = 0; from < everyday.length; from += 20) {
      const names = everyday.slice(from, from + 20).filter((name) => name !== '_');
      const script = `${names.map((name) => `${name}='shop'`).join('\n')}\nprintf '%s\\n' "$${names[0]}"\n`;
      expect(judge(script, { kind: 'fix', parameters: {}, actions: [] })).toMatchObject({
        findings: [],
        verdict: 'allow',
      });
    }
  });

  it.each(
    words(`PATH HOME TMPDIR IFS ENV BASH_ENV BASH_XTRACEFD BASH_ARGV0 SHELLOPTS PS4 PROMPT_COMMAND OPTIND OPTARG RANDOM SECONDS LINENO HISTFILE
      HISTFILESIZE GLOBIGNORE EXECIGNORE POSIXLY_CORRECT CDPATH TMOUT REPLY MAPFILE PIPESTATUS UID PPID PWD OLDPWD SHLVL LD_PRELOAD
      LD_LIBRARY_PATH INCIDENT_ID COMMIT_SHA SCRIPT_PATH KUBERNETES_SERVICE_HOST AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE
      GOOGLE_APPLICATION_CREDENTIALS AZURE_CLIENT_ID`),
  )('%s is refused, with what to do', (name) => {
    expect(mayAssign(name, 'shop', inventory)).toMatchObject({
      level: 'refuse',
      code: 'steering-variable',
      sentence: expect.stringMatching(/Take another name\.$/),
    });
  });

  it('is refused where data would say to whom a tool speaks, as if the tool saw it', () => {
    expect(mayAssign('KUBECONFIG', null, inventory)).toMatchObject({
      level: 'refuse',
      sentence: expect.stringContaining('this one reaches no tool'),
    });
    expect(mayAssign('KUBECONFIG', '/tmp/x', inventory)).toBe('harmless');
  });

  it('is judged as an exported one where commands have it already', () => {
    expect(mayAssign('LANG', 'C', inventory)).toBe('harmless');
    expect(mayAssign('LC_ALL', '/tmp/evil', inventory)).toMatchObject({ level: 'review' });
    expect(mayAssign('AWS_REGION', 'eu-west-1', inventory)).toBe('harmless');
    expect(mayAssign('AWS_REGION', 'us-east-1', inventory)).toMatchObject({ level: 'review' });
  });
});

describe('a value that the commands of a script are handed', () => {
  it.each([
    ['LC_ALL', 'C'],
    ['LC_ALL', 'C.UTF-8'],
    ['LANG', 'en_US.UTF-8'],
    ['TZ', 'UTC'],
    ['TZ', 'Europe/Berlin'],
    ['TZ', 'America/Argentina/Buenos_Aires'],
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
    ['AWS_PAGER', ''],
    ['PAGER', 'cat'],
    ['SYSTEMD_PAGER', 'cat'],
    ['SYSTEMD_COLORS', '0'],
    ['AWS_DEFAULT_REGION', 'eu-west-1'],
    ['AWS_DEFAULT_OUTPUT', 'json'],
    ['PGCONNECT_TIMEOUT', '5'],
    ['NAMESPACE', 'shop'],
    ['RETRIES', '5'],
  ])('%s=%s changes nothing that counts', (name, value) => {
    expect(mayExport(name, value, inventory)).toBe('harmless');
  });

  it.each([
    ['PATH', '/tmp/bin', 'refuse', 'is the same in every run'],
    ['HOME', '/tmp/x', 'refuse', 'is the same in every run'],
    ['AWS_ROLE_ARN', 'arn:aws:iam::1:role/x', 'refuse', 'is the same in every run'],
    ['LD_PRELOAD', '/tmp/x.so', 'refuse', 'means something to bash'],
    ['BASH_ENV', '/tmp/x', 'refuse', 'means something to bash'],
    ['KUBECONFIG', '/tmp/x', 'refuse', 'decides what runs or whom a tool trusts'],
    ['AWS_PROFILE', 'admin', 'refuse', 'decides what runs or whom a tool trusts'],
    ['HTTPS_PROXY', 'http://x.example', 'refuse', 'decides what runs or whom a tool trusts'],
    ['GIT_SSH_COMMAND', 'sh', 'refuse', 'decides what runs or whom a tool trusts'],
    ['SYSTEMD_EDITOR', 'sh', 'refuse', 'decides what runs or whom a tool trusts'],
    ['PGOPTIONS', '-c x=y', 'refuse', 'decides what runs or whom a tool trusts'],
    ['PGPASSWORD', 'x', 'refuse', 'is the name of a credential'],
    ['AWS_SECRET_ACCESS_KEY', 'x', 'refuse', 'is the name of a credential'],
    ['PAGER', 'sh -c id', 'refuse', 'decides what runs or whom a tool trusts'],
    ['AWS_PAGER', null, 'refuse', 'decides what runs or whom a tool trusts'],
    ['TZ', ':/etc/passwd', 'review', 'does not know this value of TZ'],
    ['TZ', '../../etc/passwd', 'review', 'does not know this value of TZ'],
    ['LC_ALL', '/tmp/locale', 'review', 'does not know this value of LC_ALL'],
    ['TERM', '../x', 'review', 'does not know this value of TERM'],
    ['AWS_REGION', 'us-east-1', 'review', 'Make it a parameter of the service'],
    ['LC_ALL', null, 'review', "Write the value itself: LC_ALL='…'"],
    ['MADE_UP', 'x', 'review', 'Assign it without export'],
    ['NAMESPACE', '$(id)', 'review', 'does not know this value of NAMESPACE'],
    ['toString', 'x', 'review', 'Assign it without export'],
    ['constructor', 'x', 'review', 'Assign it without export'],
  ])('%s=%s is %s: %s', (name, value, level, says) => {
    expect(mayExport(name, value, inventory)).toMatchObject({
      level,
      sentence: expect.stringContaining(says),
    });
  });

  it('is never harmless where it is known only at run time, or where the name is not on the list', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[A-Za-z_]\w{0,20}$/),
      fc.constantFrom(...environment, ...everyday),
    );
    fc.assert(
      fc.property(name, (any) => {
        expect(mayExport(any, null, inventory)).not.toBe('harmless');
      }),
    );
  });

  it('never is a path, an option, an expansion or a line more, under any name', () => {
    const bad = fc.constantFrom(
      '/tmp/x',
      '../x',
      '-c id',
      '$(id)',
      '`id`',
      'a b',
      'a\nb',
      "a'b",
      'a;b',
      '~/x',
    );
    const name = fc.constantFrom(
      ...environment,
      'LC_ALL',
      'TZ',
      'TERM',
      'PAGER',
      'AWS_PAGER',
      'PGAPPNAME',
      'COLUMNS',
    );
    fc.assert(
      fc.property(name, bad, (any, value) => {
        expect(mayExport(any, value, inventory)).not.toBe('harmless');
      }),
    );
  });
});
