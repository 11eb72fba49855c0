// `npm run sandbox`: the whole world, up until somebody ends it, and where everything is. It must never do what a person of
// that world would do unasked: breaking, ringing and reviewing come from outside, by the drive page or any client.
import { startDrive } from './drive/server.ts';
import type { Ending } from './ending.ts';
import type { Given } from './lightpanda.ts';
import { paint, table } from './terminal.ts';
import { type KindName, weatherOf } from './weather/kinds.ts';
import { pagesOf, type Where } from './where.ts';
import { forget, keep } from './where-file.ts';
import { startWorld } from './world.ts';

type Options = {
  root: string;
  chromium: string;
  eyes: Given;
  json: boolean;
  /** Where the line of JSON is kept while the sandbox is up. */
  where: string | null;
  weather: readonly KindName[];
  open(url: string): void;
};

/** Starts the world, says where everything is, and stays up until it is told to end. */
export async function sandbox(
  { root, chromium, eyes, json, where, weather, open }: Options,
  ending: Ending,
): Promise<number> {
  let line = '';
  if (where !== null) ending.closing(() => forget(where, line));
  const told = async (place: Where): Promise<void> => {
    line = `${JSON.stringify(place)}\n`;
    if (where !== null) await keep(where, line);
    process.stdout.write(json ? line : `${forPeople(place)}\n`);
  };
  const say = (words: string): void => void process.stderr.write(`${words}\n`);
  const drive = await startDrive(
    () =>
      startWorld({ root, chromium, eyes, say, weather: weather.length > 0 ? weatherOf(weather) : undefined }),
    told,
  );
  ending.closing(() => drive.close());
  open(drive.url);
  return ending.asked;
}

function forPeople(place: Where): string {
  const rows = [
    [paint('bold', 'Drive it'), paint('bold', place.drive), 'break it, mend it, start over: begin here'],
    ...pagesOf(place),
    ['Log', place.log, 'of the app'],
  ];
  return `${table(rows)}\n\n--json or --where FILE also gives tokens and secrets. Ctrl-C ends it.`;
}
