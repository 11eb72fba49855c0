// Finds the command in one line of a step's output, in both spellings a runner knows. Must never obey it.
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs

/** `name` is in lower case, like the names of `properties`: both ignore case. */
export type Command = { name: string; properties: Record<string, string>; data: string };

/** `::name k=v,k=v::data` at the start of the line, else `##[name k=v;k=v]data` anywhere in it. */
export function parseCommand(line: string, known: (name: string) => boolean): Command | null {
  const [, info, data = ''] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  if (info !== undefined && known(nameOf(info))) return command(info, ',', data, DATA, PROPERTY);
  // By places, not by a pattern: a hostile line may begin it a million times.
  const at = line.indexOf(OPEN);
  const end = at < 0 ? -1 : line.indexOf(']', at);
  const old = end < 0 ? '' : line.slice(at + OPEN.length, end);
  if (end >= 0 && known(nameOf(old))) return command(old, ';', line.slice(end + 1), OLD, OLD);
  return null;
}

const OPEN = '##[';
const nameOf = (info: string): string => (info.split(' ')[0] ?? '').toLowerCase();

function command(info: string, comma: string, data: string, codes: string, inside: string): Command {
  const space = info.indexOf(' ');
  const written = space > 0 ? info.slice(space + 1) : '';
  const pairs = (comma === ',' ? written.trim() : written)
    .split(comma)
    .map((pair) => /^=*([^=]+)=+(.+)$/s.exec(pair));
  const named = pairs.flatMap((pair) => (pair ? [[pair[1]?.toLowerCase(), decode(pair[2], inside)]] : []));
  return { name: nameOf(info), properties: Object.fromEntries(named), data: decode(data, codes) };
}

// In the order a runner replaces them, capitals only: `%250A` is `%0A`, and `%0a` stays as it is.
const DATA = '0D 0A 25';
const PROPERTY = '0D 0A 3A 2C 25';
const OLD = '3B 0D 0A 5D 25';
const decode = (text = '', codes: string): string =>
  codes
    .split(' ')
    .reduce((now, code) => now.replaceAll(`%${code}`, String.fromCharCode(Number.parseInt(code, 16))), text);
