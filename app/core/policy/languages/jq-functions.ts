// The functions of jq that only look at their input, and how many times its size they may give back at most.
// It must never name one that reads the environment, further inputs or files, or that may go on without end.

const list = (text: string) => text.split(' ');

/** Without arguments: name → weight. Paths are counted for documents of everyday depth. */
export const nullary: ReadonlyMap<string, number> = new Map([
  ...list(
    'length utf8bytelength keys keys_unsorted values nulls booleans numbers strings arrays objects iterables scalars not add any all flatten floor ceil sqrt round fabs abs min max unique reverse sort type tonumber ascii_downcase ascii_upcase first last empty fromjson now fromdateiso8601 todateiso8601 fromdate todate mktime gmtime transpose trim ltrim rtrim true false null isnan',
  ).map((name) => [name, 1] as const),
  ...list('to_entries from_entries tostring').map((name) => [name, 4] as const),
  ...list('tojson').map((name) => [name, 8] as const),
  ...list('recurse paths leaf_paths').map((name) => [name, 64] as const),
]);

/** With arguments: name → how many at most. */
export const arity: ReadonlyMap<string, number> = new Map([
  ...list(
    'select map map_values sort_by group_by unique_by min_by max_by has in inside contains startswith endswith ltrimstr rtrimstr split splits join any all with_entries del to_entries flatten first last index rindex indices path paths getpath pick add isempty strftime strptime strflocaltime',
  ).map((name) => [name, 1] as const),
  ...list('test match capture scan limit nth range sub gsub skip').map((name) => [name, 2] as const),
]);

/** Functions whose first arguments are written out: name → how many. */
export const fixedFirst: ReadonlyMap<string, number> = new Map([
  ...list('test match capture scan sub gsub range split splits strftime strptime strflocaltime join').map(
    (name) => [name, 2] as const,
  ),
  ...list('limit nth skip').map((name) => [name, 1] as const),
]);

/** Ways of writing a value: name → weight. */
export const formats: ReadonlyMap<string, number> = new Map([
  ['@text', 1],
  ['@json', 8],
  ['@csv', 2],
  ['@tsv', 2],
  ['@html', 6],
  ['@uri', 3],
  ['@sh', 5],
  ['@base64', 2],
]);
