// What to write instead of a command that no script may hold, where daily work has another way.
// It must never be the place where something is decided: what carries this check is refused already.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { refusal } from '../engine/run.ts';

const manifest =
  'What a manifest says belongs into its repository. A script restarts, scales, sets an image or goes back: kubectl rollout undo deployment/NAME --namespace NAMESPACE.';
const images =
  'Images that nobody uses are removed by docker image prune -f. Containers, volumes and networks hold what somebody may miss.';
const container = 'A container is restarted gracefully by docker restart NAME.';
const units =
  'What starts by itself belongs into the image of the machine. A script restarts: systemctl restart UNIT.';

/** By the last known word behind the tool's name. */
const ways: Readonly<Record<string, string>> = {
  ...{ apply: manifest, create: manifest, replace: manifest, edit: manifest, set: manifest, run: manifest },
  autoscale: `The limits of an autoscaler are set by kubectl patch hpa NAME --namespace NAMESPACE --type merge --patch '{"spec":{"maxReplicas":12}}'.`,
  upgrade: 'A release goes back by helm rollback RELEASE --namespace NAMESPACE.',
  install:
    'A chart belongs into its repository; a release goes back by helm rollback RELEASE --namespace NAMESPACE.',
  prune: images,
  ...{ kill: container, rm: container, up: 'What is there is restarted by docker compose restart SERVICE.' },
  ...{ enable: units, disable: units, mask: units, 'daemon-reload': units },
};

export function checkInstead({ path }: Parsed): Found {
  const word = path.findLast((one) => Object.hasOwn(ways, one));
  const way = word === undefined ? undefined : ways[word];
  return { issues: way ? [refusal('destructive', way)] : [] };
}
