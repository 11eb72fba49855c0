// What a reviewer reads when an option is refused, by reason code.
// It must never be the place where something is decided.
/** Why an option is refused, by its reason code. */
export const sentences: Readonly<Record<string, string>> = {
  forced: 'This skips the graceful way; ask the service to end by itself first.',
  credential: 'Credentials do not belong in a script; the workspace brings its own identity.',
  'writes-file': 'This option writes a file.',
  upload: 'This option sends a file or input to another machine.',
  'runs-code': 'This option runs code the policy cannot read.',
  config: 'This option reads settings from a file or place that was not judged.',
  'disables-security': 'This option switches a protection off.',
  'other-cluster': 'This option leads to another cluster, account or identity than the incident’s.',
  destructive: 'This option takes something away for good.',
  bulk: 'This option acts on everything instead of the incident’s target.',
  'secret-read': 'This option shows secrets.',
  obfuscation: 'Decoding hides what is run or sent.',
  endless: 'This runs until it is stopped; put a time limit in front.',
  access: 'This opens a way to run or read more than was judged.',
  persistence: 'This leaves something behind that stays after the run.',
  exfiltration: 'This sends data to another machine.',
  'secret-search': 'This searches for secrets.',
  'runs-input': 'What comes in on standard input is executed.',
  indirect: 'This gives a name a meaning of its own.',
  process: 'This changes other processes.',
  'clock-or-name': 'This changes the machine’s clock or name.',
  interactive: 'This option waits for a person at a keyboard.',
};
