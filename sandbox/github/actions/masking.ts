// Keeps secret values out of logs, summaries and job outputs. Must never be asked to unmask anything.
// https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs

/** `add` hides a text and each of its lines; `hides`: something of the text would be masked. */
export type Masks = { add(value: string): void; apply(text: string): string; hides(text: string): boolean };

/** One set of masks, for one job. It hides what a runner hides, not more: base64 behind a padding stays readable there too. */
export function createMasks(): Masks {
  const values = new Set<string>();
  const apply = (text: string): string => {
    const found: [number, number][] = [];
    for (const value of values)
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
        found.push([at, at + value.length]);
    let [shown, done] = ['', 0];
    let open: [number, number] | null = null;
    // Places that overlap or touch are one.
    for (const [start, end] of found.sort(([a], [b]) => a - b)) {
      if (open && start <= open[1]) open[1] = Math.max(open[1], end);
      else {
        if (open) [shown, done] = [`${shown}${text.slice(done, open[0])}***`, open[1]];
        open = [start, end];
      }
    }
    return open ? `${shown}${text.slice(done, open[0])}***${text.slice(open[1])}` : text;
  };
  return {
    apply,
    hides: (text) => apply(text) !== text,
    add(value) {
      const lines = value.split(/[\r\n]/).map((line) => line.trim());
      for (const part of [value, ...lines].filter(Boolean))
        for (const spelling of [part, ...spellings(part)]) if (spelling !== '') values.add(spelling);
    },
  };
}

function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const quoted = value.length > 8 && value.startsWith('"') && value.endsWith('"');
  return [
    // Whatever stands before a secret, its base64 begins at one of three bytes.
    ...[0, 1, 2].map((offset) => bytes.subarray(bytes.length > offset ? offset : 0).toString('base64')),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    quoteJson(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
    value.replace(/[<>"'&]/g, (character) => XML[character] ?? character),
    quoted ? value.slice(1, -1) : '',
    ...powerShell(value).filter((section) => section.length >= 6),
  ];
}

const XML: Record<string, string> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' };

/** The two parts that an error of PowerShell shows apart. */
function powerShell(value: string): string[] {
  if (!value.includes('&')) return [];
  const plus = value.indexOf('&+');
  const end = plus >= 0 ? plus + 2 : value.lastIndexOf('&') + 1;
  return [value.slice(0, end), value.slice(plus >= 0 ? end + 1 : end)];
}

/** A string as the runner's own JSON has it. */
export const quoteJson = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u0085\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
