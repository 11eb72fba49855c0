// Holds the sandbox to GitHub's own description of its REST API: what comes in and what goes out. It must never let an
// answer pass that GitHub's description forbids.
// https://docs.github.com/en/rest/about-the-rest-api/about-the-openapi-description-for-the-rest-api
import { checker, readBeside } from './schemas.ts';

type Operation = {
  operationId: string;
  query: Record<string, object>;
  body?: object;
  responses: Record<string, object | true>;
  location?: true; // a 201 says where the new thing is
};
type Subset = { operations: Record<string, Operation>; schemas: Record<string, object> };

export type Contract = {
  /** What is wrong with a request, in GitHub's words, or nothing. */
  request(signature: string, query: Record<string, string>, body: unknown): string | undefined;
  /** What is wrong with an answer of the sandbox's own, or nothing. */
  response(
    signature: string,
    status: number,
    body: unknown,
    headers?: Record<string, string>,
  ): string | undefined;
};

/** 'GET /repos/{}/{}/git/ref/{}' for a path of Hono's or of GitHub's description. */
export function signatureOf(method: string, path: string): string {
  const bare = path.replace(/:\w+(\{[^/]*\})?|\{\w+\}/g, '{}');
  return `${method.toUpperCase()} ${bare.replace(/\/contents$/, '/contents/{}')}`; // its path may be empty
}

const PAGES = ['page', 'per_page']; // GitHub puts these right instead of refusing them
let loaded: Contract | undefined;

/** The contract, read once for all sandboxes of a process. */
export function contract(): Contract {
  loaded ??= load();
  return loaded;
}

function load(): Contract {
  const subset: Subset = JSON.parse(readBeside('subset.json'));
  const exact = checker(subset.schemas);
  const lenient = checker(subset.schemas, { coerceTypes: true, validateFormats: false });
  const operationOf = (signature: string): Operation => {
    const found = subset.operations[signature];
    if (!found) throw new Error(`${signature} is not in subset.json: run scripts/extract-openapi.ts`);
    return found;
  };
  return {
    request(signature, query, body) {
      const operation = operationOf(signature);
      const asked = Object.fromEntries(Object.entries(query).filter(([name]) => !PAGES.includes(name)));
      const wrong =
        lenient(`${signature} query`, { properties: operation.query }, asked) ??
        (operation.body && exact(`${signature} body`, operation.body, body));
      return wrong && `Invalid request.\n\nFor '${wrong.instancePath || '/'}', ${wrong.message}.`;
    },
    response(signature, status, body, headers = {}) {
      const { operationId, responses, location } = operationOf(signature);
      const told = (text: string) => `${operationId} answered ${status}: ${text}`;
      const schema = responses[status] ?? (status >= 400 ? { $ref: '#/schemas/basic-error' } : undefined);
      if (schema === undefined) return told('GitHub never does');
      if (status === 201 && location && !headers['location']) return told('there is no Location header');
      if (schema === true) return undefined;
      const wrong = exact(`${signature} ${status}`, schema, body);
      return wrong && told(`${wrong.instancePath || '/'} ${wrong.message} (${wrong.schemaPath})`);
    },
  };
}
