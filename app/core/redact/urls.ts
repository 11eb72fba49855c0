// Secrets inside addresses: the password of user:password@host, and parameters that carry a credential.
// Host, port, path, user and every other parameter stay: they are evidence.
import { isSecretValue, isStandIn, looksRandom } from './judge.ts';
import { hits } from './matching.ts';
import type { Span } from './span.ts';

// A colon followed by a port is no password. The last @ before a slash ends it; only without one may it hold slashes.
const USERINFO =
  /:\/\/([^\s/?#:@"'<>`\\]{0,128}):(?!\d{1,5}(?:[/?#,"'\s]|$))((?:[^\s/"'<>`]{1,256}|[^\s"'<>`]{1,256}?))@(?=[\w.[-])/g;
const TOKEN_ONLY = /:\/\/([^\s/?#:@"'<>`\\]{12,256})@(?=[\w.[-])/g;
const PARAMETER =
  /[?&;](?:(access_?token|refresh_?token|id_?token|api[_-]?key|app(?:lication)?[_-]?key|client_?secret|secret|password|passwd|pwd|token|authorization|x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|signature|sig|jwt|assertion|samlresponse)|(key|code|auth|session|session_?id|sid|ticket|otp|hash|state))=([^&\s"'<>`#;]{1,2048})/gi;

/** Reports passwords and credential parameters of URLs and connection strings. */
export function urls(text: string, report: (span: Span) => void): void {
  if (text.includes('://')) {
    for (const hit of hits(USERINFO, text)) {
      const password = hit[2] ?? '';
      const end = hit.index + hit[0].length - 1;
      if (!isStandIn(password)) report({ kind: 'url-password', start: end - password.length, end });
    }
    for (const hit of hits(TOKEN_ONLY, text)) {
      const token = hit[1] ?? '';
      if (looksRandom(token) && /\d/.test(token))
        report({ kind: 'url-token', start: hit.index + 3, end: hit.index + 3 + token.length });
    }
  }
  for (const hit of hits(PARAMETER, text)) {
    const value = hit[3] ?? '';
    const secret = hit[1]
      ? isSecretValue(value, 'strong', 'exact')
      : value.length >= 10 && looksRandom(value);
    if (!secret) continue;
    const end = hit.index + hit[0].length;
    report({ kind: 'url-parameter', start: end - value.length, end });
  }
}
