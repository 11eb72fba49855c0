// What the shop writes down about every attempt to buy: the log and the counter that a monitoring service reads. It must hold
// what happened and nothing else.
export type LoggedLine = { at: string; status: 'info' | 'warn' | 'error'; message: string };
export type Journal = {
  lines(): readonly LoggedLine[];
  note(status: LoggedLine['status'], message: string): void;
};

const KEPT = 2000;

export function openJournal(): Journal {
  const lines: LoggedLine[] = [];
  return {
    lines: () => lines,
    note(status, message) {
      lines.push({ at: new Date().toISOString(), status, message });
      if (lines.length > KEPT) lines.shift();
    },
  };
}
