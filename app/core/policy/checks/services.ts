// Programs that restart or reload by their own command: `service`, `sv`, `nginx -s`, `apachectl`. Each is a unit of the inventory.
// It must never let a name lead to a file, nor a word pass that no action of the program is.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Arg, show, textOf } from '../engine/value.ts';
import type { EffectKind } from '../types.ts';

const actions: Readonly<Record<string, EffectKind>> = {
  status: 'read',
  restart: 'service.restart',
  'try-restart': 'service.restart',
  condrestart: 'service.restart',
  reload: 'service.reload',
  'force-reload': 'service.reload',
  'reload-or-restart': 'service.reload',
  hup: 'service.reload',
  start: 'service.start',
  stop: 'service.stop',
};
const known = Object.keys(actions).join(', ');

/** `service NAME ACTION`, `rc-service NAME ACTION`, `sv ACTION NAME`. */
export function checkService(parsed: Parsed, run: Run, tool: string): Found {
  if (parsed.operands.length === 0) return { issues: [] };
  const [first, second] = parsed.operands;
  const [name, action] = tool.endsWith('sv') ? [second, first] : [first, second];
  const service = textOf(name);
  const verb = textOf(action) ?? '';
  const effect = Object.hasOwn(actions, verb) ? actions[verb] : undefined;
  if (!effect || parsed.operands.length > 2)
    return { issues: [refusal('foreign-target', `Write ${tool} with a name and one of ${known}.`)] };
  if (service === null)
    return {
      issues: [refusal('tainted-target', `Which service ${shown(name)} is, is known only at run time.`)],
    };
  if (!/^[A-Za-z0-9][\w.@-]*$/.test(service))
    return { issues: [refusal('runs-file', `${service} is no plain name of a service.`)] };
  if (effect === 'read') return { issues: [] };
  const issues = owned([service], run);
  if (effect === 'service.stop')
    issues.push(question('asks', 'Stopping takes the service away until somebody starts it again.'));
  return { issues, effect, target: service };
}

const shown = (arg: Arg | undefined): string => (arg ? show(arg.value) : 'it');

/** Nothing to say if the inventory names one of these. */
function owned(names: readonly string[], run: Run): Issue[] {
  const { values } = run.inventory;
  if (names.some((name) => values.has(name) || values.has(`${name}.service`))) return [];
  return [
    refusal(
      'foreign-target',
      `${names[0]} is not in the incident's inventory, so it is not this script's to change.`,
    ),
  ];
}

/** `nginx -s reload`: a signal of the running server's own. */
export function checkNginx(parsed: Parsed, run: Run): Found {
  if (!has(parsed, '-s')) return { issues: [] };
  const effect =
    textOf(optionValue(parsed, '-s') ?? undefined) === 'reopen' ? 'log.rotate' : 'service.reload';
  return { issues: owned(['nginx'], run), effect, target: 'nginx' };
}

/** `apachectl graceful` and `httpd -k graceful`. */
export function checkApache(parsed: Parsed, run: Run): Found {
  if (parsed.given.length === 0 && parsed.operands.length === 0)
    return { issues: [refusal('config', 'This starts the server; write apachectl configtest or graceful.')] };
  const verb = textOf(optionValue(parsed, '-k') ?? parsed.operands[0]);
  if (verb !== 'graceful' && verb !== 'restart') return { issues: [] };
  const effect = verb === 'graceful' ? 'service.reload' : 'service.restart';
  return { issues: owned(['apache2', 'httpd', 'apache'], run), effect, target: 'apache2' };
}
