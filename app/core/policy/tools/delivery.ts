// Terraform, git, package managers, interpreters: tools that deliver code. Reading what is there is described; what
// brings in or runs code is not.
// It must never describe a form that executes a file, a hook, a plug-in or a package.
import type { Rule, Tool } from '../engine/spec.ts';

const terraform: Rule = {
  flags: '-no-color -json -version --version -help',
  refuse: { config: '-chdir', forced: '-auto-approve -force' },
  subcommands: {
    // Providers and external data sources run during a plan; the workspace holds no credentials that could change anything.
    plan: {
      flags: '-input=false -refresh-only -detailed-exitcode -compact-warnings',
      values: {
        '-input -lock -refresh': 'one:true|false',
        '-lock-timeout': 'duration:300',
        '-parallelism': 'int:1..50',
        '-target': 'word',
      },
      refuse: {
        destructive: '-destroy -replace',
        'writes-file': '-out -generate-config-out',
        config: '-var -var-file -state',
      },
      operands: [],
    },
    validate: { operands: [] },
    fmt: { flags: '-check -diff -recursive -list', needs: '-check', operands: ['?read'] },
    'version|providers|graph': { operands: [] },
    'state list': { operands: ['*word'] },
    'workspace list|show': {},
    'state show, show|output': { asks: 'The state may hold secrets.', operands: ['?word'] },
    'apply|destroy|import|taint|untaint|init|get|console|force-unlock|login|logout|refresh|test|push|metadata, state rm, state mv, state push, state pull, state replace-provider, workspace new, workspace delete, workspace select':
      { never: 'destructive' },
  },
  operands: [],
};

const git: Rule = {
  flags: '--no-pager --no-optional-locks --literal-pathspecs --version -P',
  refuse: {
    'runs-code': '-c --exec-path --config-env -p --paginate --upload-pack --receive-pack --exec',
    config: '-C --git-dir --work-tree --namespace --super-prefix --attr-source',
  },
  subcommands: {
    status: {
      flags: '-s -b -v -u --short --branch --porcelain --show-stash --ignored',
      optional: '--porcelain --untracked-files',
      operands: ['*look'],
    },
    'log|shortlog': {
      flags:
        '-p -s -n -e --oneline --stat --graph --all --decorate --no-merges --merges --first-parent --name-only --name-status --abbrev-commit --patch --reverse --follow --shortstat --numstat --no-color',
      values: { '-n --max-count --skip': 'int', '-S -G -L': 'any' },
      optional:
        '--since --until --after --before --author --committer --grep --format --pretty --date --decorate --abbrev --diff-filter -M',
      refuse: { 'writes-file': '--output', 'runs-code': '--ext-diff --textconv' },
      digits: true,
      operands: ['*word'],
    },
    'show|diff|whatchanged': {
      flags:
        '--stat --name-only --name-status --oneline --no-color --cached --staged -p -w -b --no-patch -s --shortstat --numstat --summary --quiet --exit-code --check --no-ext-diff --no-textconv',
      optional: '--format --pretty --unified -U --diff-filter --color --word-diff',
      refuse: { 'writes-file': '--output -o', 'runs-code': '--ext-diff --textconv --no-index' },
      operands: ['*word'],
    },
    'rev-parse|describe|rev-list|merge-base|name-rev|cherry': {
      flags:
        '--short --verify -q --abbrev-ref --show-toplevel --is-inside-work-tree --tags --always --dirty --long --all --count --symbolic-full-name --git-dir --no-merges',
      values: { '-n --max-count': 'int' },
      optional: '--short --abbrev --match --since',
      operands: ['*word'],
      output: 'name',
    },
    'branch|tag': {
      flags:
        '-a -r -v -vv -l -n --list --all --remotes --show-current --merged --no-merged --contains --points-at',
      optional: '--sort --format --contains',
      operands: [],
      strict: 'destructive',
    },
    'ls-files|ls-tree|cat-file|for-each-ref|count-objects|blame|annotate|verify-commit|verify-tag|show-ref|diff-tree|diff-index':
      {
        flags:
          '-r -t -p -s -e -l -v -H --name-only --full-name --heads --tags --stat -w -C --porcelain -z --count',
        values: { '-L': 'literal' },
        optional: '--format --sort --count',
        operands: ['*word'],
        strict: 'runs-code',
      },
    'stash list': {},
    'remote get-url': { operands: ['?word'] },
    'worktree list': {},
    remote: { flags: '-v --verbose', operands: [] },
    reflog: {
      flags: '--date=iso',
      optional: '--date',
      digits: true,
      operands: ['?word'],
      strict: 'destructive',
    },
    'config|push|pull|fetch|clone|checkout|switch|restore|reset|clean|commit|merge|rebase|cherry-pick|revert|apply|am|rm|mv|add|init|submodule|filter-branch|filter-repo|gc|prune|bisect|hook|credential|daemon|archive|bundle|update-ref|replace|notes|send-email|difftool|mergetool|grep|maintenance|sparse-checkout|lfs|upload-archive|http-backend|instaweb|gui|citool|p4|svn|fast-import|range-diff|request-pull, remote add, remote set-url, remote remove, stash push, stash pop, stash drop, stash clear, worktree add':
      { never: 'runs-code' },
  },
  operands: [],
};

const version = '--version -V -version --help -v version';

export const delivery: readonly Tool[] = [
  { names: 'terraform tofu', style: 'single', guard: 'repository', rule: terraform },
  { names: 'git', guard: 'repository', rule: git },
  {
    names: 'gh',
    rule: {
      values: { '-R --repo': 'literal', '-L --limit --json -q --jq -s --state': 'any' },
      subcommands: {
        'pr list|view|status|checks|diff': { operands: ['?word'] },
        'issue list|view|status': { operands: ['?word'] },
        'run list|view': { operands: ['?word'], flags: '--log --log-failed' },
        'release list|view': { operands: ['?word'] },
        'workflow list|view': { operands: ['?word'] },
      },
      strict: 'access',
    },
  },
  {
    names: 'apt apt-cache',
    rule: {
      flags: '-a --installed --upgradable --all-versions -q',
      subcommands: { 'list|show|policy|search|depends|rdepends|madison|showpkg': { operands: ['*word'] } },
      strict: 'persistence',
    },
  },
  {
    names: 'apt-get dnf5 microdnf zypper pacman snap flatpak brew port emerge nix nix-env guix',
    rule: { flags: version, needs: version, strict: 'persistence' },
  },
  {
    names: 'yum dnf',
    rule: {
      flags: '-q -C --installed',
      subcommands: {
        'list|info|repolist|history|check-update|provides': {
          flags: '--installed --updates',
          operands: ['?one:installed|updates|all|list', '*word'],
          strict: 'persistence',
        },
      },
      strict: 'persistence',
    },
  },
  {
    names: 'apk',
    rule: {
      subcommands: {
        'info|list|version|policy': { flags: '-v -vv -e -I --installed', operands: ['*word'] },
      },
      strict: 'persistence',
    },
  },
  {
    names: 'dpkg dpkg-query',
    rule: {
      flags: '-l -L -s -S -W --list --listfiles --status --search --show --print-architecture',
      optional: '--showformat -f',
      needs: '-l -L -s -S -W --list --listfiles --status --search --show --print-architecture',
      operands: ['*word'],
      strict: 'persistence',
    },
  },
  {
    names: 'rpm',
    rule: {
      flags:
        '-q -a -i -l -f -c -d -V -qa -qi -ql -qf --query --all --info --list --changelog --last --verify',
      values: { '--qf --queryformat': 'literal' },
      needs: '-q -V --query --verify',
      operands: ['*word'],
      strict: 'persistence',
    },
  },
  {
    names: 'pip pip3',
    rule: {
      subcommands: {
        'list|freeze|show|check': { flags: '--outdated', optional: '--format', operands: ['*word'] },
      },
      flags: '--version',
      strict: 'persistence',
    },
  },
  {
    names: 'npm yarn pnpm',
    rule: {
      flags: '--version -v -g --global',
      subcommands: {
        'ls|list|outdated|view': {
          flags: '--all --prod --json -g',
          optional: '--depth',
          operands: ['*word'],
        },
      },
      strict: 'persistence',
    },
  },
  {
    names: 'python python3 python2',
    rule: {
      flags: '--version -V',
      values: { '-m': 'one:json.tool' },
      needs: '--version -V -m',
      operands: ['?read'],
      strict: 'runs-code',
    },
  },
  {
    names: 'node nodejs ruby perl php java deno bun go rustc gcc lua dotnet',
    style: 'single',
    rule: {
      flags: '-version --version -v -V',
      needs: '--version -v -V -version',
      strict: 'runs-code',
      operands: [],
      subcommands: { version: {} },
    },
  },
  {
    names: 'gem bundle cargo mvn gradle make',
    rule: { flags: '--version -v', needs: '--version -v', strict: 'runs-code' },
  },
  {
    names: 'certbot',
    rule: {
      subcommands: {
        certificates: { values: { '--cert-name -d': 'word' } },
        renew: {
          flags: '-n --non-interactive -q --quiet --dry-run --no-random-sleep-on-renew',
          values: { '--cert-name': 'target' },
          refuse: {
            'runs-code': '--pre-hook --post-hook --deploy-hook --manual-auth-hook',
            forced: '--force-renewal --force-renew --break-my-certs',
          },
          effect: 'certificate.renew',
        },
      },
      strict: 'access',
    },
  },
];
