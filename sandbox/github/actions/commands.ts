// Obeys the commands a step prints and writes its log. Must never log a line unmasked.
// https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
import { type Command, parseCommand } from './command-line.ts';
import type { Masks } from './masking.ts';
import type { StepState } from './types.ts';

const LINES = 20_000;
// https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs
const ANNOTATIONS = 10; // of each kind in one step; more are only in the log
const MESSAGE_CHARACTERS = 4096;
const UNSECURE = 'ACTIONS_ALLOW_UNSECURE_COMMANDS';
const UNSECURE_STOP = 'ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS';

/** What commands may change beyond the log. */
export type Effects = {
  /** Whether the step's environment says true to this. */
  says(variable: string): boolean;
  setEnv(name: string, value: string): void;
  addPath(path: string): void;
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
};
const NONE: Effects = {
  ...{ says: () => false, setEnv() {}, addPath() {}, setOutput() {}, saveState() {} },
};
export type Level = 'error' | 'warning' | 'notice';
/** `fail` makes the step a failure at its end; `issue` only says so. */
export type Log = {
  write(line: string): void;
  issue(level: Level, message: string, properties?: Record<string, string>): void;
  fail(...messages: string[]): void;
  failed(): boolean;
};

/** A step's log: `write` takes one line of the process, whichever of its streams it came from. */
export function createLog(
  { log: lines, annotations }: Pick<StepState, 'log' | 'annotations'>,
  masks: Masks,
  effects: Effects = NONE,
): Log {
  let [failed, echo, deaf] = [false, false, false];
  let resume: string | null = null;
  const put = (line: string) => {
    if (lines.length < LINES) lines.push(masks.apply(line));
    else if (lines.length === LINES) {
      // A runner has no such limit. What is not kept must not pass for a clean log.
      failed = true;
      lines.push(`##[error]The log ends here: the sandbox's runner keeps ${LINES} lines of a step`);
    }
  };
  const issue: Log['issue'] = (level, message, properties = {}) => {
    const shown = masks.apply(message).slice(0, MESSAGE_CHARACTERS);
    if (annotations.filter((one) => one.level === level).length < ANNOTATIONS)
      annotations.push({ level, message: shown, properties });
    put(`##[${level}]${shown}`);
  };
  const fail = (...messages: string[]) => {
    failed = true;
    for (const message of messages) issue('error', message);
  };
  const named = ({ name, properties }: Command): string => {
    if (properties['name']) return properties['name'];
    throw new Error(`Required field 'name' is missing in ##[${name}] command.`);
  };
  const enabled = ({ name }: Command) => {
    if (!effects.says(UNSECURE))
      throw new Error(`The \`${name}\` command is disabled. Use its file, or set ${UNSECURE} to true.`);
  };
  const retiring = ({ name }: Command) =>
    issue('warning', `The \`${name}\` command is deprecated and will be disabled soon.`);
  const annotate = ({ name, data, properties }: Command) => issue(name as Level, data, properties);
  const obeyed: Record<string, (command: Command) => void> = {
    'add-mask'({ data }) {
      if (data.trim() === '')
        issue('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
      else masks.add(data);
      if (echo && data.trim() !== '') put('::add-mask::***');
    },
    'add-matcher'({ data }) {
      // A runner fails for a file that is not there. One that is there would make annotations of lines; here it fails too.
      if (data === '') return issue('warning', 'File path must be specified.');
      throw new Error(`Problem matchers are not supported by the sandbox's runner: ${data}`);
    },
    'remove-matcher'({ data, properties }) {
      if ((data === '') === !properties['owner'])
        issue(
          'warning',
          'Either an owner name or a file path must be specified in ##[remove-matcher] command.',
        );
    },
    'set-env'(command) {
      enabled(command);
      const name = named(command);
      if (blocked(name))
        issue('error', `Can't update ${name} environment variable using ::set-env:: command.`);
      else effects.setEnv(name, command.data);
    },
    'add-path'(command) {
      enabled(command);
      if (command.data === '') throw new Error('path must not be empty');
      effects.addPath(command.data);
    },
    'set-output'(command) {
      retiring(command);
      effects.setOutput(named(command), command.data);
    },
    'save-state'(command) {
      retiring(command);
      effects.saveState(named(command), command.data);
    },
    echo({ data }) {
      if (!/^\s*(on|off)\s*$/i.test(data)) throw new Error(`Invalid echo command value: '${data}'`);
      echo = /on/i.test(data);
    },
    debug: () => {},
    group: ({ data }) => put(`##[group]${data}`),
    endgroup: () => put('##[endgroup]'),
    error: annotate,
    warning: annotate,
    notice: annotate,
  };
  const silent = ['add-mask', 'debug', 'error', 'warning', 'notice'];
  const known = (name: string) => name === 'stop-commands' || name === resume || Object.hasOwn(obeyed, name);

  const stop = (line: string, token: string) => {
    const wrong = token === '' || known(token.toLowerCase()) || token.toLowerCase() === 'pause-logging';
    if (wrong && !effects.says(UNSECURE_STOP)) {
      deaf = true; // the exception ends the reading of the step's output
      return fail(
        `You cannot use the endToken '${token}': it is empty, 'pause-logging' or a workflow command.`,
      );
    }
    resume = token.toLowerCase();
    if (token.length > 6) masks.add(token);
    put(line);
  };
  return {
    write(line) {
      if (deaf) return;
      const command = parseCommand(line, known);
      // Marks of composite actions are the runner's own.
      if (!command) return put(line.replace(/##\[(?=start-action|end-action)/g, '##[\\'));
      if (resume !== null) {
        if (command.name === resume) resume = null;
        return put(line);
      }
      if (command.name === 'stop-commands') return stop(line, command.data);
      if (echo && !silent.includes(command.name)) put(line);
      try {
        obeyed[command.name]?.(command);
      } catch (error) {
        const shown = silent.includes(command.name) ? command.name : line;
        fail(`Unable to process command '${shown}' successfully.`, messageOf(error));
      }
    },
    issue,
    fail,
    failed: () => failed,
  };
}

/** A variable that no step may hand on, in any case of letters. */
export const blocked = (name: string): boolean => name.toUpperCase() === 'NODE_OPTIONS';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
