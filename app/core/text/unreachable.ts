// Why a fetch reached nobody, in the words of the network. Must never be empty: “could not be reached: ” helps nobody.
// Where a name has several addresses and all refuse, Node's error has no message of its own; those of its parts have.
// https://github.com/nodejs/node/blob/main/lib/internal/net.js

const DEEPEST = 5;

/** The innermost reason that says something: a message, else a code, else the error's name. */
export function whyUnreachable(error: unknown): string {
  const said: string[] = [];
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < DEEPEST; depth++) {
    said.unshift(wordsOf(at));
    at = inside(at);
  }
  return (said.find((words) => words !== '') ?? 'unknown').slice(0, 200);
}

/** What an error is about: its cause, or the first of several that came together. */
function inside(error: unknown): unknown {
  if (!(error instanceof Error)) return null;
  if (error.cause !== undefined && error.cause !== null) return error.cause;
  return error instanceof AggregateError ? error.errors[0] : null;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error.trim() : '';
  const message = error.message.trim();
  if (message !== '') return message;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code || error.name;
}
