import { samplePlan } from '#adapters/sampler';
import { takeSnapshot } from '#adapters/snapshot';
import { bind, parseVerifyPlan } from '#core/verify-plan';
const [url = '', chromiumPath] = process.argv.slice(2);
const parsed = parseVerifyPlan({ v: 1, checks: [{ id: 'a', kind: 'page', url: '{U}/', expect: { text: ['Directory'], no_errors: true } }, { id: 'b', kind: 'http', url: '{U}/' }], symptom: { checks: ['a'], red: { need: 1, of: 1, over_s: 0 }, green: { need: 2, of: 2, over_s: 1 } }, snapshot: [{ id: 's', url: '{U}/' }] });
if (!parsed.ok) throw new Error(parsed.reason);
const bound = bind(parsed.plan, { U: url });
if (!bound.ok) throw new Error(bound.reason);
console.log(await samplePlan({ plan: bound.plan, which: 'green', browser: { chromiumPath } }), await takeSnapshot(bound.plan));
