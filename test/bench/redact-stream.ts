// The streaming redactor as a process of its own: text on stdin is redacted and counted, then one JSON line says how
// much memory that took at most. The benchmark pipes 100 MB through it.
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { createRedactionStream } from '#core/redact/stream';

// V8 may let its heap grow by 60 MB whatever is in it; a process that only streams asks it not to.
setFlagsFromString('--optimize-for-size');

const source: ReadableStream<Uint8Array> = Readable.toWeb(process.stdin);
let characters = 0;
for await (const text of source.pipeThrough(createRedactionStream({ key: 'bench' })))
  characters += text.length;
console.log(JSON.stringify({ characters, megabytes: process.resourceUsage().maxRSS / 1000 }));
