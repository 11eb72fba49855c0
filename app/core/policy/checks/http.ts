// curl and wget: which request is sent, where to, and with what. A request to an action of the inventory has that
// action's effect; every other method than GET and HEAD is refused.
// It must never send data that is known only at run time, nor anything the inventory does not offer.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { allValues, has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Arg, literal, show, textOf } from '../engine/value.ts';
import { checkReadUrl } from '../kinds/network.ts';
import { holdsCredential } from '../kinds/secrets.ts';
import { changing } from '../verbs.ts';

type Request = { method: string; urls: Arg[]; body: Arg[]; headers: Arg[] };

/** The check behind curl's rule. */
export function checkCurl(parsed: Parsed, run: Run): Found {
  const body = allValues(parsed, '-d --data --data-raw --data-ascii --json --data-urlencode --data-binary');
  const given = textOf(optionValue(parsed, '-X --request') ?? undefined);
  const asked = has(parsed, '-X --request');
  const implied = has(parsed, '-I --head')
    ? 'HEAD'
    : body.length > 0 && !has(parsed, '-G --get')
      ? 'POST'
      : 'GET';
  const request: Request = {
    method: asked ? (given ?? '') : implied,
    urls: [...parsed.operands, ...allValues(parsed, '--url')].map(written),
    body,
    headers: allValues(parsed, '-H --header'),
  };
  const found = judgeRequest(request, run);
  for (const arg of body) {
    const text = textOf(arg);
    if (text === null)
      found.issues.push(refusal('exfiltration', 'The body of this request is put together at run time.'));
    else if (/^@|^[^=]*@/.test(text) && !text.startsWith('{'))
      found.issues.push(refusal('upload', 'The body of this request comes from a file.'));
  }
  const known = request.urls.every((url) =>
    [...run.inventory.hosts, 'localhost', '127.0.0.1'].some((host) => show(url.value).includes(host)),
  );
  if (has(parsed, '-L --location') && !known) {
    found.issues.push(
      question('foreign-host', 'Redirects of a host outside the inventory can lead anywhere.'),
    );
  }
  if (has(parsed, '-G --get') && body.some((arg) => changing(`?${show(arg.value)}`))) {
    found.issues.push(
      question('changing-url', 'By its words, this request changes something though it is only read.'),
    );
  }
  const format = textOf(optionValue(parsed, '-w --write-out') ?? undefined);
  const onlyStatus = /^%\{(http_code|response_code|num_connects|num_redirects|size_download)\}(\\n)?$/.test(
    format ?? '',
  );
  if (onlyStatus && textOf(optionValue(parsed, '-o --output') ?? undefined) === '/dev/null')
    found.output = { shape: 'number' };
  return found;
}

/** `?` in an address is no file name pattern in practice: there is no file of such a name. */
function written(arg: Arg): Arg {
  const fixed = arg.value.every((p) => typeof p === 'string' || p.shape === 'glob');
  return fixed ? { value: [show(arg.value)], splits: false } : arg;
}

/** The check behind wget's rule: reading to standard output, or a look without a download. */
export function checkWget(parsed: Parsed): Found {
  const issues: Issue[] = [];
  const out = textOf(optionValue(parsed, '-O --output-document') ?? undefined);
  if (!has(parsed, '--spider') && out !== '-' && out !== '/dev/null') {
    issues.push(refusal('writes-file', 'wget saves what it fetches as a file.'));
  }
  return { issues };
}

function judgeRequest(request: Request, run: Run): Found {
  const issues: Issue[] = [];
  for (const header of request.headers) {
    const text = textOf(header);
    if (text === null || text.startsWith('@'))
      issues.push(refusal('exfiltration', 'A header of this request is put together at run time.'));
    else if (
      holdsCredential(text) ||
      /^(authorization|cookie|x-[\w-]*(token|key|secret)|proxy-)/i.test(text)
    ) {
      issues.push(refusal('credential', 'This header carries a credential.'));
    } else if (
      /^(x-http-method|x-method|x-forwarded|x-original|x-rewrite|content-length|transfer-encoding|upgrade)/i.test(
        text,
      )
    ) {
      issues.push(refusal('header', 'This header changes what the request means.'));
    } else if (/^host\s*:/i.test(text) && !run.inventory.hosts.has(text.replace(/^host\s*:\s*/i, ''))) {
      issues.push(question('header', 'This header sends the request to another site of the same server.'));
    }
  }
  if (request.urls.length === 0) issues.push(refusal('url', 'The request has no address.'));
  if (request.method === 'GET' || request.method === 'HEAD') {
    for (const url of request.urls) {
      const issue = checkReadUrl(url.value, run);
      if (issue) issues.push(issue);
      if (url.splits)
        issues.push(refusal('url', 'The address may become several arguments; put it in double quotes.'));
    }
    return { issues };
  }
  return judgeAction(request, issues, run);
}

function judgeAction(request: Request, issues: Issue[], run: Run): Found {
  const [url, ...more] = request.urls;
  const text = url ? literal(url.value) : null;
  const action = run.context.actions.find((a) => a.method === request.method && a.url === text);
  if (!action || more.length > 0) {
    const what = `${request.method || 'This'} ${url ? show(url.value) : ''}`.trim();
    issues.push(refusal('unlisted-action', `${what} is not an action that the inventory offers.`));
    return { issues };
  }
  return { issues, effect: action.effect, target: action.url, action };
}
