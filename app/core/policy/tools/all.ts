// Every tool the policy understands. A family is one file; to teach the policy a tool, describe it there.
// It must never hold a rule itself.
import type { Tool } from '../engine/spec.ts';
import { amazon } from './aws.ts';
import { azure } from './azure.ts';
import { containers } from './containers.ts';
import { coreutils } from './coreutils.ts';
import { databases } from './databases.ts';
import { delivery } from './delivery.ts';
import { files } from './files.ts';
import { google } from './gcloud.ts';
import { helmTools } from './helm.ts';
import { kubernetes } from './kubernetes.ts';
import { network } from './network.ts';
import { queues } from './queues.ts';
import { servers } from './servers.ts';
import { system } from './system.ts';
import { systemd } from './systemd.ts';
import { text } from './text.ts';

export const tools: readonly Tool[] = [
  ...coreutils,
  ...files,
  ...text,
  ...system,
  ...network,
  ...systemd,
  ...kubernetes,
  ...helmTools,
  ...containers,
  ...databases,
  ...queues,
  ...amazon,
  ...google,
  ...azure,
  ...delivery,
  ...servers,
];
