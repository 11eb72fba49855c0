// A Slack workspace with one channel on one machine: the Web API for the bot, a page with buttons for people. It must keep
// Slack's limits and never be asked for an approval: those are given on the forge, not here.
import { listen } from '../listen.ts';
import type { Weather } from '../weather/weather.ts';
import { type Channel, type Member, type Message, nextStamp, type Room, webApi } from './api.ts';
import { SCOPES } from './door.ts';
import { channelPage } from './page.ts';
import { type Interactivity, presses } from './presses.ts';

/** `api` is the client's `slackApiUrl` and ends with /api/; `web` is the page for people. */
export type Slack = {
  api: string;
  web: string;
  messages(): Message[];
  /** Somebody deletes all that was said. */
  remove(): void;
  /** What an administrator does to the channel: archives it, or takes the bot out. */
  setRoom(change: Partial<Room>): void;
  /** Somebody else's app says something in the channel; gives its `ts`. */
  say(text: string, more?: Partial<Message>): string;
  /** Where presses of buttons go, and what signs them; before that they are dead. */
  setInteractivity(at: Interactivity): void;
  close(): Promise<void>;
};

type Options = {
  token: string;
  channel: Channel;
  people?: Member[];
  scopes?: readonly string[];
  weather?: Weather | undefined;
};

/** Starts the stand-in; `token` is the only bot token it knows, with the scopes of an installed Vigil unless others are given. */
export async function startSlack(options: Options): Promise<Slack> {
  const { token, channel, people = [], scopes = SCOPES, weather } = options;
  const messages: Message[] = [];
  const room: Room = { archived: false, invited: true, editable: true };
  const app = webApi({ token, scopes, channel, people, messages, room });
  const { app: buttons, whispers, aim } = presses(channel, people, messages);
  app.route('/', buttons);
  app.get('/', (c) => {
    const me = people.find(({ id }) => id === c.req.query('as')) ?? people[0];
    return c.html(channelPage({ channel, people, me, messages, whispers }));
  });
  const { url, close } = await listen(app, weather?.door('slack'));
  return {
    api: `${url}/api/`,
    web: url,
    messages: () => structuredClone(messages),
    remove: () => void messages.splice(0),
    setRoom: (change) => void Object.assign(room, change),
    say(text, more = {}) {
      const ts = nextStamp(messages);
      const other = { user: 'U0OTHER', bot_id: 'B0OTHER', app_id: 'A0OTHER', team: 'T0SANDBOX' };
      messages.push({ type: 'message', ts, ...other, text, ...more });
      return ts;
    },
    setInteractivity: aim,
    close,
  };
}
