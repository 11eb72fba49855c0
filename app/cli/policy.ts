// `vigil policy FILE…`: what the policy says about scripts, with the place of every finding. Must never judge by other
// rules than the gate. Must never end with 0 when a script was not read.
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { judge } from '#core/policy/judge';
import type { ScriptKind, Verdict } from '#core/policy/types';
import { policyVersion } from '#core/policy/version';
import { type Command, type ExitCode, InputError, type Shell, UsageError } from './command.ts';
import { jsonLines } from './json-lines.ts';
import { contextsFor, readScriptFile } from './policy-context.ts';
import { withUndo } from './policy-pairs.ts';
import { judgedForPeople } from './policy-report.ts';

const usage = `Usage: npm run -s vigil -- policy FILE… [options]
       npm run -s vigil -- policy --jsonl < scripts.jsonl

Says what the policy thinks of bash scripts, without running anything: allow, review (a person must agree) or refuse
(nobody can approve it), the risk, the effects, and a finding for every reason with its place. FILE - is standard input.
Of fix.sh and undo.sh of one folder, named together, it also says what of the fix the undo does not put back.

  --service NAME   judge for this service of vigil.yml, by name or PagerDuty id. Without it the inventory is empty:
                   whatever changes something has a target nobody vouched for, and is refused
  --settings FILE  the vigil.yml to use; default: .github/vigil.yml here or in the nearest directory above. Its
                   policy.rules count also without --service, as of now; their cool_down does not: it takes the ledger
  --kind KIND      fix, undo or command (a verification, which may only read); default: fix, undo for undo.sh
  --json           print one JSON object: policy (version), files of {file, kind, verdict, risk, effects, commands, findings,
                   costs}; costs are left out where there are none
  --jsonl          read JSON Lines {id, script, kind?, service?} from standard input and print one for each:
                   {id, verdict, risk, effects, findings, costs}, or {line, id, error}; other keys are ignored

A finding has line and column (from 1), command, level (review or refuse), code and sentence. Where something is to be known that
changes no verdict (bash runs what asks for sh), there are notes of {line, code, sentence} beside.
Exit codes: 0 allow, 1 review, 2 refuse, 3 wrong usage or input that cannot be read. The worst of all scripts counts.

  npm run -s vigil -- policy remediations/pd-q1abc/fix.sh --service shop
`;

const kinds = ['fix', 'undo', 'command'] as const;
const Line = z.object({
  id: z.union([z.string(), z.number()]),
  script: z.string(),
  kind: z.enum(kinds).optional(),
  service: z.string().optional(),
});
const codes = { allow: 0, review: 1, refuse: 2 } as const satisfies Record<Verdict['verdict'], ExitCode>;

type Judge = (script: string, kind: ScriptKind, service?: string) => Verdict;

export const policyCommand: Command = {
  name: 'policy',
  summary: 'judge scripts as the gate does, with carets under what it minds',
  usage,
  misused: 3,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        service: { type: 'string' },
        settings: { type: 'string' },
        kind: { type: 'string' },
        json: { type: 'boolean', default: false },
        jsonl: { type: 'boolean', default: false },
      },
    });
    const kind = kinds.find((known) => known === values.kind);
    if (values.kind !== undefined && !kind) throw new UsageError(`--kind is one of ${kinds.join(', ')}`);
    if (values.json && values.jsonl) throw new UsageError('--json and --jsonl exclude each other');
    if (values.jsonl !== (positionals.length === 0))
      throw new UsageError(values.jsonl ? '--jsonl reads standard input, name no files' : 'name a script');
    const contexts = await contextsFor(values.service, values.settings, shell);
    const judged: Judge = (script, own, service) => judge(script, contexts(own, service));
    if (values.jsonl) return linesOf(judged, kind ?? 'fix', shell);
    const files: { file: string; kind: ScriptKind; script: string; verdict: Verdict }[] = [];
    for (const file of positionals) {
      const script = await readScriptFile(file, shell);
      const own = kind ?? (basename(file) === 'undo.sh' ? 'undo' : 'fix');
      files.push({ file, kind: own, script, verdict: judged(script, own) });
    }
    const paired = withUndo(files);
    if (values.json) {
      const shown = paired.map(({ file, kind: own, verdict }) => ({ file, kind: own, ...verdict }));
      shell.out(`${JSON.stringify({ policy: policyVersion, files: shown })}\n`);
    } else for (const each of paired) shell.out(judgedForPeople(each, shell));
    return worst(paired.map(({ verdict }) => codes[verdict.verdict]));
  },
};

async function linesOf(judged: Judge, fallback: ScriptKind, shell: Shell): Promise<ExitCode> {
  const exits: ExitCode[] = [];
  const say = async (code: ExitCode, answer: unknown) => {
    exits[0] = worst([code, ...exits]);
    shell.out(`${JSON.stringify(answer)}\n`);
    await shell.taken();
  };
  for await (const line of jsonLines(shell, Line)) {
    if (!line.ok) {
      await say(3, line.answer);
      continue;
    }
    const { id, script, kind, service } = line.value;
    try {
      const { commands: _, ...verdict } = judged(script, kind ?? fallback, service);
      await say(codes[verdict.verdict], { id, ...verdict });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      await say(3, { line: line.line, id, error: error.message });
    }
  }
  return worst(exits);
}

const worst = (all: readonly ExitCode[]): ExitCode => all.reduce<ExitCode>((a, b) => (b > a ? b : a), 0);
