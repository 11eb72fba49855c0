// Restarts a systemd unit; https://www.freedesktop.org/software/systemd/man/latest/systemctl.html
// It must never enable, mask or kill: afterwards the unit has the same state as before.
import { type Entry, parameter } from './entry.ts';

export const restartUnit: Entry = {
  id: 'restart-unit',
  title: 'Restart a systemd unit',
  does: 'Stops a unit the way it wants to be stopped and starts it again.',
  effect: 'service.restart',
  inputs: { unit: parameter('the unit', 'a systemd unit') },
  fix: ['systemctl restart {unit}', 'systemctl is-active {unit}'],
  undo: null,
  undoing: 'there is nothing to undo: the unit runs again with the same configuration',
};
