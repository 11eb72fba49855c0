// Which requests are Vigil's, and where they go. It must never count a person's request, or the look at a page.
import type { Place } from './terms.ts';

export type Server = 'github' | 'pagerduty' | 'slack' | 'datadog' | 'coder' | 'app';

/** The place a request of Vigil's is for; null when somebody else asks. */
export function placeOf(server: Server, request: Request): Place | null {
  const { pathname } = new URL(request.url);
  const credential = credentialOf(request);
  if (server === 'app') return 'app';
  if (server === 'github') {
    if (pathname.startsWith('/_oidc/')) return 'identity';
    if (credential === '' || credential.startsWith('ghp_')) return null;
    if (pathname.startsWith('/api/')) return 'github';
    return /\.git\//.test(pathname) ? 'git' : null;
  }
  if (server === 'slack') return pathname.startsWith('/api/') ? 'slack' : null;
  if (server === 'pagerduty') {
    const from = request.headers.get('from');
    return credential !== '' && (from === null || from.startsWith('vigil@')) ? 'pagerduty' : null;
  }
  if (server === 'datadog') return request.headers.has('dd-api-key') ? 'datadog' : null;
  return request.headers.has('coder-session-token') ? 'coder' : null;
}

/** The token of an Authorization header, also out of git's basic form. */
function credentialOf(request: Request): string {
  const [scheme = '', value = ''] = (request.headers.get('authorization') ?? '').split(' ');
  return scheme.toLowerCase() === 'basic'
    ? (Buffer.from(value, 'base64').toString().split(':')[1] ?? '')
    : value;
}
