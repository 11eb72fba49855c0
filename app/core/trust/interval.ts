// How sure a share is that was counted: the interval beside every percentage that Vigil prints.
// Must never give a share without saying of how many.

/** `value` is null when nothing was counted; `low` and `high` are the two-sided 95 % bounds, 0 to 1. */
export type Rate = { hits: number; of: number; value: number | null; low: number; high: number };

const Z = 1.959964; // two-sided 95 %

/** Wilson score interval (https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm). Nothing counted is 0 to 1. */
export function rate(hits: number, of: number): Rate {
  if (!(of > 0)) return { hits: 0, of: 0, value: null, low: 0, high: 1 };
  const p = hits / of;
  const z2 = Z * Z;
  const centre = p + z2 / (2 * of);
  const spread = Z * Math.sqrt((p * (1 - p) + z2 / (4 * of)) / of);
  const scale = 1 + z2 / of;
  return {
    hits,
    of,
    value: p,
    low: Math.max(0, (centre - spread) / scale),
    high: Math.min(1, (centre + spread) / scale),
  };
}

/** `18 of 20, 90.0 % (69.9 to 97.2)`. */
export function rateText({ hits, of, value, low, high }: Rate): string {
  if (value === null) return 'none';
  return `${hits} of ${of}, ${percent(value)} % (${percent(low)} to ${percent(high)})`;
}

const percent = (share: number): string => (share * 100).toFixed(1);
