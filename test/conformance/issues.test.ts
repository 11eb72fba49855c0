// Issues, labels and comments: what may be written, how much of it, and who is named.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';

const ISSUES = 'rest/issues/issues#create-an-issue';
const UPDATE = 'rest/issues/issues#update-an-issue';
const COMMENTS = 'rest/issues/comments#create-an-issue-comment';
const LABELS = 'rest/issues/labels';

subject('issues', (rule) => {
  rule('a body may have 65,536 characters and no more', ISSUES, [], async ({ writer: { rest }, at }) => {
    const open = (length: number) =>
      answer(rest.issues.create({ ...at, title: 'long', body: 'x'.repeat(length) }));
    expect(await open(65_537)).toMatchObject({ status: 422, data: { message: 'Validation Failed' } });
    expect(await open(65_536)).toMatchObject({ status: 201 });
  });
  rule('a title may have 256 characters and no more', ISSUES, [], async ({ writer: { rest }, at }) => {
    expect(await answer(rest.issues.create({ ...at, title: 'x'.repeat(257) }))).toMatchObject({
      status: 422,
    });
    expect(await answer(rest.issues.create({ ...at, title: 'x'.repeat(256) }))).toMatchObject({
      status: 201,
    });
  });
  rule(
    'a label that nobody made before comes into being',
    ISSUES,
    [],
    async ({ writer: { rest }, at, unique }) => {
      const label = unique('label');
      const { data } = await rest.issues.create({ ...at, title: 'labelled', labels: [label] });
      expect(data.labels).toMatchObject([{ name: label }]);
    },
  );
  rule(
    'labels of somebody without write access are dropped in silence',
    ISSUES,
    ['reader'],
    async ({ reader, at, unique }) => {
      const { data } = await reader.rest.issues.create({ ...at, title: 'mine', labels: [unique('label')] });
      expect(data.labels).toEqual([]);
    },
  );
  rule('closing gives a reason, reopening another', UPDATE, [], async ({ writer: { rest }, at }) => {
    const { data } = await rest.issues.create({ ...at, title: 'to close' });
    const turn = async (state: 'open' | 'closed') =>
      (await rest.issues.update({ ...at, issue_number: data.number, state })).data;
    expect(await turn('closed')).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(await turn('open')).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null });
  });
  rule(
    'somebody who may only read cannot close what another opened',
    UPDATE,
    ['reader'],
    async ({ writer, reader, at }) => {
      const { data } = await writer.rest.issues.create({ ...at, title: 'not yours' });
      const closing = reader.rest.issues.update({ ...at, issue_number: data.number, state: 'closed' });
      expect((await answer(closing)).status).toBe(403);
    },
  );
  rule('an empty comment is refused', COMMENTS, [], async ({ writer: { rest }, at }) => {
    const { data } = await rest.issues.create({ ...at, title: 'quiet' });
    expect(
      await answer(rest.issues.createComment({ ...at, issue_number: data.number, body: '' })),
    ).toMatchObject({
      status: 422,
    });
  });
  rule(
    'a comment that a colleague edits still names its first author',
    'rest/issues/comments#update-an-issue-comment',
    ['second person'],
    async ({ writer, second, at }) => {
      const { data: issue } = await writer.rest.issues.create({ ...at, title: 'edited' });
      const said = await writer.rest.issues.createComment({
        ...at,
        issue_number: issue.number,
        body: 'mine',
      });
      const edited = await second.rest.issues.updateComment({
        ...at,
        comment_id: said.data.id,
        body: 'not mine',
      });
      expect(edited.data).toMatchObject({ body: 'not mine', user: { login: writer.login } });
    },
  );
  rule('taking off a label that is not on is 404', LABELS, [], async ({ writer: { rest }, at, unique }) => {
    const { data } = await rest.issues.create({ ...at, title: 'bare' });
    const taking = rest.issues.removeLabel({ ...at, issue_number: data.number, name: unique('none') });
    expect(await answer(taking)).toMatchObject({ status: 404, data: { message: 'Label does not exist' } });
  });
  rule('adding a label keeps those that are on', LABELS, [], async ({ writer: { rest }, at, unique }) => {
    const [one, two] = [unique('one'), unique('two')];
    const { data } = await rest.issues.create({ ...at, title: 'both', labels: [one] });
    const both = await rest.issues.addLabels({ ...at, issue_number: data.number, labels: [two] });
    expect(both.data.map(({ name }) => name).sort()).toEqual([one, two].sort());
  });
  rule(
    'a list by creator shows an issue as soon as it is made',
    'rest/issues/issues#list-repository-issues',
    [],
    async ({ writer, at, unique }) => {
      const title = unique('fresh');
      await writer.rest.issues.create({ ...at, title });
      const { data } = await writer.rest.issues.listForRepo({ ...at, creator: writer.login, state: 'all' });
      expect(data.map((issue) => issue.title)).toContain(title);
    },
  );
  rule(
    'a pull request is an issue too, and says so',
    'rest/issues/issues#list-repository-issues',
    [],
    async (target) => {
      const { propose } = await import('./steps.ts');
      const { number } = await propose(target, target.writer.rest, 'main');
      const { data } = await target.writer.rest.issues.get({ ...target.at, issue_number: number });
      expect(data.pull_request?.html_url).toBe(`${target.web}/pull/${number}`);
    },
  );
});
