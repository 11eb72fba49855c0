// Looks through a jq or yq filter for what reaches outside the document: environment, files, endless generators.
// It must never accept a filter that names one of them, even if only as a variable.
import { type Issue, question, refusal } from '../engine/run.ts';

/** Why this filter may not run; null if it only reshapes its input. */
export function checkJq(filter: string): Issue | null {
  // With interpolation the ends of strings are not certain, so nothing is taken out.
  const code = filter.includes('\\(') ? filter : filter.replace(/"(?:[^"\\]|\\[^(])*"/g, ' "" ');
  if (/(^|[^.\w$])(env|strenv|envsubst|\$ENV|\$__loc__|\$__prog_args)\b|\$ENV\b|\$__prog/.test(code)) {
    return refusal('secret-read', 'This filter reads the environment, secrets included.');
  }
  if (
    /(^|[^.\w])(import|include|load|load_str|eval|input_filename|system|exec|getpath_file|modulemeta|\$__sources__)\b/.test(
      code,
    )
  ) {
    return refusal('runs-code', 'This filter reads further files or runs code.');
  }
  if (
    /(^|[^.\w])(repeat|while|until|infinite|recurse_down|limit_none|range\s*\(\s*infinite|def)\b/.test(code)
  ) {
    return question('may-not-end', 'This filter may never end.');
  }
  if (/\d{8}|\d[eE]\+?\d/.test(code)) return question('over-cap', 'This filter makes very large values.');
  if (secretFields.test(filter)) return refusal('secret-read', 'This filter picks out secrets.');
  return null;
}

const secretFields =
  /\.(data|stringData)\b.*@base64d|@base64d|\.(password|secretKey|secret_key|privateKey|private_key|accessKey|SecretAccessKey|SessionToken|SecretString|apiKey|api_key|client_secret)\b/i;

/** True if the filter's last step can only give a number. */
export const givesNumber = (filter: string): boolean => /(^|\|)\s*length\s*\]?$/.test(filter.trim());
