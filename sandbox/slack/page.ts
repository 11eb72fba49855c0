// What people see of the channel: its messages with their buttons, as one of its people. It must show text of others as text.
import { html } from 'hono/html';
import { empty, type Html, page } from '../page.ts';
import type { Channel, Member, Message } from './api.ts';
import type { Button } from './blocks.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Whisper } from './presses.ts';

type View = {
  channel: Channel;
  people: Member[];
  me: Member | undefined;
  messages: Message[];
  whispers: Whisper[];
};

export function channelPage({ channel, people, me, messages, whispers }: View): Html {
  const choice = people.map(({ id, name, member }) => {
    const words = member ? name : `${name} (not in the channel)`;
    return id === me?.id ? html`<strong>${words}</strong> ` : html`<a href="/?as=${id}">${words}</a> `;
  });
  const shown = messages.map((message) => {
    const mine = whispers.filter(({ to, ts }) => to === me?.id && ts === message.ts);
    return article(message, me, mine);
  });
  const quiet = empty('Nothing was said yet.');
  return page(
    'Slack',
    `#${channel.name}`,
    html`<nav><span>You are</span> ${choice}</nav>${shown.length > 0 ? shown : quiet}`,
    'live',
  );
}

const article = (
  message: Message,
  me: Member | undefined,
  mine: Whisper[],
) => html`<article id="${message.ts}"><strong>${message.app_id === 'A0SANDBOX' ? 'vigil' : 'another app'}</strong> <small>APP ${time(message.ts)}${message.edited ? ' (edited)' : ''}${message.thread_ts ? ', in a thread' : ''}</small>
${message.blocks?.map((one) => block(one, message.ts, me)) ?? html`<p>${mrkdwn(message.text)}</p>`}
${mine.map(({ text }) => html`<p class="only"><small>Only visible to you</small><br>${mrkdwn(text)}</p>`)}</article>`;

const time = (ts: string) => new Date(Number(ts) * 1000).toISOString().slice(11, 19);
const said = ({ type, text }: { type: string; text: string }) => (type === 'mrkdwn' ? mrkdwn(text) : text);

function block(one: NonNullable<Message['blocks']>[number], ts: string, me: Member | undefined): Html {
  switch (one.type) {
    case 'header':
      return html`<h2>${one.text.text}</h2>`;
    case 'divider':
      return html`<hr>`;
    case 'context':
      return html`<p><small>${one.elements.map((text) => html`${said(text)} `)}</small></p>`;
    case 'actions':
      return html`<div class="buttons">${one.elements.map((each) => button(each, ts, me))}</div>`;
    case 'section':
      return html`<div>${one.text ? html`<p class="said">${said(one.text)}</p>` : ''}${one.fields?.map((text) => html`<p>${said(text)}</p>`) ?? ''}${one.accessory ? button(one.accessory, ts, me) : ''}</div>`;
  }
}

/** A link where the button leads somewhere; else a form, behind its question where it has one. */
function button({ text, url, style, action_id, confirm }: Button, ts: string, me: Member | undefined): Html {
  const look = `button ${style ?? ''}`.trim();
  // Slack sends a press for a link as well, while it opens: `ping` does both.
  const told = me && action_id ? `/press?${new URLSearchParams({ as: me.id, ts, action: action_id })}` : '';
  if (url && /^https?:/.test(url))
    return html`<a class="${look}" href="${url}"${told ? html` ping="${told}"` : ''}>${text.text}</a> `;
  if (!action_id || !me) return html`<button disabled>${text.text}</button> `;
  const form = (words: string) =>
    html`<form method="post" action="/press?as=${me.id}"><input type="hidden" name="ts" value="${ts}"><button class="${look}" name="action" value="${action_id}">${words}</button></form>`;
  if (!confirm) return form(text.text);
  return html`<details><summary class="${look}">${text.text}</summary><p><strong>${confirm.title.text}</strong> ${said(confirm.text)}</p>${form(confirm.confirm.text)}</details>`;
}
