// Removes an organisation from a runbook: its service's name, its values, its comments. Then it checks what is left.
// Must never let a pattern out that still holds a value, a name or an address of the exporter.
import { createRedactor } from '#core/redact/redact';
import type { Service } from '#core/settings';
import type { Runbook } from '../runbook.ts';
import type { Pattern } from './pattern.ts';

type Outcomes = { helped: number; failed: number };
type Anonymised = { ok: true; pattern: Pattern } | { ok: false; reason: string };

const PLACEHOLDER = 'service';
const ADDRESS =
  /\b(?:https?|ssh|postgres(?:ql)?|mysql|redis|amqps?):\/\/[^\s'"`{}$]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|[\w.+-]+@[\w-]+\.[\w.]+/;

/** `names`: other words that may not leave, such as the owner of the repository and the other services. */
export function anonymise(
  runbook: Runbook,
  service: Service,
  outcomes: Outcomes,
  names: readonly string[],
): Anonymised {
  const { remediation } = runbook;
  if (!remediation) return { ok: false, reason: 'it has no remediation block' };
  const renamed = (text: string): string => withoutName(text, service.name);
  const pattern: Pattern = {
    head: {
      vigil_pattern: 1,
      kind: renamed(remediation.kind),
      risk: remediation.risk,
      severity: runbook.severity,
      failure_types: runbook.failure_types,
      keywords: runbook.keywords
        .map((word) => renamed(word.toLowerCase()))
        .filter((word) => word !== PLACEHOLDER && /^[a-z0-9][a-z0-9 _-]{0,40}$/.test(word)),
      parameters: remediation.parameters.map(renamed),
      outcomes,
    },
    fix: renamed(withoutComments(remediation.fix)),
    undo: remediation.undo === null ? null : renamed(withoutComments(remediation.undo)),
    verify: renamed(remediation.verify),
  };
  const scripts = [pattern.fix, pattern.undo ?? '', pattern.verify].join('\n');
  const { kind, keywords, parameters } = pattern.head;
  // The shipped checks sign up with this address, which is nobody's. Any other address may be somebody's.
  const everything = [kind, ...keywords, ...parameters, scripts]
    .join('\n')
    .replaceAll('vigil@example.com', '');
  const forbidden = [
    ...Object.values(service.parameters),
    ...service.actions.map(({ url }) => url),
    service.name,
    ...names,
  ].filter((word) => word.length > 2 && !/^\d+$/.test(word));
  const left = forbidden.find((word) =>
    new RegExp(`(?<![a-z0-9])${escaped(word)}(?![a-z0-9])`, 'i').test(everything),
  );
  if (left !== undefined) return { ok: false, reason: `${JSON.stringify(left)} still stands in it` };
  const address = ADDRESS.exec(everything)?.[0];
  if (address !== undefined)
    return { ok: false, reason: `the address ${JSON.stringify(address)} stands in it` };
  if (createRedactor({ key: 'patterns', knownSecrets: [] })(everything).text !== everything)
    return { ok: false, reason: 'the redactor finds something in it' };
  return { ok: true, pattern };
}

/** SHOP_URL becomes SERVICE_URL, and shop-api becomes service-api. Other words that contain the name do not change. */
function withoutName(text: string, name: string): string {
  const parts = escaped(name).replaceAll('-', '[-_]');
  return text
    .replace(new RegExp(`(?<![A-Za-z0-9])${parts}(?![a-z0-9])`, 'g'), PLACEHOLDER)
    .replace(new RegExp(`(?<![A-Za-z0-9])${parts.toUpperCase()}(?![A-Z0-9])`, 'g'), PLACEHOLDER.toUpperCase())
    .replace(new RegExp(`(?<![A-Za-z0-9])${parts}(?![a-z0-9])`, 'gi'), PLACEHOLDER);
}

/**
 * Removes whole-line comments, because they tell about the place they come from. A script with a here-document is left as it
 * is, because its lines are data.
 */
function withoutComments(script: string): string {
  if (script.includes('<<')) return script;
  return script
    .split('\n')
    .filter((line) => !/^\s*#(?!!)/.test(line))
    .join('\n');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
