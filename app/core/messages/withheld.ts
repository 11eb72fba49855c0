// The notice in place of a text that could not be cleaned. It must never hold a word of that text.

/** In place of a title, a reason, an output or evidence. */
export const WITHHELD_TEXT = 'withheld: the privacy service did not answer';

/** Why an incident goes to people when its text could not be cleaned. `cause`: Vigil's own words about the service. */
export function privacyReason(cause: string): string {
  return `The privacy service could not vouch for the text (${cause}), so only ids, service, severity and link are shown.`;
}
