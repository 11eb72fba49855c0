// Makes a runbook of one's own service from a pattern, for people to review. Its parameters get the names of this inventory.
// Must never give it the auto lane, and never count its outcomes as one's own.
import { type Pattern, patternId } from './pattern.ts';

/** The Markdown for runbooks/. `service` is a name of the inventory. The body lists the parameters that it needs. */
export function runbookOfPattern(pattern: Pattern, service: string, by: string): string {
  const { head, fix, undo, verify } = pattern;
  const prefix = service.toUpperCase().replaceAll('-', '_');
  const own = (text: string): string => text.replace(/(?<![A-Za-z0-9])SERVICE(?=_)/g, prefix);
  const parameters = head.parameters.map(own);
  const id = `${service}-${head.kind}-${patternId(pattern).slice(0, 6)}`.slice(0, 60);
  const fence = (info: string, text: string): string => `\`\`\`${info}\n${own(text).trimEnd()}\n\`\`\``;
  return `${[
    '---',
    `id: ${id}`,
    `title: ${head.kind} on ${service} (imported pattern)`,
    `service: ${service}`,
    `failure_types: [${head.failure_types.join(', ')}]`,
    `severity: ${head.severity}`,
    `keywords: [${head.keywords.join(', ')}]`,
    'approval: human',
    'remediation:',
    `  kind: ${head.kind}`,
    `  risk: ${head.risk}`,
    `  parameters: [${parameters.join(', ')}]`,
    '---',
    `# ${head.kind} on ${service}`,
    '',
    `Imported pattern ${patternId(pattern)}, signed by ${by}. There it helped ${head.outcomes.helped} times and failed ${head.outcomes.failed}; here it has no history yet.`,
    '',
    `Parameters that vigil.yml must have for ${service}: ${parameters.join(', ') || 'none'}. Read every line before you merge this; name the alerts it is for.`,
    '',
    fence('bash fix', fix),
    ...(undo === null ? [] : ['', fence('bash undo', undo)]),
    '',
    '## Verification',
    '',
    fence('yaml verify', verify),
  ].join('\n')}\n`;
}
