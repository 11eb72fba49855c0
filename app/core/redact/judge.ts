// Is the value that follows a sensitive name a secret, or a reference, a placeholder, a word about secrets?
// Doubt goes to "secret" where the name says password, to "no secret" where the name says little.

/** `strong`: the name alone is proof (password, api_key). `weak`: the value must look random too (token, session). */
export type Strength = 'strong' | 'weak';
/** How the value was written: `prose` after a word like "is", `yaml` after a colon, `exact` after `=` or in quotes. */
export type Setting = 'exact' | 'yaml' | 'prose';

const REFERENCE =
  /^(?:\$[{(].*|%(?:[sdvqrx]|\w+%|\(\w+\)s)|\{\{.*|\{[\w.]*\}|<[^>]*>?|:[a-z_]+|[?&*|>]+|!(?:Ref|Sub|GetAtt|Join|vault).*)$|^(?:arn:|projects\/|vault:|op:\/\/|ref\+|ssm:|kms:|secretref:|secrets?[/.]|env[:.(]|process\.env|os\.(?:environ|getenv)|System\.getenv|(?:sha|md)\d+:|[a-z][a-z0-9+.-]*:\/\/)/i;
// Shell and program variables; mixed letters and digits after the sign are a password that begins with one.
const DOLLAR = /^\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+(?:[A-Z][a-z]+)*)$/;
const STAND_IN =
  /^(?:[*x•.#_-]+|\.{3}|n\/?a|todo|tbd|(?:your|my|the|some|insert|enter|put)[-_ ].*(?:here|pass\w*|token|key|secret)|change[-_ ]?(?:me|it)|example|placeholder|redacted|masked|hidden|removed|filtered|omitted|scrubbed|sanitized|encrypted|\[?(?:filtered|redacted|masked)\]?)$/i;
const WORD =
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|empty|unset|blank|string|str|text|bytes?|buffer|number|int|integer|bool|boolean|object|array|optional|any|unknown|void|secretstr|char\[\]|token|key|credentials?|required|invalid|incorrect|missing|expired|expires|wrong|failed|failure|mismatch(?:ed)?|reset|changed|updated|rotated|rotation|revoked|valid|ok|success(?:ful)?|accepted|rejected|denied|unauthorized|forbidden|not|must|should|cannot|can't|could|was|were|has|had|have|is|are|be|been|will|may|authentication|authorization|auth|policy|field|for|from|the|an?|and|or|in|to|with|of|on|at|least|too|new|old|using|used|provided|length|file|env|vault|unlimited|disabled|enabled|plaintext|hash|bearer|basic|prompt|interactive|md5|scram-sha-256|peer|trust)$/i;
// What a sentence about passwords goes on with, and a form's field is called.
const SUBJECT = /^(?:password|passwd|pwd|secret|default)$/i;
// What runtimes print for an object or a pointer.
const OBJECT = /^0x[0-9a-f]{1,16}$|^[A-Za-z_$][\w.$]{2,80}[@{][0-9a-f]{1,8}\}?$/i;
// Identifiers and calls of program text: letters only, so that no password with a digit passes for one.
const CODE =
  /^(?:new |await )|^[A-Za-z_$][A-Za-z_$]*(?:(?:\?*\.#?|::|->)[A-Za-z_$][\w$]*)*(?:\(|\[|\)$)|^[A-Za-z_$]+(?:(?:\?*\.#?|::|->)[A-Za-z_$]+)+$|^[A-Za-z]+_(?:password|secret|token|key)$/;
const VARIABLE = /^[a-z]+(?:[A-Z][a-z]+)*(?:Password|Secret|Token|Key|Credentials?)s?$/;
const PATH = /^(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.@-]{1,40}){1,12}[/\\]?$/;
const NAME = /^[a-z][a-z0-9]*(?:[-_.:/][a-z0-9]+)+$/;

export function isSecretValue(value: string, strength: Strength, setting: Setting): boolean {
  const word = value.replace(/[.,;:!?]+$/, '');
  if (isStandIn(value) || WORD.test(word) || (setting !== 'exact' && SUBJECT.test(word))) return false;
  if (OBJECT.test(value)) return false;
  if (CODE.test(value) || (setting === 'yaml' && VARIABLE.test(value))) return false;
  const random = looksRandom(value);
  if (!random && PATH.test(value) && /[/\\].*[/\\]|^[~.]/.test(value)) return false;
  if (strength === 'weak') return random && value.length >= 8 && !(NAME.test(value) && wordy(value));
  if (value.length < (setting === 'exact' ? 3 : 4)) return false;
  if (setting === 'exact') return true;
  // After a colon or "is", plain words are more often a sentence than a password.
  const mixed = /[0-9]|[^A-Za-z0-9]/.test(value.replace(/[.,;:!?]+$/, '')) || /[a-z][A-Z]/.test(value);
  return mixed || (setting === 'yaml' && value.length >= 8 && !/^[A-Z][a-z]+$/.test(value));
}

/** A reference to a value kept elsewhere, or a mask where one was. */
export function isStandIn(value: string): boolean {
  return REFERENCE.test(value) || DOLLAR.test(value) || STAND_IN.test(value);
}

/** Letters and digits mixed, or long with mixed case, and at least 3 bits of entropy a character. */
export function looksRandom(value: string): boolean {
  const kinds =
    Number(/[a-z]/.test(value)) +
    Number(/[A-Z]/.test(value)) +
    Number(/[0-9]/.test(value)) +
    Number(/[^A-Za-z0-9]/.test(value));
  if (value.length < 8 || kinds < 2 || /^[0-9.,:_ -]+$/.test(value)) return false;
  // Without digits only letters that change case all the time are random; words in camel case are names.
  const changes = value.match(/[a-z](?=[A-Z])/g)?.length ?? 0;
  if (!/[0-9]/.test(value) && changes < value.length / 6) return false;
  return entropy(value) >= (value.length < 12 ? 2.5 : 3);
}

/** Shannon entropy in bits a character, of the first 256 characters. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  const text = value.slice(0, 256);
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Kubernetes and file names: parts joined by dashes or dots of which one is a word. */
function wordy(value: string): boolean {
  return (
    value.split(/[-_.:/]/).some((part) => /^[a-z]{4,}$/.test(part) && /[g-z]/.test(part)) &&
    !/[0-9a-f]{24}/.test(value)
  );
}
