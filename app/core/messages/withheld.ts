// What stands where text could not be cleaned. It must never hold a word of that text.

/** In place of a title, a reason, an output or evidence. */
export const WITHHELD_TEXT = 'withheld: the privacy service did not answer';

/** Why an incident goes to people when its text had to stay inside. */
export const PRIVACY_REASON = 'The privacy service did not answer, so the text of the incident was withheld.';
