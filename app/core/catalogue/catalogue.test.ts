// The catalogue of fixes as a runbook's author, a model and an attacker see it: everything valid is allowed by the policy
// with the effect it says, everything else is refused before a script exists.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uncovered } from '#core/policy/covers';
import { effects, irreversible } from '#core/policy/effects';
import { judge } from '#core/policy/judge';
import type { InventoryAction } from '#core/policy/types';
import { renderScript } from '#core/proposal/remediation';
import { catalogue, describeCatalogue, misfit, renderFix } from './catalogue.ts';
import { type Entry, type Form, forms } from './entry.ts';

/** Values of each form, as inventories hold them. */
const words = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const values: Record<Form, fc.Arbitrary<string>> = {
  'a name in Kubernetes': words,
  'a systemd unit': fc.oneof(
    words,
    words.map((name) => `${name}@1.service`),
  ),
  'a container': words,
  'a host name': fc.oneof(
    words,
    words.map((name) => `${name}.acme.example`),
  ),
  'a key': words.map((name) => `cart:${name}`),
  'a database': fc.stringMatching(/^[a-z_][a-z0-9_-]{0,20}$/),
  'a certificate': words.map((name) => `${name}.acme.example`),
  'a directory under /tmp or /var/tmp': words.map((name) => `/var/tmp/${name}`),
  'a directory under /var/log, /var/cache, /opt/…, /srv/… or /data/…': fc
    .tuple(fc.constantFrom('/var/log', '/var/cache', '/opt/app', '/srv/web', '/data/x'), words)
    .map(([root, name]) => `${root}/${name}`),
  'a file under /etc/logrotate.d': words.map((name) => `/etc/logrotate.d/${name}`),
  'an http address': words.map((name) => `https://admin.acme.example/${name}`),
  'a number of replicas from 1 to 50': fc.integer({ min: 1, max: 50 }).map(String),
  'a number of replicas from 2 to 50': fc.integer({ min: 2, max: 50 }).map(String),
};

type Case = { inputs: Record<string, string | number>; parameters: Record<string, string> };

/** Valid inputs of an entry, each parameter with a value of its form. */
function valid(entry: Entry): fc.Arbitrary<Case> {
  const names = Object.keys(entry.inputs);
  const one = Object.values(entry.inputs).map((input, at): fc.Arbitrary<[string | number, string]> => {
    if (input.is === 'parameter') return values[input.form].map((value) => [`INPUT_${at}`, value]);
    if (input.is === 'choice') return fc.constantFrom(...input.of).map((word) => [word, '']);
    return fc.integer({ min: input.from, max: input.to }).map((n) => [n, '']);
  });
  return fc.tuple(...one).map((made) => ({
    inputs: Object.fromEntries(names.map((name, at) => [name, made[at]?.[0] ?? ''])),
    parameters: Object.fromEntries(
      made.flatMap(([name, value]) => (value === '' ? [] : [[String(name), value]])),
    ),
  }));
}

const actions = (entry: Entry, { parameters, inputs }: Case): InventoryAction[] =>
  Object.values(parameters)
    .filter((value) => value.startsWith('http'))
    .map((url, at) => ({
      id: `a${at}`,
      method: (inputs['method'] ?? 'POST') as 'POST',
      url,
      effect: entry.effect,
    }));

describe.each(catalogue.map((entry) => [entry.id, entry] as const))('%s', (id, entry) => {
  test('with any valid inputs is never refused, and has the effect and risk it says', () => {
    fc.assert(
      fc.property(valid(entry), (made) => {
        expect(misfit({ catalogue: id, inputs: made.inputs }, made.parameters)).toBe(null);
        const rendered = renderFix({ catalogue: id, inputs: made.inputs });
        if (!rendered.ok) throw new Error(rendered.reason);
        expect(rendered.parameters.toSorted()).toEqual(Object.keys(made.parameters).toSorted());
        for (const [kind, body] of [
          ['fix', rendered.fix],
          ['undo', rendered.undo],
        ] as const) {
          if (body === null) continue;
          const verdict = judge(renderScript(body, made.parameters), {
            kind,
            parameters: made.parameters,
            actions: actions(entry, made),
          });
          expect(verdict.findings.filter(({ code }) => code !== 'asks')).toEqual([]);
          expect(verdict.verdict).toBe(id === 'drain' && kind === 'fix' ? 'review' : 'allow');
          if (kind === 'fix') {
            expect(verdict.effects.map((effect) => effect.kind)).toEqual([entry.effect]);
            expect(verdict.risk).toBe(rendered.risk);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('leaves nothing that its own undo does not put back', () => {
    fc.assert(
      fc.property(valid(entry), (made) => {
        const { replicas = '', usual = '' } = made.inputs;
        fc.pre(replicas === '' || made.parameters[replicas] !== made.parameters[usual]);
        const rendered = renderFix({ catalogue: id, inputs: made.inputs });
        if (!rendered.ok) throw new Error(rendered.reason);
        const [first, second] = actions(entry, made);
        fc.pre(!second || first?.url !== second.url);
        const offered = [
          ...(first ? [{ ...first, ...(second ? { undone_by: second.id } : {}) }] : []),
          ...(second ? [second] : []),
        ];
        const commands = (kind: 'fix' | 'undo', body: string) =>
          judge(renderScript(body, made.parameters), { kind, parameters: made.parameters, actions: offered })
            .commands;
        const left = uncovered(
          commands('fix', rendered.fix),
          rendered.undo === null ? null : commands('undo', rendered.undo),
        );
        expect(left.map(({ code }) => code)).toEqual(irreversible.has(entry.effect) ? ['irreversible'] : []);
      }),
      { numRuns: 30 },
    );
  });

  test('has an undo, or an effect that needs none', () => {
    expect(entry.undo !== null || effects[entry.effect].selfRestoring || irreversible.has(entry.effect)).toBe(
      true,
    );
  });

  test('puts parameters into quotes, and uses every input', () => {
    const lines = [...entry.fix, ...(entry.undo ?? [])].join('\n');
    for (const name of Object.keys(entry.inputs)) expect(lines).toMatch(new RegExp(`\\{'?${name}'?\\}`));
    const [made] = fc.sample(valid(entry), 1);
    const rendered = renderFix({ catalogue: id, inputs: made?.inputs ?? {} });
    expect(rendered.ok && rendered.fix.replace(/"[^"]*"/g, '')).not.toContain('$');
  });

  test('refuses hostile inputs at the type, and renders nothing', () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '$(id)',
        '"; id; "',
        "'",
        'A\nid',
        '../..',
        '--all',
        'lower',
        'A B',
        '*',
        '',
        -1,
        1e9,
        1.5,
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(valid(entry), fc.constantFrom(...Object.keys(entry.inputs)), hostile, (made, name, bad) => {
        const input = entry.inputs[name];
        fc.pre(
          !(typeof bad === 'string' && /^[A-Z][A-Z0-9_]*$/.test(bad)) &&
            !(input?.is === 'choice' && input.of.includes(String(bad))),
        );
        const rendered = renderFix({ catalogue: id, inputs: { ...made.inputs, [name]: bad } });
        expect(rendered.ok).toBe(false);
      }),
      { numRuns: 60 },
    );
    const [made] = fc.sample(valid(entry), 1);
    expect(renderFix({ catalogue: id, inputs: { ...made?.inputs, more: 'MORE' } }).ok).toBe(false);
    expect(renderFix({ catalogue: id, inputs: {} }).ok).toBe(false);
  });

  test('refuses an inventory value that is not of the form', () => {
    const bad = ['$(id)', '/', '-x', 'a b', '..', '0', "'", '', 'x\ny', 'https://x/$(id)', '/tmp/../etc'];
    for (const [name, input] of Object.entries(entry.inputs)) {
      if (input.is !== 'parameter') continue;
      const [made] = fc.sample(valid(entry), 1);
      const parameter = String(made?.inputs[name]);
      for (const value of bad)
        if (!forms[input.form].test(value))
          expect(
            misfit(
              { catalogue: id, inputs: made?.inputs ?? {} },
              { ...made?.parameters, [parameter]: value },
            ),
          ).toMatch(new RegExp(`^${parameter} is not `));
      for (const value of bad.slice(0, 5)) expect(forms[input.form].test(value)).toBe(false);
    }
  });
});

test('a fix that is not in the catalogue is refused with the list of those that are', () => {
  for (const name of ['delete-everything', 'constructor', '__proto__', ''])
    expect(renderFix({ catalogue: name, inputs: {} })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('it has restart-workload, restart-unit'),
    });
});

test('a rendered fix reads as somebody would write it', () => {
  const rendered = renderFix({
    catalogue: 'scale',
    inputs: {
      kind: 'statefulset',
      name: 'WEB',
      namespace: 'SPACE',
      replicas: 'MORE',
      usual: 'USUAL',
      page: 'FRONT',
    },
  });

  expect(rendered).toMatchObject({
    ok: true,
    risk: 'MEDIUM',
    parameters: ['WEB', 'SPACE', 'MORE', 'USUAL', 'FRONT'],
    fix: `kubectl scale statefulset/"$WEB" --namespace "$SPACE" --replicas="$MORE"
kubectl rollout status statefulset/"$WEB" --namespace "$SPACE" --timeout=180s
`,
    undo: 'kubectl scale statefulset/"$WEB" --namespace "$SPACE" --replicas="$USUAL"\n',
    verify: expect.stringContaining("url: '{FRONT}'"),
  });
});

test('the catalogue in words names every fix, its inputs and its risk', () => {
  const described = describeCatalogue();
  expect(described.map(({ id }) => id)).toEqual(catalogue.map(({ id }) => id));
  expect(new Set(described.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(described.find(({ id }) => id === 'prune-files')).toMatchObject({
    risk: 'MEDIUM',
    undo: 'none is needed or possible',
    inputs: { days: 'older than so many days: a whole number from 1 to 365; usually 14' },
  });
});
