// Restarts one container; https://docs.docker.com/reference/cli/docker/container/restart/
// It must never create a container: image and settings stay the same.
import { type Entry, number, parameter } from './entry.ts';

export const restartContainer: Entry = {
  id: 'restart-container',
  title: 'Restart a container',
  does: 'Stops a container, with time to finish, and starts it again.',
  effect: 'service.restart',
  inputs: {
    container: parameter('the container', 'a container'),
    grace_seconds: number('how long it has to finish', 1, 120, 30),
  },
  fix: ['docker restart --time {grace_seconds} {container}'],
  undo: null,
  undoing: 'there is nothing to undo: the container runs again from the same image',
};
