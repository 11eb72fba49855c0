// A Slack workspace with one channel on one machine: the Web API for the bot, a page for people. It must keep Slack's limits
// and never be asked for anything that matters: approvals are given on the forge, not here.
import { html } from 'hono/html';
import { listen } from '../listen.ts';
import { type Html, page } from '../page.ts';
import { type Channel, type Message, webApi } from './api.ts';
import type { Button } from './blocks.ts';
import { mrkdwn } from './mrkdwn.ts';

/** `api` is the client's `slackApiUrl` and ends with /api/; `web` is the page for people. */
export type Slack = { api: string; web: string; messages(): Message[]; close(): Promise<void> };

/** Starts the stand-in; `token` is the only bot token it knows. */
export async function startSlack({ token, channel }: { token: string; channel: Channel }): Promise<Slack> {
  const messages: Message[] = [];
  const app = webApi(token, channel, messages);
  app.get('/', (c) => c.html(page('Slack', `#${channel.name}`, messages.map(article))));
  const { url, close } = await listen(app);
  return { api: `${url}/api/`, web: url, messages: () => structuredClone(messages), close };
}

const article = (
  message: Message,
) => html`<article id="${message.ts}">${message.thread_ts ? html`<small>in a thread</small>` : ''}
${message.blocks?.map(block) ?? html`<p>${mrkdwn(message.text)}</p>`}<small>${message.ts}${message.edited ? ', edited' : ''}</small></article>`;

const said = ({ type, text }: { type: string; text: string }) => (type === 'mrkdwn' ? mrkdwn(text) : text);

function block(one: NonNullable<Message['blocks']>[number]): Html {
  switch (one.type) {
    case 'header':
      return html`<h2>${one.text.text}</h2>`;
    case 'divider':
      return html`<hr>`;
    case 'context':
      return html`<p><small>${one.elements.map((text) => html`${said(text)} `)}</small></p>`;
    case 'actions':
      return html`<p>${one.elements.map(button)}</p>`;
    case 'section':
      return html`<div>${one.text ? html`<p>${said(one.text)}</p>` : ''}${one.fields?.map((text) => html`<p>${said(text)}</p>`) ?? ''}${one.accessory ? button(one.accessory) : ''}</div>`;
  }
}

/** A link where the button leads somewhere; others would need the app's interactivity, which this stand-in does not play. */
const button = ({ text, url }: Button) =>
  url && /^https?:/.test(url)
    ? html`<a href="${url}">${text.text}</a> `
    : html`<button disabled>${text.text}</button> `;
