// The measured part of the ledger's benchmark, in a process of its own so that its memory is its own: what the app, a job and an
// auditor do over a ledger that lies in `<dir>/ledger.git`. It must never make the ledger that it measures.
import { join } from 'node:path';
import { openLedger } from '#adapters/git/ledger';
import type { Fact } from '#core/ledger/facts';
import { openJobsLedger } from '../../actions/shared/ledger.ts';
import { fact } from '../support/incidents.ts';
import { vigil } from '../support/vigil.ts';
import type { Measured } from './ledger.ts';
import { keyOf } from './ledger-life.ts';

const [dir = '', size = '0'] = process.argv.slice(2);
const count = Number(size);
const url = join(dir, 'ledger.git');
const credentials = async () => null;
const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
};

const at = { dir: join(dir, 'app'), url, credentials };
const [cold, first] = await timed(() => openLedger(at));
first.close();
const [warm, ledger] = await timed(() => openLedger(at));
const [past] = await timed(() => ledger.past());
const open = [...ledger.open()].length;
const write = async (key: string, ...facts: Fact[]): Promise<void> => {
  const done = await ledger.append(key, () => ({ facts, actor: { kind: 'app' }, at: new Date() }));
  if (!done.ok) throw new Error(done.reason);
};
const facts: number[] = [];
for (let index = 0; index < 30; index++) {
  const key = keyOf(count + (index % 5));
  const next = index < 5 ? fact('incident.opened', { key }) : fact('alert.joined', { event: `E${index}` });
  facts.push((await timed(() => write(key, next)))[0]);
}
const tens: number[] = [];
for (let round = 0; round < 7; round++) {
  const ten = Array.from({ length: 10 }, (_, index) =>
    write(keyOf(count + (index % 5)), fact('alert.joined', { event: `T${round}-${index}` })),
  );
  tens.push((await timed(() => Promise.all(ten)))[0]);
}
const mb = process.resourceUsage().maxRSS / 1024;
ledger.close();

const key = keyOf(count);
const [job, jobs] = await timed(async () => {
  const own = await openJobsLedger({ dir: join(dir, 'job'), url, credentials }, key);
  await own.newest();
  await own.inTheWay('shop');
  return own;
});
const [jobPast] = await timed(() => jobs.past());
jobs.close();
const audit = async (of: string): Promise<number> => {
  const [ms, { code, out, err }] = await timed(() => vigil(dir, ['audit', of, '--repository', url]));
  if (code !== 0) throw new Error(`${out}${err}`);
  return ms;
};
const measured: Measured = {
  ...{ cold, warm, past, facts, tens, mb, job, jobPast, open },
  auditSealed: await audit(keyOf(0)),
  auditOpen: await audit(key),
};
process.stdout.write(JSON.stringify(measured));
