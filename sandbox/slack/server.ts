// A Slack workspace with one channel on one machine: the Web API for the bot, a page with buttons for people. It must keep
// Slack's limits and never be asked for an approval: those are given on the forge, not here.
import { listen } from '../listen.ts';
import type { Weather } from '../weather/weather.ts';
import { type Channel, type Member, type Message, webApi } from './api.ts';
import { channelPage } from './page.ts';
import { type Interactivity, presses } from './presses.ts';

/** `api` is the client's `slackApiUrl` and ends with /api/; `web` is the page for people. */
export type Slack = {
  api: string;
  web: string;
  messages(): Message[];
  /** Somebody deletes all that the bot said; somebody archives the channel. */
  remove(): void;
  archive(): void;
  /** Where presses of buttons go, and what signs them; before that they are dead. */
  setInteractivity(at: Interactivity): void;
  close(): Promise<void>;
};

type Options = { token: string; channel: Channel; people?: Member[]; weather?: Weather | undefined };

/** Starts the stand-in; `token` is the only bot token it knows. */
export async function startSlack({ token, people = [], weather, ...options }: Options): Promise<Slack> {
  const channel = { ...options.channel };
  const messages: Message[] = [];
  const app = webApi(token, channel, people, messages);
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
    archive: () => {
      channel.archived = true;
    },
    setInteractivity: aim,
    close,
  };
}
