// `vigil` as it is installed from npm: the same commands, called by their own name. Must never do anything else.
import { main } from './index.ts';
import { fromProcess } from './process.ts';

await fromProcess(main, true);
