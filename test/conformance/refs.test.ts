// Refs as the atomic thing of GitHub: made once, moved forward, guarded.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';
import { branch, commit, headOf } from './steps.ts';

const CREATE = 'rest/git/refs#create-a-reference';
const UPDATE = 'rest/git/refs#update-a-reference';
const DELETE = 'rest/git/refs#delete-a-reference';

subject('refs', (rule) => {
  rule(
    'of several who make the same ref, one succeeds and the others get 422',
    CREATE,
    [],
    async (target) => {
      const { writer, at, unique } = target;
      const ref = `refs/heads/${unique('race')}`;
      const sha = await headOf(target, 'main');
      const tries = [1, 2, 3, 4, 5].map(() => answer(writer.rest.git.createRef({ ...at, ref, sha })));
      const seen = (await Promise.all(tries)).map(({ status }) => status).sort();
      expect(seen).toEqual([201, 422, 422, 422, 422]);
    },
  );
  rule('a ref that is there cannot be made again', CREATE, [], async (target) => {
    const { name, sha } = await branch(target, target.writer.rest, 'main', { again: '1' });
    const again = target.writer.rest.git.createRef({ ...target.at, ref: `refs/heads/${name}`, sha });
    expect(await answer(again)).toMatchObject({ status: 422, data: { message: 'Reference already exists' } });
  });
  rule('a ref needs an object that is there', CREATE, [], async ({ writer, at, unique }) => {
    const ref = `refs/heads/${unique('empty')}`;
    const made = writer.rest.git.createRef({ ...at, ref, sha: 'a'.repeat(40) });
    expect(await answer(made)).toMatchObject({ status: 422, data: { message: 'Object does not exist' } });
  });
  rule('a ref has a namespace', CREATE, [], async (target) => {
    const made = target.writer.rest.git.createRef({
      ...{ ...target.at, ref: 'lonely', sha: await headOf(target, 'main') },
    });
    expect((await answer(made)).status).toBe(422);
  });
  rule('without force a ref only moves forward', UPDATE, [], async (target) => {
    const { writer, at } = target;
    const { name, sha } = await branch(target, writer.rest, 'main', { forward: '1' });
    const aside = await commit(target, writer.rest, await headOf(target, 'main'), { aside: '1' });
    const move = (to: string, force = false) =>
      answer(writer.rest.git.updateRef({ ...at, ref: `heads/${name}`, sha: to, force }));
    expect(await move(aside)).toMatchObject({
      status: 422,
      data: { message: 'Update is not a fast forward' },
    });
    expect(await move(await commit(target, writer.rest, sha, { ahead: '1' }))).toMatchObject({ status: 200 });
    expect(await move(aside, true)).toMatchObject({ status: 200 });
  });
  rule('of several who move a ref on from where it stood, one succeeds', UPDATE, [], async (target) => {
    const { writer, at } = target;
    const { name, sha } = await branch(target, writer.rest, 'main', { start: '1' });
    const next = await Promise.all(
      ['a', 'b', 'c'].map((file) => commit(target, writer.rest, sha, { [file]: target.unique(file) })),
    );
    const moves = next.map((to) =>
      answer(writer.rest.git.updateRef({ ...at, ref: `heads/${name}`, sha: to })),
    );
    expect((await Promise.all(moves)).map(({ status }) => status).sort()).toEqual([200, 422, 422]);
  });
  rule('a ref that is not there cannot be moved or deleted', DELETE, [], async (target) => {
    const ref = `heads/${target.unique('gone')}`;
    const { rest } = target.writer;
    const sha = await headOf(target, 'main');
    expect((await answer(rest.git.updateRef({ ...target.at, ref, sha }))).status).toBe(422);
    expect((await answer(rest.git.deleteRef({ ...target.at, ref }))).status).toBe(422);
  });
  rule('a deleted ref is gone at once', DELETE, [], async (target) => {
    const { name } = await branch(target, target.writer.rest, 'main', { brief: '1' });
    const ref = `heads/${name}`;
    expect((await target.writer.rest.git.deleteRef({ ...target.at, ref })).status).toBe(204);
    expect(await answer(target.writer.rest.git.getRef({ ...target.at, ref }))).toMatchObject({ status: 404 });
  });
  rule(
    'a tree has no path that leads out of it',
    'rest/git/trees#create-a-tree',
    [],
    async ({ writer, at }) => {
      for (const path of ['../out', '.git/config', 'a//b'])
        expect(
          (
            await answer(
              writer.rest.git.createTree({
                ...at,
                tree: [{ path, mode: '100644', type: 'blob', content: 'x' }],
              }),
            )
          ).status,
          path,
        ).toBe(422);
    },
  );
});
