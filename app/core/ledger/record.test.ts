// Records as bytes: what is written is what is read, and nothing else is read.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fact,
  facts,
  incidentOf,
  OPENED,
  recordsOf,
  untilInvestigating,
} from '../../../test/support/incidents.ts';
import { type Fact, factTypes, parseFact } from './facts.ts';
import {
  type Actor,
  decodeRecord,
  encodeRecord,
  hashRecord,
  type LedgerRecord,
  recordFile,
} from './record.ts';
import { nextRecord } from './replay.ts';

const [opened] = recordsOf([fact('incident.opened')]) as [LedgerRecord];
const text = encodeRecord(opened);

const actors: fc.Arbitrary<Actor> = fc.oneof(
  fc.constant<Actor>({ kind: 'app' }),
  fc.record({
    kind: fc.constant('job' as const),
    job: fc.string({ maxLength: 20 }),
    run: fc.nat(),
    attempt: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('person' as const), login: fc.string({ unit: 'binary', maxLength: 20 }) }),
);

describe('a record', () => {
  test('is one line of JSON with sorted keys', () => {
    expect(text).toBe(
      '{"actor":{"kind":"app"},"at":"2026-11-03T03:00:00.000Z","attempt":1,"data":{"key":"pd-q1shop1",' +
        '"pagerduty":{"id":"Q1SHOP1","number":42,"url":"https://acme.pagerduty.com/incidents/Q1SHOP1"},' +
        '"priority":null,"service":{"id":"PSHOP01","name":"Web shop"},"source":"pagerduty",' +
        '"title":"Checkout error rate is high","urgency":"high"},"prev":null,"seq":1,"type":"incident.opened","v":1}\n',
    );
  });

  test.each(factTypes)('that says %s is read back as it was written', (type) => {
    const record = nextRecord(incidentOf(untilInvestigating), fact(type), OPENED.toISOString(), {
      kind: 'job',
      job: 'orient',
      run: 7,
      attempt: 1,
    });
    expect(decodeRecord(encodeRecord(record))).toEqual({ ok: true, record });
  });

  test('with any text and any actor is read back byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), actors, fc.nat(), (title, actor, seq) => {
        const joined: Fact = { type: 'alert.joined', data: { event: title, title } };
        const record: LedgerRecord = {
          ...nextRecord(null, joined, OPENED.toISOString(), actor),
          seq: seq + 1,
          prev: hashRecord(opened),
        };
        const decoded = decodeRecord(encodeRecord(record));
        expect(decoded).toEqual({ ok: true, record });
        expect(decoded.ok && encodeRecord(decoded.record)).toBe(encodeRecord(record));
      }),
      { numRuns: 150 },
    );
  });

  test('whose bytes differ anywhere has another hash or is refused', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 0x20, max: 0x7e }), (where, code) => {
        const changed = text.slice(0, where) + String.fromCharCode(code) + text.slice(where + 1);
        fc.pre(changed !== text);
        const decoded = decodeRecord(changed);
        if (decoded.ok) expect(hashRecord(decoded.record)).not.toBe(hashRecord(opened));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['spaces between', text.replaceAll(':', ': ')],
    ['another order of keys', `${JSON.stringify(JSON.parse(text).data && opened)}\n`],
    ['no newline at the end', text.trimEnd()],
    ['two newlines', `${text}\n`],
    ['a byte order mark', `\ufeff${text}`],
    ['an escape where a letter would do', text.replace('Checkout', '\\u0043heckout')],
    ['the same key twice', text.replace('"v":1', '"v":1,"v":1')],
    ['a number written otherwise', text.replace('"number":42', '"number":42.0')],
  ])('written with %s is refused', (_, other) => {
    expect(other).not.toBe(text);
    expect(decodeRecord(other).ok).toBe(false);
  });

  test.each([
    ['beside the others', text.replace('"v":1}', '"v":1,"w":1}'), 'Unrecognized key: "w"'],
    ['in its data', text.replace('"urgency":"high"}', '"urgency":"high","x":1}'), 'Unrecognized key: "x"'],
    [
      'in its actor',
      text.replace('{"kind":"app"}', '{"kind":"app","root":true}'),
      'Unrecognized key: "root"',
    ],
  ])('with a field nobody knows %s is refused by name', (_, other, reason) => {
    const decoded = decodeRecord(other);
    expect(decoded.ok ? '' : decoded.reason).toContain(reason);
  });

  test.each([
    ['no JSON at all', 'null and void', 'not JSON'],
    ['another version', text.replace('"v":1', '"v":2'), 'expected 1'],
    ['a fact nobody knows', text.replace('incident.opened', 'incident.forged'), 'type'],
    ['number zero', text.replace('"seq":1', '"seq":0'), 'seq'],
    ['data of another fact', text.replace('incident.opened', 'pull.merged'), 'pull.merged'],
    ['a link that is no hash', text.replace('"prev":null', '"prev":"abc"'), 'prev'],
    ['a key that would reach the prototype', text.replace('"v":1}', '"v":1,"__proto__":{}}'), ''],
  ])('with %s is refused and the reason says where', (_, other, reason) => {
    const decoded = decodeRecord(other);
    expect(decoded.ok).toBe(false);
    expect(decoded.ok ? '' : decoded.reason).toContain(reason);
  });

  test('lies in a file named by number and fact', () => {
    expect(recordFile(opened)).toBe('0001-incident.opened.json');
    expect(recordFile({ seq: 123, type: 'pull.merged' })).toBe('0123-pull.merged.json');
  });
});

describe('a fact from outside', () => {
  test('is taken when its data has the right shape', () => {
    expect(parseFact('incident.retried', { by: 'olga' })).toEqual({
      ok: true,
      fact: fact('incident.retried'),
    });
  });

  test.each(['incident.forged', 'toString', 'constructor', '__proto__', ''])(
    'called %j is refused, since there is none',
    (type) => {
      expect(parseFact(type, {})).toEqual({
        ok: false,
        reason: `there is no fact called ${JSON.stringify(type)}`,
      });
    },
  );

  test('with a wrong field is refused by the name of the field', () => {
    const parsed = parseFact('pull.merged', { ...facts['pull.merged'], sha: 'main' });
    expect(parsed.ok ? '' : parsed.reason).toMatch(/^pull\.merged: .*sha/s);
  });

  test('may name a web address only as http or https', () => {
    expect(parseFact('issue.opened', { number: 1, url: 'javascript:alert(1)' }).ok).toBe(false);
  });
});
