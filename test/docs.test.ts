// Holds the pages of docs/ and the READMEs to the code: every file they name is there, and the walk of one alert in
// docs/architecture.md names facts and effects in the order in which they can happen. Must never accept a path because it
// looks plausible: only what git knows exists.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dueEffects, type EffectKind, effectKinds, effectName } from '#core/incident/due';
import { type FactType, factTypes } from '#core/ledger/facts';
import { factsOf, type Poster, stages } from '#core/ledger/lifecycle';
import type { Incident } from '#core/ledger/replay';
import { roomOf } from '../scripts/import-graph.ts';
import { isTest, projectPaths, root, sourceFiles } from './support/files.ts';
import { fact, incidentOf, withFacts } from './support/incidents.ts';

const paths = projectPaths();
const folders = new Set(paths.flatMap(parents));
const exists = (path: string): boolean => paths.includes(path) || folders.has(path);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function parents(path: string): string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [parent, ...parents(parent)];
}

const tops = 'app|actions|sandbox|test|scripts|docs|runbooks|remediations|\\.github|\\.ci';
const own = new RegExp(`^(?:${tops})/[\\w./-]*$`);

/** Every path of this repository that a page names, in code or as a link, relative to the root. */
function named(page: string, text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const code = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, inside = '']) => inside.split(/[\s,;]+/));
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => to.replace(/#.*$/, ''))
    .filter((to) => to !== '' && !/^[a-z]+:/.test(to))
    .map((to) => normalize(join(dirname(page), to)));
  return [...code.filter((one) => own.test(one)), ...links].map((one) => one.replace(/\/$/, ''));
}

function missing(page: string, text: string): string[] {
  return named(page, text)
    .filter((path) => !exists(path))
    .map((path) => `${page} names ${path}`);
}

describe('whoever chooses a runner', () => {
  const callers = paths.filter((path) =>
    /^(deploy\/installation\/)?\.github\/workflows\/(?!.*-job)[\w-]+\.yml$/.test(path),
  );
  it('is told beside it which runners will do, and in docs/operations.md why', () => {
    const chosen = callers.flatMap((path) => read(path).match(/^.*\brunner: .*$/gm) ?? []);
    expect(chosen).toHaveLength(8);
    for (const line of chosen)
      expect(line).toMatch(/# on GitHub\.com; a runner of yours: 2\.336\.0 or later$/);
    expect(read('docs/operations.md')).toMatch(/GitHub\.com and runners of 2\.336\.0 or\s+later/);
  });
});

describe('every comment', () => {
  it('that names a page of docs/ names one that exists', () => {
    const all = sourceFiles().flatMap(({ path, text }) =>
      [...text.matchAll(/\/\/.*|\/?\*.*/g)].flatMap(([line]) =>
        [...line.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => ({ path, page })),
      ),
    );
    expect(all.length).toBeGreaterThan(3);
    expect(all.filter(({ path, page }) => path !== 'test/docs.test.ts' && !exists(page))).toEqual([]);
  });
});

describe('every page', () => {
  const pages = paths.filter((path) => /^(docs|actions|sandbox|test)\/.*\.md$|^README\.md$/.test(path));
  const written = pages.filter((path) => !/^test\/(eval|conformance)\/(runbooks|repository)\//.test(path));

  it('names only files that exist', () => {
    expect(written.length).toBeGreaterThan(20);
    expect(written.flatMap((page) => named(page, read(page))).length).toBeGreaterThan(60);
    expect(written.flatMap((page) => missing(page, read(page)))).toEqual([]);
  });

  it.each([
    ['docs/x.md', 'see `app/core/due.ts` here', ['docs/x.md names app/core/due.ts']],
    ['docs/x.md', 'run `node scripts/gone.ts --now`', ['docs/x.md names scripts/gone.ts']],
    ['docs/x.md', '[x](../app/core/nowhere)', ['docs/x.md names app/core/nowhere']],
    ['docs/integrations/x.md', '[x](../policy.md#a), `actions/decide/`, [y](https://a.example/app/x)', []],
  ])('would be caught: %s saying %s', (page, text, faults) => expect(missing(page, text)).toEqual(faults));

  it('is found from the README or from a page that is', () => {
    const seen = new Set(['README.md']);
    for (const page of seen)
      for (const path of named(page, read(page)))
        if (path.endsWith('.md') && exists(path)) seen.add(path);
        else for (const one of written) if (dirname(one) === path && path !== 'docs') seen.add(one);
    expect(written.filter((page) => page.startsWith('docs/') && !seen.has(page))).toEqual([]);
  });
});

/** The steps of the walk: their titles, in order, each with its text. */
function walk(text: string): { title: string; text: string }[] {
  const part = /^## The path of one alert\n([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
  return part.split(/^### \d+\. /m).map((one) => {
    const [title = '', ...rest] = one.split('\n');
    return { title, text: rest.join('\n') };
  });
}

const isFact = (word: string): word is FactType => factTypes.some((type) => type === word);
const isEffect = (word: string): word is EffectKind => effectKinds.some((kind) => kind === word);
const words = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);

/** What happens on the walk, in its order: facts happen, effects are due and then done. A sentence for each that cannot. */
function play(text: string): { incident: Incident | null; faults: string[] } {
  const faults: string[] = [];
  let incident: Incident | null = null;
  for (const word of words(text)) {
    if (isEffect(word)) {
      const due: boolean = incident !== null && dueEffects(incident).some(({ kind }) => kind === word);
      if (!due || !incident) faults.push(`${word} is not due there`);
      else incident = withFacts(incident, [fact('effect.done', { effect: effectName(incident, word) })]);
    } else if (isFact(word)) {
      try {
        incident = incident ? withFacts(incident, [fact(word)]) : incidentOf([fact(word)]);
      } catch (error) {
        faults.push((error as Error).message);
      }
    }
  }
  return { incident, faults };
}

describe('every room of the core', () => {
  const core = sourceFiles().filter(({ path }) => path.startsWith('app/core/') && !isTest(path));
  const rooms = Map.groupBy(
    core.filter(({ path }) => roomOf(path) !== path),
    ({ path }) => roomOf(path),
  );
  const sentence = /\bThis room holds [^;.]+; it must not [^.]+\./;
  const head = (text: string): string => /^(?:\/\/.*\n)+/.exec(text)?.[0].replace(/\n\/\/ /g, ' ') ?? '';

  it('says once, at the head of its main file, what may and may not be in it', () => {
    expect(rooms.size).toBeGreaterThan(15);
    const told = [...rooms].map(([room, files]) => [
      room,
      files.filter(({ text }) => sentence.test(head(text))),
    ]);
    expect(told.filter(([, files]) => files?.length !== 1).map(([room]) => room)).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md');
  const [, ...steps] = walk(page);

  it('walks one alert from its webhook to its end, with a file at each step', () => {
    expect(steps.map(({ title }) => title)).toEqual([
      ...['Webhook', 'Ledger', 'Desk', 'Effect', 'Job', 'Fact', 'The same again', 'End'],
    ]);
    for (const { title, text } of steps)
      expect(
        named('docs/architecture.md', text).filter((path) => path.endsWith('.ts')),
        title,
      ).not.toEqual([]);
  });

  it('tells facts and effects in an order in which they happen, up to a healed incident', () => {
    const told = steps.map(({ text }) => text).join('\n');
    const { incident, faults } = play(told);
    expect(faults).toEqual([]);
    expect(incident?.stage).toBe('RESOLVED');
    expect(words(told).filter((word) => isFact(word) || isEffect(word)).length).toBeGreaterThan(25);
  });

  it.each([
    ['`incident.opened` `respond.dispatch`', ['respond.dispatch is not due there']],
    ['`incident.opened` `issue.open` `issue.opened` `respond.dispatch` `investigation.started`', []],
    ['`incident.opened` `pull.merged`', ['pull.merged: pull.merged cannot happen in TRIGGERED']],
  ])('would be caught in another order: %s', (text, faults) => expect(play(text).faults).toEqual(faults));

  it('says of each job and effect of the table which files do it, and one of them knows the fact', () => {
    const rows = [...page.matchAll(/^\| (job|effect) `([\w.]+)` \|[^|]*\| ([^|]+) \| (?:`([^`]+)` )?\|$/gm)];
    expect(rows.length).toBe([...page.matchAll(/^\| (job|effect) `/gm)].length);
    expect(rows.length).toBeGreaterThan(11);
    for (const [row, who, name = '', files = '', left] of rows) {
      if (who === 'effect') expect(effectKinds, row).toContain(name);
      else expect(factsOf(name as Poster), row).toContain(left);
      const code = words(files).map(read).join('\n');
      if (left) expect(code.includes(`'${left}'`), row).toBe(true);
    }
  });

  it('has every stage in its table of the ledger', () => {
    const table = /^\| stage \| left by \|[\s\S]*?\n\n/m.exec(page)?.[0] ?? '';
    expect(stages.filter((stage) => !table.includes(stage))).toEqual([]);
  });
});

describe('docs/glossary.md', () => {
  const entries = [...read('docs/glossary.md').matchAll(/^\| \*\*([\w ]+)\*\*[^|]*\| ([^|]+) \|$/gm)];

  it('explains each word once, in alphabetical order, in a few sentences', () => {
    const terms = entries.map(([, term = '']) => term);
    expect(terms.length).toBeGreaterThan(40);
    expect(terms).toEqual([...new Set(terms)].sort());
    for (const [, term, meaning = ''] of entries)
      expect(meaning.split(/[.:?] /).length, term).toBeLessThanOrEqual(4);
  });

  it('is linked from the README and from the architecture', () => {
    for (const page of ['README.md', 'docs/architecture.md'])
      expect(named(page, read(page))).toContain('docs/glossary.md');
  });
});
