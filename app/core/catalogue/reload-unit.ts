// Makes a systemd unit read its configuration again without a restart.
// It must never change the configuration itself.
import { type Entry, parameter } from './entry.ts';

export const reloadUnit: Entry = {
  id: 'reload-unit',
  title: 'Reload a systemd unit',
  does: 'Has a web server, proxy or connection pooler read its configuration and certificates again; nobody is cut off.',
  effect: 'service.reload',
  inputs: { unit: parameter('the unit', 'a systemd unit') },
  fix: ['systemctl reload {unit}', 'systemctl is-active {unit}'],
  undo: null,
  undoing: 'there is nothing to undo: the unit runs on with the configuration that lies there',
};
