// `vigil doctor`: looks whether what an installation stands on works from here, room by room, each finding with its cure. To add a room,
// write a file that gives findings and name it in `rooms`. Must never change anything, nor call well what it did not try.
import { parseArgs } from 'node:util';
import type { BrowserOptions } from '#adapters/browser/sessions';
import { type Command, type Shell, UsageError } from './command.ts';
import { eyesRoom } from './doctor-eyes.ts';
import { type Finding, findingLine, findingsText } from './doctor-finding.ts';
import { type Found, settingsFor } from './inventory.ts';
import { count, paint } from './terminal.ts';
import { namedFor } from './verify-eyes.ts';

const usage = `Usage: npm run -s vigil -- doctor [ROOM…] [options]

Looks whether what this installation stands on works from this machine, and says of each thing that does not what helps.
Nothing is changed, and nothing outside is looked at but what the settings name.

Rooms (all of them, if none is named):
  eyes   starts each browser engine as a job does, on a page of its own on loopback: the Lightpanda and the Chromium that
         browser of vigil.yml names, else LIGHTPANDA_PATH, LIGHTPANDA_WS_ENDPOINT and CHROMIUM_PATH, else an installed one

  --settings FILE              the vigil.yml to use; default: .github/vigil.yml here or in the nearest directory above
  --lightpanda-path FILE       this Lightpanda in place of what is named
  --lightpanda-endpoint URL    the one that runs there
  --chromium-path FILE|none    this Chromium, or none
  --json                       JSON Lines: {"type": "finding", room, what, state, found, cure} for each, where state is ok,
                               note or wrong, and {"type": "result", ok, wrong} at the end

Exit codes: 0 nothing is wrong; 1 something is; 2 wrong usage, or a file that cannot be read.

  npm run -s vigil -- doctor
  npm run -s vigil -- doctor eyes --lightpanda-path /usr/local/bin/lightpanda --json
`;

type Wishes = { path?: string | undefined; endpoint?: string | undefined; chromium?: string | undefined };
type Room = (found: Found | null, wishes: Wishes, shell: Shell) => Promise<Finding[]>;
const rooms: Readonly<Record<string, Room>> = {
  eyes: (found, wishes, shell) => eyesRoom(eyesNamed(found, wishes, shell)),
};

/** What the settings name, and in its place what the command line does. */
function eyesNamed(found: Found | null, { path, endpoint, chromium }: Wishes, shell: Shell): BrowserOptions {
  const named = namedFor('both', found?.settings ?? null, shell.config);
  const lightpanda =
    path === undefined && endpoint === undefined
      ? {}
      : { lightpandaPath: path, lightpandaEndpoint: endpoint };
  const other = chromium === undefined ? {} : { chromiumPath: chromium === 'none' ? null : chromium };
  return { ...named, ...lightpanda, ...other };
}

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look whether what an installation stands on works from here',
  usage,
  async run(args, shell) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        settings: { type: 'string' },
        'lightpanda-path': { type: 'string' },
        'lightpanda-endpoint': { type: 'string' },
        'chromium-path': { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const wishes = {
      path: values['lightpanda-path'],
      endpoint: values['lightpanda-endpoint'],
      chromium: values['chromium-path'],
    };
    if (wishes.path !== undefined && wishes.endpoint !== undefined)
      throw new UsageError('--lightpanda-path and --lightpanda-endpoint exclude each other');
    const names = positionals.length > 0 ? positionals : Object.keys(rooms);
    const chosen = names.map((name) => {
      const room = Object.hasOwn(rooms, name) ? rooms[name] : undefined;
      if (room === undefined)
        throw new UsageError(
          `there is no room ${JSON.stringify(name)}; there is ${Object.keys(rooms).join(', ')}`,
        );
      return { name, room };
    });
    const found = await settingsFor(values.settings, shell);
    let wrong = 0;
    for (const { name, room } of chosen) {
      if (!values.json) shell.out(`${paint(shell, 'bold', name)}, by ${found?.path ?? 'the environment'}\n`);
      const findings = await room(found, wishes, shell);
      wrong += findings.filter(({ state }) => state === 'wrong').length;
      shell.out(values.json ? findings.map(findingLine).join('') : findingsText(findings, shell));
    }
    if (values.json) shell.out(`${JSON.stringify({ type: 'result', ok: wrong === 0, wrong })}\n`);
    else shell.out(wrong === 0 ? 'Nothing is wrong.\n' : `${count(wrong, 'thing')} to mend.\n`);
    return wrong === 0 ? 0 : 1;
  },
};
