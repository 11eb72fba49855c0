// docker, podman, compose and crictl; https://docs.docker.com/reference/cli/docker/
// It must never describe a way to start a container: what runs in it, and with which of the host's files, is not judged.
import type { Rule, Tool } from '../engine/spec.ts';

const format = { '-f --filter --format -n --last': 'literal' } as const;
const logs: Rule = {
  flags: '-t --timestamps --details --no-color --no-log-prefix',
  values: { '-n --tail': 'literal', '--since --until': 'literal' },
  endless: '-f --follow',
  operands: ['*word'],
};
const exec: Rule = {
  first: true,
  flags: '-i -t -T --interactive --tty --no-TTY',
  values: { '-u --user -w --workdir --index': 'literal' },
  refuse: { config: '-e --env --env-file', access: '--privileged -d --detach' },
  operands: ['word', '*any'],
  check: 'elsewhere',
};

const inspect: Rule = {
  values: {
    '-f --format':
      'like:([\\w :=,/-]|\\\\[nt]|\\{\\{(json |println )?\\.(Name|Id|ID|Created|Image|RestartCount|Platform|LogPath|State|Mounts|NetworkSettings|Driver|Scope|Config\\.(Image|Hostname|User|Labels|Healthcheck|ExposedPorts)|HostConfig\\.(Memory|NanoCpus|CpuShares|RestartPolicy|NetworkMode|PortBindings|LogConfig|Binds|PidsLimit))[\\w.]*\\}\\})+',
    '--type': 'literal',
  },
  flags: '-s --size',
  needs: '-f --format',
  operands: ['*word'],
  strict: 'secret-read',
};

const restart: Rule = {
  values: { '-t --time --timeout': 'int:1..600', '-s --signal': 'one:SIGTERM|TERM' },
  operands: ['target', '*target'],
  effect: 'service.restart',
  output: 'none',
};
const stop: Rule = {
  values: { '-t --time --timeout': 'int:1..600' },
  operands: ['target', '*target'],
  effect: 'service.stop',
  asks: 'Stopping takes the container away until somebody starts it again.',
  output: 'none',
};
const prune: Rule = {
  flags: '-a -f --all --force',
  values: { '--filter': 'like:(until=\\d+(h|m)|label!?=[\\w./=-]+)' },
  needs: '-f --force',
  effect: 'images.prune',
  check: 'images',
  output: 'text',
  strict: 'interactive',
};

const never =
  'run|create|start|kill|rm|rmi|commit|cp|export|import|load|save|push|pull|build|buildx|login|logout|tag|update|rename|attach|plugin|secret|config|trust|swarm|unpause|pause|checkpoint|scan|init|sbom|scout|manifest|up|down|watch|machine|play|generate|unshare|mount|kube|farm|quadlet';

const docker: Rule = {
  flags: '--help -D --debug --version -v',
  refuse: {
    config: '--config',
    'other-cluster': '-H --host -c --context --url --connection --remote --root',
    'disables-security': '--tls --tlscacert --tlscert --tlskey --tlsverify',
    forced: '--force',
    bulk: '--volumes',
  },
  subcommands: {
    'ps|ls|list': {
      flags: '-a -q -s -l -p --all --quiet --size --latest --no-trunc --pod --ns --noheading',
      values: format,
      check: 'names',
    },
    images: { flags: '-a -q --all --quiet --no-trunc --digests --tree', values: format, operands: ['?word'] },
    'container top|port|diff': { operands: ['*word'] },
    'pod ps|ls|list': { flags: '-q --quiet', operands: ['*word'] },
    'container ls|ps|list': { flags: '-a -q -s --all --quiet --no-trunc', values: format },
    'container logs': logs,
    'container|image|network|volume inspect': inspect,
    'image ls|list, network|volume|node|service|stack|context ls': {
      flags: '-q --quiet --no-trunc -a --all --digests --noheading',
      values: format,
    },
    'service|node|stack ps, stack services': {
      flags: '--no-trunc -q',
      values: format,
      operands: ['*word'],
    },
    'service logs': logs,
    'image history|history': {
      flags: '-H -q',
      asks: 'The layers of an image may show secrets.',
      operands: ['word'],
    },
    logs,
    inspect,
    stats: {
      flags: '--no-stream --no-trunc -a --all',
      values: { '--format': 'literal' },
      needs: '--no-stream',
      operands: ['*word'],
    },
    top: { operands: ['word', '?one:aux|-ef|-aux|-eaf|-o'] },
    'port|diff': { operands: ['*word'] },
    'version|info, system df|info': { flags: '-v --verbose', values: { '-f --format': 'literal' } },
    events: { values: { '--since --until -f --filter --format': 'literal' }, needs: '--until', operands: [] },
    'restart, container restart, pod restart': restart,
    'stop, container stop': stop,
    'image prune, builder prune, buildx prune': prune,
    'service rollback': {
      flags: '-q -d --quiet --detach',
      operands: ['target'],
      effect: 'rollout.undo',
      output: 'none',
    },
    exec,
    'compose ps|images|ls|top|version|port': {
      flags: '-a -q --all --quiet --services',
      values: { '--format --filter --status': 'literal' },
      operands: ['*word'],
    },
    compose: { values: { '-f --file': 'settings', '-p --project-name': 'literal' } },
    'compose logs': logs,
    'compose config': {
      flags: '-q --quiet --services --images --profiles',
      needs: '-q --quiet --services --images --profiles',
      strict: 'secret-read',
    },
    'compose restart': {
      flags: '--no-deps',
      values: { '-t --timeout': 'int:1..600' },
      operands: ['target', '*target'],
      effect: 'service.restart',
      output: 'none',
    },
    'compose exec': exec,
    [never]: { never: 'destructive', check: 'instead' },
    'system prune, container prune, volume prune, network prune, container rm, image rm, volume rm, network rm, service rm, stack rm, service update, stack deploy, container run, container kill, container exec, compose up, compose down, compose rm, compose kill, compose run, compose pull, compose build':
      { never: 'destructive', check: 'instead' },
  },
  operands: [],
};

export const containers: readonly Tool[] = [
  { names: 'docker podman nerdctl', rule: docker },
  {
    names: 'docker-compose podman-compose',
    rule: {
      refuse: {
        config: '--env-file --project-directory',
        'other-cluster': '-H --host -c --context',
      },
      values: { '-f --file': 'settings', '-p --project-name': 'literal' },
      subcommands: {
        'ps|images|top|version|port|ls': { flags: '-a -q --all --quiet --services', operands: ['*word'] },
        logs,
        restart: {
          values: { '-t --timeout': 'int:1..600' },
          operands: ['target', '*target'],
          effect: 'service.restart',
          output: 'none',
        },
        exec,
        'up|down|rm|kill|run|pull|build|create|start|stop|config': { never: 'destructive', check: 'instead' },
      },
      operands: [],
    },
  },
  {
    names: 'crictl',
    rule: {
      flags: '-D',
      subcommands: {
        'ps|pods|images|stats|info|version': {
          flags: '-a -q -v -l --all --quiet --verbose --no-trunc --digests --latest',
          values: {
            '-o --output --name --label --state --namespace --id --image --pod --last -n': 'literal',
          },
          operands: ['*word'],
        },
        logs: {
          flags: '-p',
          values: { '--tail --since': 'literal' },
          endless: '-f --follow',
          operands: ['word'],
        },
        rmi: {
          flags: '--prune -q',
          needs: '--prune',
          effect: 'images.prune',
          check: 'images',
          strict: 'destructive',
        },
        'inspect|inspectp|exec|stop|stopp|rm|rmp|run|runp|create|start|pull|update': {
          never: 'secret-read',
        },
      },
      operands: [],
    },
  },
  {
    names: 'ctr skopeo buildah',
    rule: { flags: '--version --help', needs: '--version --help', strict: 'access' },
  },
];
