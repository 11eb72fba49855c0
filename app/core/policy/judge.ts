// Judges a script before anything may run it. First, thin form: flat scripts of a few commands; whatever is beyond
// its understanding is put to a person or refused. It must never answer `allow` for a command it did not understand.
import {
  type Assignment,
  type Command,
  forEachChild,
  parse,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { effects, higher } from './effects.ts';
import type { EffectKind, Finding, JudgedCommand, PolicyContext, Risk, Verdict } from './types.ts';

type Level = 'review' | 'refuse';
type Argument = { text: string | null; shown: string };
type Judged =
  | { effect: EffectKind; target: string | null }
  | { level: Level; code: string; sentence: string };

/** Judges one script; pure, never throws for any input. */
export function judge(script: string, context: PolicyContext): Verdict {
  const findings: Finding[] = [];
  const commands: JudgedCommand[] = [];
  let level: 'allow' | Level = 'allow';
  const constants = new Map<string, string>();
  const at = (pos: number) => {
    const before = script.slice(0, pos).split('\n');
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  };
  const find = (how: Level, pos: number, command: string, code: string, sentence: string) => {
    if (level !== 'refuse') level = how;
    findings.push({ ...at(pos), command: command.slice(0, 200), code, sentence });
  };
  const value = (word: Word): Argument => ({ text: literal(word, constants), shown: word.text });

  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Script' && node.errors && node.errors.length > 0) {
      find('refuse', node.errors[0]?.pos ?? node.pos, '', 'syntax', 'The script cannot be parsed.');
    }
    if (node.type === 'Command') command(node);
    else if (!flat.has(node.type)) {
      find(
        'review',
        node.pos,
        script.slice(node.pos, node.end),
        'construct',
        'This construct needs a person.',
      );
    }
    forEachChild(node, visit);
  };
  const assign = (a: Assignment) => {
    const text = a.value.type === 'Word' && !a.append && !a.index ? literal(a.value, constants) : null;
    if (text === null || constants.has(a.name) || loaded.test(a.name)) {
      find('refuse', a.pos, a.text, 'assignment', `The value of ${a.name} is not one plain literal.`);
    } else constants.set(a.name, text);
  };
  const command = (node: Command) => {
    const source = script.slice(node.pos, node.end);
    for (const part of node.prefix) {
      if (part.type !== 'Assignment' || node.name)
        find('review', part.pos, source, 'prefix', 'A prefix needs a person.');
      else assign(part);
    }
    if (!node.name) return;
    for (const redirect of node.redirects) {
      const target =
        redirect.type === 'Redirect' && redirect.target ? literal(redirect.target, constants) : null;
      if (target !== '/dev/null' && !(target && /^[12]$/.test(target))) {
        find('refuse', redirect.pos, source, 'redirect', 'Input or output goes somewhere else than the log.');
      }
    }
    const name = value(node.name);
    if (name.text === 'readonly') {
      for (const arg of node.args) {
        if (arg.type === 'Assignment') assign(arg);
        else find('review', arg.pos, source, 'assignment', 'readonly without a value needs a person.');
      }
      return;
    }
    const args = node.args.flatMap((arg) =>
      arg.type === 'Word' ? [value(arg)] : [{ text: null, shown: arg.text }],
    );
    const judged = judgeCommand(name, args, context);
    if ('code' in judged) {
      find(judged.level, node.pos, source, judged.code, judged.sentence);
      commands.push({
        ...at(node.pos),
        argv: [name, ...args].map(show),
        effect: 'unknown',
        target: null,
        selfRestoring: false,
      });
    } else {
      const { effect, target } = judged;
      if (context.kind === 'command' && effect !== 'read') {
        find('refuse', node.pos, source, 'not-read-only', 'A verification script may only read.');
      }
      commands.push({
        ...at(node.pos),
        argv: [name, ...args].map(show),
        effect,
        target,
        selfRestoring: effects[effect].selfRestoring,
      });
    }
  };

  if (script.length > 16_384 || /[^\n\t\x20-\x7e]/.test(script)) {
    find(
      'refuse',
      0,
      '',
      'limits',
      'The script is longer than 16 kB or holds characters other than plain ASCII.',
    );
  } else visit(parse(script));
  const seen = new Map(
    commands.filter((c) => c.effect !== 'read').map((c) => [`${c.effect} ${c.target}`, c]),
  );
  const start: Risk = level === 'allow' ? 'LOW' : 'HIGH';
  return {
    verdict: level,
    risk: commands.reduce<Risk>((risk, c) => higher(risk, effects[c.effect].risk), start),
    effects: [...seen.values()].map((c) => ({
      kind: c.effect,
      target: c.target,
      selfRestoring: c.selfRestoring,
    })),
    commands,
    findings,
  };
}

const flat = new Set(
  'Script Statement Command Word Literal SingleQuoted DoubleQuoted SimpleExpansion Assignment Redirect FileDescriptor'.split(
    ' ',
  ),
);
const loaded = /^(PATH|IFS|ENV|BASH.*|LD_.*|PS4|SHELLOPTS|HOME|.*_proxy|.*_PROXY|GIT_.*|CURL_.*|SSL_.*)$/;

const show = (argument: Argument) => argument.text ?? argument.shown;

/** The word's text if it is known before the run, else null. */
function literal(word: Word, constants: ReadonlyMap<string, string>): string | null {
  if (!word.parts) return /^~|[*?[]/.test(word.text) ? null : word.value;
  const pieces = word.parts.flatMap<WordPart>((part) =>
    part.type === 'DoubleQuoted' ? [...part.parts] : [part],
  );
  let text = '';
  for (const piece of pieces) {
    if (piece.type === 'Literal' || piece.type === 'SingleQuoted') text += piece.value;
    else if (piece.type === 'SimpleExpansion') {
      const known = constants.get(piece.text.slice(1));
      if (known === undefined || (!word.text.includes('"') && /[\s*?[]/.test(known))) return null;
      text += known;
    } else return null;
  }
  return text;
}

function judgeCommand(name: Argument, args: Argument[], context: PolicyContext): Judged {
  const refuse = (code: string, sentence: string): Judged => ({ level: 'refuse', code, sentence });
  const review = (code: string, sentence: string): Judged => ({ level: 'review', code, sentence });
  const read: Judged = { effect: 'read', target: null };
  if (name.text === null) return refuse('dynamic-command', 'The command to run is known only at run time.');
  const words = args.map((a) => a.text ?? '\0');
  switch (name.text) {
    case 'true':
    case ':':
    case 'echo':
      return read;
    case 'printf':
      return words[0]?.startsWith('-') ? refuse('printf', 'printf may not take options.') : read;
    case 'set':
      return /^(-[eux]*o? ?pipefail|-[eux]+|-[eux]*o pipefail)$/.test(words.join(' '))
        ? read
        : refuse('set', 'Only -e, -u, -x and pipefail may be set.');
    case 'sleep':
      return words.length === 1 &&
        /^\d{1,3}(\.\d+)?s?$/.test(words[0] ?? '') &&
        Number.parseFloat(words[0] ?? '') <= 300
        ? read
        : refuse('sleep', 'sleep takes a literal number of at most 300 seconds.');
    case 'curl':
      return curl(words, context, refuse, review);
    default:
      return review('unknown-command', `${name.text} is not described to the policy.`);
  }
}

type Says = (code: string, sentence: string) => Judged;

function curl(words: string[], context: PolicyContext, refuse: Says, review: Says): Judged {
  const plain = new Set(
    '--fail -f --silent -s --show-error -S -fsS -sS -fs --head -I --compressed -sSf'.split(' '),
  );
  let method = 'GET';
  let url: string | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word.includes('\0')) return refuse('tainted', 'A part of the request is known only at run time.');
    if (plain.has(word)) {
      if (word === '-I' || word === '--head') method = 'HEAD';
    } else if (word === '-X' || word === '--request') method = words[++i] ?? '';
    else if (word === '--max-time' || word === '-m' || word === '--connect-timeout') {
      if (!/^\d{1,2}$/.test(words[++i] ?? ''))
        return refuse('curl-time', 'The time limit is not a small number.');
    } else if ((word === '-o' || word === '--output') && words[i + 1] === '/dev/null') i++;
    else if (word === '-w' || word === '--write-out') {
      if (/^@|%output/.test(words[++i] ?? '@'))
        return refuse('curl-write-out', 'The format is read from or written to a file.');
    } else if (word.startsWith('-')) return refuse('curl-option', `The curl option ${word} is not allowed.`);
    else if (url !== null) return refuse('curl-urls', 'One request asks one URL.');
    else url = word;
  }
  const parsed = url === null ? null : URL.parse(url);
  if (
    url === null ||
    !parsed ||
    !/^https?:$/.test(parsed.protocol) ||
    parsed.username ||
    /[{}[\]\\]/.test(url)
  ) {
    return refuse('curl-url', 'The request has no plain http or https URL.');
  }
  const action = context.actions.find((a) => a.method === method && a.url === url);
  if (action) return { effect: action.effect, target: url };
  if (method !== 'GET' && method !== 'HEAD')
    return refuse('unlisted-action', `${method} ${url} is not an action of the inventory.`);
  const hosts = Object.values(context.parameters).map((p) => URL.parse(p)?.host ?? p);
  return hosts.includes(parsed.host)
    ? { effect: 'read', target: null }
    : review('foreign-host', `${parsed.host} is not in the inventory.`);
}
