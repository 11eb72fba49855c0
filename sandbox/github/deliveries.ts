// The log of an app's webhook deliveries, which only the app itself may read, and delivering again on request.
// It must never show the secret with which deliveries are signed. https://docs.github.com/en/rest/apps/webhooks
import * as z from 'zod';
import { type Forge, idOf, isoTime } from './forge.ts';
import { ANY, route } from './http.ts';
import { missing, ok, type Reply, refuse } from './reply.ts';
import { type Delivery, headersOf } from './webhooks.ts';

const reasonOf = ({ status }: Delivery) =>
  status === 0 ? 'timed out or failed to connect' : status < 400 ? 'OK' : `Invalid HTTP Response: ${status}`;

function view({ options }: Forge, delivery: Delivery) {
  const { id, guid, event, action, redelivery, status: status_code, at, ms } = delivery;
  const about = { id, guid, event, action, redelivery, status_code, status: reasonOf(delivery) };
  const where = {
    installation_id: options.app.installationId,
    repository_id: idOf(`${options.owner}/${options.repo}`),
  };
  return { ...about, ...where, delivered_at: isoTime(at), duration: ms / 1000, throttled_at: null };
}

function whole(forge: Forge, delivery: Delivery) {
  const { url, body, answer } = delivery;
  const request = { headers: headersOf(forge.options, delivery), payload: JSON.parse(body) };
  const response = { headers: answer.headers, payload: answer.body };
  return { ...view(forge, delivery), url, request, response };
}

const Query = z.object({
  per_page: z.coerce.number().int().min(1).max(100).default(30),
  cursor: z.string().optional(),
});

/** The newest first, by a cursor and not by numbers of pages. */
function list(forge: Forge, { per_page, cursor }: z.infer<typeof Query>, url: URL): Reply {
  const all = forge.webhooks.log.toReversed();
  const start = cursor === undefined ? 0 : all.findIndex(({ id }) => `${id}` === cursor);
  if (start < 0) return refuse(422, 'Invalid cursor');
  const next = all[start + per_page];
  if (next) url.searchParams.set('cursor', `${next.id}`);
  const body = all.slice(start, start + per_page).map((delivery) => view(forge, delivery));
  return { status: 200, body, headers: next ? { link: `<${url}>; rel="next"` } : {} };
}

const found = (forge: Forge, number: number) => forge.webhooks.log.find(({ id }) => id === number);
export const deliveryRoutes = [
  route('GET /app/hook/deliveries', 'jwt', Query, (forge, { input, url }) => list(forge, input, url)),
  route('GET /app/hook/deliveries/:number', 'jwt', ANY, (forge, { number }) => {
    const delivery = found(forge, number);
    return delivery ? ok(whole(forge, delivery)) : missing;
  }),
  route('POST /app/hook/deliveries/:number/attempts', 'jwt', ANY, (forge, { number }) => {
    const delivery = found(forge, number);
    if (!delivery) return missing;
    forge.webhooks.again(delivery);
    return { status: 202, body: {} };
  }),
];
