// The redactor for text that does not fit into memory. What comes out is what `createRedactor` gives for the whole
// text, wherever the chunks were cut; a unit in which a detector
// fails is withheld, and any other error breaks the stream before more is passed on.
import { createCutter } from './cutter.ts';
import { detectorsFor, placeholders, type RedactOptions } from './redact.ts';
import { settle, type Unit } from './settle.ts';
import type { Detector } from './span.ts';

/** UTF-8 bytes or strings in, strings out. Holds back at most a window (32,768 characters) and what joins its lines. */
export function createRedactionStream(
  options: RedactOptions,
  detectors: readonly Detector[] = detectorsFor(options),
): TransformStream<Uint8Array | string, string> {
  const put = placeholders(options.key);
  const cutter = createCutter(detectors);
  const decoder = new TextDecoder();
  const pass = (units: readonly Unit[], out: TransformStreamDefaultController<string>) => {
    for (const unit of units) out.enqueue(settle(unit, detectors, put).text);
  };
  return new TransformStream({
    transform(chunk, out) {
      pass(cutter.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })), out);
    },
    flush(out) {
      pass([...cutter.push(decoder.decode()), ...cutter.end()], out);
    },
  });
}
