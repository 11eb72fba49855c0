// Understands the `::command::` lines a step prints and writes its log. Must never log a line unmasked.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
import type { Masks } from './masking.ts';

const LINES = 20_000;
const SHOWN: Record<string, string> = {
  error: '##[error]',
  warning: '##[warning]',
  notice: '##[notice]',
  group: '##[group]',
  endgroup: '##[endgroup]',
};
// Old commands that change the job. GitHub keeps some of them alive; here they fail the step, so that nothing is lost.
const RETIRED = ['set-output', 'save-state', 'set-env', 'add-path'];

export type Log = { write(line: string): void; error(message: string): void; failed(): boolean };

/** A step's log: `write` takes one line of the process, `failed` tells whether a command could not be obeyed. */
export function createLog(lines: string[], masks: Masks): Log {
  let resume: string | null = null;
  let failed = false;
  const put = (line: string) => {
    if (lines.length < LINES) lines.push(masks.apply(line));
    else if (lines.length === LINES) lines.push('##[warning]the log ends here: it has too many lines');
  };
  const error = (message: string) => {
    failed = true;
    for (const line of message.split('\n')) put(`##[error]${line}`);
  };
  const write = (line: string) => {
    const [, name = '', value = ''] = /^\s*::([\w-]+)(?: [^:]*(?::(?!:)[^:]*)*)?::(.*)$/s.exec(line) ?? [];
    if (resume !== null) {
      if (name === resume) resume = null;
      return put(line);
    }
    if (name === 'add-mask') return masks.add(decode(value));
    if (name === 'stop-commands') resume = value;
    else if (name === 'debug') return;
    else if (RETIRED.includes(name)) return error(`the command ::${name}:: is not supported; use its file`);
    const prefix = SHOWN[name];
    return prefix === undefined ? put(line) : put(prefix + decode(value));
  };
  return { write, error, failed: () => failed };
}

const decode = (value: string) =>
  value.replace(/%(25|0D|0A)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
