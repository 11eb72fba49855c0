// `npm run vigil -- <command>` in a checkout. Beginning lies apart from the commands, so that a bundle of them begins once: in there,
// every file is the program's main one. Must never do anything else.
import { main } from './main.ts';
import { fromProcess } from './process.ts';

await fromProcess(main);
