// Stands in front of one server and lets a kind of weather answer in its place, or after it. It must never change a request,
// nor an answer that no rule is about.
import { createHash } from 'node:crypto';
import type { Door } from '../listen.ts';
import { placeOf, type Server } from './places.ts';
import type { Answer, Asked, Rule } from './terms.ts';

export type Named = Rule & { name: string };

export function openDoor(
  server: Server,
  rules: readonly Named[],
  strike: (name: string) => void,
  begun: () => boolean,
): Door {
  const spans = rules.map((rule) => ({ rule, due: spanOf(rule.span) }));
  return async (request, carryOut, cut) => {
    const place = placeOf(server, request);
    if (place === null || !begun()) return carryOut(request);
    const bytes = Buffer.from(await request.clone().arrayBuffer());
    const { pathname, search } = new URL(request.url);
    const asked: Asked = {
      place,
      method: request.method,
      path: `${pathname}${search}`,
      body: bytes.toString(),
    };
    const found = spans.find(({ rule, due }) => rule.at.includes(place) && rule.hits(asked) && due(asked));
    if (!found) return carryOut(request);
    strike(found.rule.name);
    const { trouble } = found.rule;
    if (trouble.done) await (await carryOut(request)).arrayBuffer();
    if (trouble.answer === 'cut') return cut();
    // Whoever asked has a patience of its own; the server ends what is left when it closes.
    if (trouble.answer === 'silence') return new Promise(() => undefined);
    return spoken(trouble.answer);
  };
}

const spoken = ({ status, headers, body }: Answer): Response =>
  new Response(body, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });

function spanOf(span: Rule['span']): (asked: Asked) => boolean {
  if (span === 'once each') {
    const known = new Set<string>();
    return ({ place, method, path, body }) => {
      const name = createHash('sha256')
        .update(JSON.stringify([place, method, path, body]))
        .digest('hex');
      return !known.has(name) && Boolean(known.add(name));
    };
  }
  if ('first' in span) {
    let left = span.first;
    return () => left-- > 0;
  }
  let end: number | null = null;
  return () => {
    end ??= performance.now() + span.seconds * 1000;
    return performance.now() < end;
  };
}
