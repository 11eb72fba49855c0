import { judge } from '../app/core/policy/judge.ts';
import { hostileScripts } from './support/hostile-scripts.ts';
import { shopContext } from './support/scripts.ts';

for (const size of [1000, 16000, 65536])
  for (const { name, script } of hostileScripts(size)) {
    judge(script, shopContext);
    const t = performance.now();
    const v = judge(script, shopContext);
    const ms = performance.now() - t;
    if (ms > (size === 1000 ? 6 : 30)) console.log(size, name, ms.toFixed(1), v.verdict, v.findings[0]?.code);
  }
