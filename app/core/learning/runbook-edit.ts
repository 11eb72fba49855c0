// When the script that healed differs from its runbook, the runbook is out of date. This makes the runbook's next version.
// Must never put a parameter's value into a runbook, and never touch a line outside the fence that differs.

import { type Fence, splitRunbook } from '#core/knowledge/runbook';
import { renderScript } from '#core/proposal/remediation';

type Scripts = { 'fix.sh': string; 'undo.sh'?: string | undefined };
type Edited = { ok: true; text: string; changed: ('fix' | 'undo')[] } | { ok: false; reason: string };

/** The runbook's own lines of a rendered script. Null: the head of the script is not the one that Vigil rendered. */
export function ownLines(script: string, parameters: Readonly<Record<string, string>>): string | null {
  const head = renderScript('', parameters).trimEnd();
  return script.startsWith(`${head}\n`) ? `${script.slice(head.length + 1).trimEnd()}\n` : null;
}

/** The runbook's text, with its own scripts replaced by those that ran. */
export function editRunbook(
  text: string,
  ran: Scripts,
  parameters: Readonly<Record<string, string>>,
): Edited {
  const split = splitRunbook(text);
  if (!split.ok) return { ok: false, reason: `line ${split.line}: ${split.reason}` };
  const changed: ('fix' | 'undo')[] = [];
  let lines = text.split('\n');
  // The later fence is replaced first, so that the line numbers of the other one stay right.
  for (const name of ['undo', 'fix'] as const) {
    const script = ran[`${name}.sh`];
    const fence = split.fences.find(({ info }) => info === `bash ${name}`);
    if (script === undefined) {
      if (fence) return { ok: false, reason: `what ran has no ${name}.sh, the runbook has one` };
      continue;
    }
    if (!fence) return { ok: false, reason: `the runbook has no \`bash ${name}\` block to change` };
    const own = ownLines(script, parameters);
    if (own === null) return { ok: false, reason: `${name}.sh does not begin as Vigil renders it` };
    if (own.split('\n').some((line) => /^\s*`{3,}/.test(line)))
      return { ok: false, reason: `${name}.sh holds a code fence` };
    if (Object.values(parameters).some((value) => value.length > 3 && own.includes(value)))
      return { ok: false, reason: `${name}.sh names a value that belongs into the inventory` };
    if (own === fence.text) continue;
    lines = replaced(lines, fence, own);
    changed.unshift(name);
  }
  return changed.length > 0
    ? { ok: true, text: lines.join('\n'), changed }
    : { ok: false, reason: 'what ran is what the runbook says' };
}

function replaced(lines: readonly string[], fence: Fence, text: string): string[] {
  const start = fence.line - 1;
  const length = fence.text.trimEnd() === '' ? 0 : fence.text.replace(/\n$/, '').split('\n').length;
  return [...lines.slice(0, start), ...text.trimEnd().split('\n'), ...lines.slice(start + length)];
}
