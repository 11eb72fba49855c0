// The catalogue of fixes for a model: the list in the prompt, and the scripts of an entry that the model named. The list
// depends only on the version of Vigil, so that it can be cached. Must never let a value from the model reach a script as
// text.

import { describeCatalogue, misfit, type NamedFix, renderFix } from '#core/catalogue/catalogue';
import type { Service } from '#core/settings';
import { bindParameters, renderScript } from '../remediation.ts';

/** A line of the list in the prompt. */
export type CatalogueLine = { id: string; text: string };
/** An entry as a model names it. Every value is text. */
type NamedEntry = { id: string; inputs: readonly { name: string; value: string }[] };
export type Scripts = { kind: string; fix: string; undo: string | null; parameters: Record<string, string> };
/** Renders an entry with its inputs for one service, or says why it cannot. The scripts are complete. */
export type FromCatalogue = (entry: NamedEntry) => ({ ok: true } & Scripts) | { ok: false; reason: string };

export function catalogueLines(): CatalogueLine[] {
  return describeCatalogue().map(({ id, title, does, risk, undo, inputs }) => ({
    id,
    text: `${title}. ${does} Risk ${risk}; ${undo}. Inputs: ${JSON.stringify(inputs)}`,
  }));
}

/** Renders what a model named, with the parameters of the service. In the model's answer, numbers are text. */
export function fromCatalogue(service: Service): FromCatalogue {
  return (entry) => {
    const named = namedFix(entry);
    const rendered = renderFix(named);
    if (!rendered.ok) return rendered;
    const wrong = misfit(named, service.parameters);
    if (wrong !== null) return { ok: false, reason: wrong };
    const bound = bindParameters(rendered.parameters, service.parameters);
    if (!bound.ok) return bound;
    return {
      ok: true,
      kind: rendered.entry.id,
      parameters: bound.parameters,
      fix: renderScript(rendered.fix, bound.parameters),
      undo: rendered.undo === null ? null : renderScript(rendered.undo, bound.parameters),
    };
  };
}

/** Why an entry can be rendered for no service, as an issue for the repair. Null: it can be rendered. */
export function catalogueIssue(entry: NamedEntry): string | null {
  const rendered = renderFix(namedFix(entry));
  return rendered.ok ? null : rendered.reason.slice(0, 200);
}

function namedFix({ id, inputs }: NamedEntry): NamedFix {
  const value = (text: string): string | number => (/^\d{1,9}$/.test(text) ? Number(text) : text);
  return {
    catalogue: id,
    inputs: Object.fromEntries(inputs.map((input) => [input.name, value(input.value)])),
  };
}
