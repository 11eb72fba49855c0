// Removes old plain files under one directory of the inventory.
// It must never take a pattern that is not one of these, and never a file younger than a day.
import { choice, type Entry, number, parameter } from './entry.ts';

export const pruneFiles: Entry = {
  id: 'prune-files',
  title: 'Remove old rotated or compressed files',
  does: 'Removes plain files of one directory that are older than some days: for disks that fill. They do not come back, so a person must always agree.',
  effect: 'files.remove',
  inputs: {
    directory: parameter(
      'the directory',
      'a directory under /var/log, /var/cache, /opt/…, /srv/… or /data/…',
    ),
    names: choice('which files', ['*.gz', '*.log.*', '*.bak', 'core.*']),
    days: number('older than so many days', 1, 365, 14),
  },
  fix: ["find {directory} -type f -name '{names}' -mtime +{days} -delete"],
  undo: null,
  undoing: 'nothing brings old files back, so there is nothing to undo',
};
