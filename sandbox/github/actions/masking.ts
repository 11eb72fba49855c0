// Keeps secret values out of logs, summaries and job outputs. Must never be asked to unmask anything.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log

export type Masks = { add(value: string): void; apply(text: string): string; hides(text: string): boolean };

/** One set of masks, for one job. A value is also hidden line by line and in its JSON, URL and base64 spellings. */
export function createMasks(): Masks {
  const values = new Set<string>();
  let ordered: string[] = [];
  const apply = (text: string) => ordered.reduce((shown, value) => shown.replaceAll(value, '***'), text);
  return {
    apply,
    hides: (text) => ordered.some((value) => text.includes(value)),
    add(value) {
      for (const part of [value, ...value.split(/\r?\n/)]) {
        if (part.trim() === '') continue;
        for (const spelling of [part, JSON.stringify(part).slice(1, -1), encodeURIComponent(part)])
          values.add(spelling);
        // Base64 inside a longer text starts at any of three offsets; the last character depends on what follows.
        if (part.length < 8) continue;
        for (const offset of [0, 1, 2])
          values.add(Buffer.from(part).subarray(offset).toString('base64').replace(/=+$/, '').slice(0, -1));
      }
      // The longest first, or a short value would break up a long one that contains it.
      ordered = [...values].sort((a, b) => b.length - a.length);
    },
  };
}
