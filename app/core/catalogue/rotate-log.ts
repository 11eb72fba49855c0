// Rotates the logs that are due by their own configuration; https://github.com/logrotate/logrotate
// It must never force: the configuration decides what is kept.
import { type Entry, parameter } from './entry.ts';

export const rotateLog: Entry = {
  id: 'rotate-log',
  title: 'Rotate logs that are due',
  does: 'Runs logrotate with the service’s own configuration: for logs that grew faster than the timer runs.',
  effect: 'log.rotate',
  inputs: { configuration: parameter('the configuration', 'a file under /etc/logrotate.d') },
  fix: ['logrotate {configuration}'],
  undo: null,
  undoing: 'there is nothing to undo: the lines are in another file',
};
