import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

describe('issues', () => {
  it('are opened, edited, labelled, closed and reopened', async () => {
    const { data } = await forge.app.issues.create({
      ...REPO,
      title: 'Checkout fails',
      body: 'red',
      labels: ['vigil', 'sev2'],
    });
    expect(data).toMatchObject({
      title: 'Checkout fails',
      state: 'open',
      user: { login: 'vigil[bot]', type: 'Bot' },
    });
    const at = { ...REPO, issue_number: data.number };
    const closed = await forge.app.issues.update({
      ...at,
      body: 'green',
      state: 'closed',
      labels: ['vigil'],
    });
    expect(closed.data).toMatchObject({ body: 'green', state: 'closed', state_reason: 'completed' });
    const labels = await forge.app.issues.addLabels({ ...at, labels: ['a', 'vigil'] });
    expect(labels.data.map(({ name }) => name)).toEqual(['vigil', 'a']);
    await forge.app.issues.removeLabel({ ...at, name: 'a' });
    await expect(forge.app.issues.removeLabel({ ...at, name: 'a' })).rejects.toMatchObject({ status: 404 });
    expect((await forge.app.issues.update({ ...at, state: 'open' })).data).toMatchObject({
      state_reason: 'reopened',
      closed_at: null,
    });
  });

  it('are listed by state, label and creator, in pages that link to each other', async () => {
    for (const number of [1, 2, 3, 4, 5]) {
      await forge.as('olga').issues.create({ ...REPO, title: `Page ${number}`, labels: ['paged'] });
    }
    const first = await forge.app.issues.listForRepo({
      ...REPO,
      labels: 'paged',
      creator: 'olga',
      per_page: 2,
    });
    expect(first.data.map(({ title }) => title)).toEqual(['Page 5', 'Page 4']);
    expect(first.headers.link).toMatch(/page=2.*rel="next".*page=3.*rel="last"/);
    const last = await forge.app.issues.listForRepo({ ...REPO, labels: 'paged', per_page: 2, page: 3 });
    expect(last.data.map(({ title }) => title)).toEqual(['Page 1']);
    expect(last.headers.link).not.toContain('next');
    expect((await forge.app.issues.listForRepo({ ...REPO, labels: 'paged', state: 'closed' })).data).toEqual(
      [],
    );
    expect(
      (await forge.app.issues.listForRepo({ ...REPO, labels: 'paged', since: '2100-01-01T00:00:00Z' })).data,
    ).toEqual([]);
  });

  it('take a body of 65,536 characters and not one more', async () => {
    const create = (length: number) =>
      forge.app.issues.create({ ...REPO, title: 'Long', body: 'x'.repeat(length) });
    expect((await create(65_536)).status).toBe(201);
    await expect(create(65_537)).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('too long'),
    });
  });

  it('drop the labels of people without write access, who may not edit what others wrote', async () => {
    const mine = await forge.as('reader').issues.create({ ...REPO, title: 'Mine', labels: ['x'] });
    expect(mine.data.labels).toEqual([]);
    const theirs = await forge.as('olga').issues.create({ ...REPO, title: 'Theirs' });
    const edit = forge
      .as('reader')
      .issues.update({ ...REPO, issue_number: theirs.data.number, title: 'Taken' });
    await expect(edit).rejects.toMatchObject({ status: 403 });
  });
});

describe('comments', () => {
  it("are made, found and edited, and stay their first author's", async () => {
    const { data: issue } = await forge.app.issues.create({ ...REPO, title: 'Talk' });
    const at = { ...REPO, issue_number: issue.number };
    const { data: made } = await forge.app.issues.createComment({ ...at, body: 'first' });
    await forge.as('olga').issues.updateComment({ ...REPO, comment_id: made.id, body: 'changed by olga' });
    const { data: all } = await forge.app.issues.listComments(at);
    expect(all).toMatchObject([{ id: made.id, body: 'changed by olga', user: { login: 'vigil[bot]' } }]);
    await expect(
      forge.as('reader').issues.updateComment({ ...REPO, comment_id: made.id, body: 'no' }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(forge.app.issues.createComment({ ...at, body: '' })).rejects.toMatchObject({ status: 422 });
  });
});
