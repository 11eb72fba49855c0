// `vigil` as it is installed from npm: the same commands, called by their own name. Must never do anything else.
import { main } from './main.ts';
import { fromProcess } from './process.ts';

await fromProcess(main, true);
