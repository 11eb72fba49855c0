// What a workspace said, line by line and bounded, with the wrapper's last line kept apart. It must never keep more than its bounds,
// however long a line is, nor lose the last line because of what came before it.
import { StringDecoder } from 'node:string_decoder';
import { type LastLine, lastLineOf } from '../last-line.ts';

export type Stream = 'out' | 'err';
/** Characters kept, as many as Coder's log has bytes; and of one line. */
const KEPT = 1_048_576;
const LONGEST = 65_536;

export type Output = ReturnType<typeof openOutput>;

/** `tell` gets each line as it comes, without the wrapper's last one. */
export function openOutput(nonce: string, tell: (stream: Stream, line: string) => void) {
  const lines: string[] = [];
  let [size, left] = [0, 0];
  let [last, lastSaid]: [LastLine | null, string] = [null, ''];
  let blank = false;
  const keep = (stream: Stream, line: string) => {
    size += line.length + 1;
    if (size > KEPT) left += 1;
    else {
      lines.push(line);
      tell(stream, line);
    }
  };
  const take = (stream: Stream, line: string) => {
    const own = stream === 'out' ? lastLineOf(line, nonce) : null;
    // The wrapper puts a line end before its last line, which is an empty line when the script ended its own.
    if (blank && !own) keep('out', '');
    blank = false;
    // Of several, the last counts, since the wrapper's own comes when the script has ended. The others stay to be seen.
    if (own && last) keep('out', lastSaid);
    if (own) [last, lastSaid] = [own, line];
    else if (stream === 'out' && line === '') blank = true;
    else keep(stream, line);
  };
  return {
    /** Takes pieces of one stream, and its end when it is told so. */
    reader(stream: Stream) {
      const decoder = new StringDecoder('utf8');
      let rest = '';
      const split = (text: string) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) take(stream, part);
        for (; rest.length > LONGEST; rest = rest.slice(LONGEST)) take(stream, rest.slice(0, LONGEST));
      };
      return {
        more: (piece: Buffer) => split(decoder.write(piece)),
        end: () => {
          split(decoder.end());
          if (rest !== '') take(stream, rest);
          rest = '';
        },
      };
    },
    text: () => [...lines, ...(left > 0 ? [`[${left} more lines were not kept]`] : [])].join('\n'),
    last: () => last,
  };
}
