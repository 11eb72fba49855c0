// Lasting acts in a form that can be compared: what is changed, which part of it, and what it is set to.
// Must never call two objects the same because nothing is known of them: only what is written alike is alike.
import { limitsIn } from './checks/autoscaler.ts';
import { isEffect } from './effects.ts';
import {
  amountWords,
  inverses,
  leavesStopped,
  longOptions,
  placeOptions,
  sameKind,
  sameTool,
  stateOptions,
  stateWords,
  toggles,
} from './inverses.ts';
import type { EffectKind, InventoryAction, JudgedCommand, Written } from './types.ts';

export type Act = {
  command: JudgedCommand;
  effect: EffectKind;
  part: string | null;
  /** Who is asked, where, and for what: two acts with the same text are on the same object. */
  object: string;
  /** Its name alone, by which a command that nobody described may mean it. */
  name: string;
  /** What it is set to; null when the command names no value. */
  value: string | null;
  /** A number in another form than the usual one: tools do not agree on what `011` is. */
  unsure: boolean;
  /** On or off, where an action says it. */
  way: 'up' | 'down' | null;
  action: InventoryAction | null;
  toggle: boolean;
};

/** The acts of one command: one for each object that it names. */
export function actsOf(command: JudgedCommand): Act[] {
  const { effect, target, written } = command;
  const part = inverses[effect]?.part ?? (effect === 'service.restart' && starts(command) ? 'running' : null);
  const base = {
    ...{ command, effect, part, action: null, toggle: false, way: null, value: null, unsure: false },
  };
  if (!written || target === null) {
    const words = command.argv.join(' ');
    return [{ ...base, object: words, name: words }];
  }
  if (written.action) return [{ ...base, ...actionOf(written.action, bodyOf(written)) }];
  const tool = toolOf(command);
  // Of an option that is given twice, the tools take the last.
  const options = new Map(
    written.options.map(([option, value]) => {
      const name = longOptions[tool]?.[option] ?? option;
      return [name, name === '--patch' ? plainPatch(value) : value];
    }),
  );
  const among = (names: ReadonlySet<string>): string[] =>
    [...options]
      .filter(([name]) => names.has(name))
      .map(([name, value]) => `${name}=${value}`)
      .toSorted();
  // kubectl's namespace is a part of its target already.
  const place = among(placeOptions).filter((one) => tool !== 'kubectl' || !one.startsWith('--namespace='));
  const names = written.operands.join(' in ') === target ? written.operands : [target];
  const rest = written.operands.filter(
    (word) => !target.split(/ in |\//).includes(word) && !target.startsWith(word),
  );
  const value = [...among(stateOptions), ...(names.length > 1 ? [] : rest)].join(' ');
  const toggle = toggles.includes([tool, ...written.path].join(' '));
  return names.map((name) => {
    const object = plainName(name, tool);
    return {
      ...base,
      object: [tool, object, ...place].join(' '),
      name: object.replace(/ in .*$/, '').replace(/^.*\//, ''),
      value: value === '' ? null : value,
      unsure: value.split(/[ =]/).some((word) => /^[+-]?\d+$/.test(word) && !/^(0|[1-9]\d*)$/.test(word)),
      toggle,
    };
  });
}

/** The same limits of an autoscaler are the same text, in whichever form of patch and with whatever blanks. */
function plainPatch(text: string): string {
  const limits = limitsIn(text, text.trimStart().startsWith('['));
  return limits ? JSON.stringify(Object.entries(limits).toSorted()) : text;
}

function toolOf({ argv: [first = ''] }: JudgedCommand): string {
  const name = first.slice(first.lastIndexOf('/') + 1);
  return sameTool[name] ?? name;
}

const starts = (command: JudgedCommand): boolean =>
  !leavesStopped.includes([toolOf(command), ...(command.written?.path ?? [])].join(' '));

/** `deploy/web in shop` is `deployment/web in shop`; `nginx.service` is `nginx`. */
function plainName(target: string, tool: string): string {
  const [kind = '', ...rest] = target.split('/');
  if (tool === 'kubectl' && rest.length > 0) return [sameKind[kind] ?? kind, ...rest].join('/');
  return tool === 'systemctl' ? target.replace(/\.service$/, '') : target;
}

const bodyOf = ({ options }: Written): string =>
  options
    .filter(([name]) =>
      /^(-d|--data|--data-raw|--data-ascii|--json|--data-urlencode|--data-binary)$/.test(name),
    )
    .map(([, value]) => value)
    .join(' ');

/**
 * An action's address and body, split into the words that say which state and the others. Numbers are a state only at the end of a
 * setting, or behind a word for an amount: elsewhere they may be the name of a flag.
 */
function actionOf(
  action: InventoryAction,
  body: string,
): Pick<Act, 'object' | 'name' | 'value' | 'way' | 'action'> {
  const words = `${action.url.replace(/^https?:\/\//, '')} ${body}`
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  const counts = isEffect(action.effect, 'scale') || action.effect === 'config.set';
  const isState = (word: string, at: number): boolean =>
    Object.hasOwn(stateWords, word) ||
    (/^\d+$/.test(word) && ((counts && at === words.length - 1) || amountWords.has(words[at - 1] ?? '')));
  const state = words.filter(isState);
  const subject = words.filter((word, at) => !isState(word, at));
  const ways = new Set(state.flatMap((word) => (stateWords[word] === 'free' ? [] : [stateWords[word]])));
  const [only, ...others] = [...ways];
  const said = others.length > 0 ? null : (only ?? null);
  // What is deleted is no longer so.
  const deletes = action.method === 'DELETE';
  const way = deletes && said !== null ? (said === 'up' ? 'down' : 'up') : said;
  const gone = deletes ? ['DELETE'] : [];
  return {
    action,
    object: `http ${subject.join(' ')}`,
    name: subject.at(-1) ?? '',
    value: [...gone, ...state].join(' ') || null,
    way: way ?? null,
  };
}
