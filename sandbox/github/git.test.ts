import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

const main = async () => (await forge.app.git.getRef({ ...REPO, ref: 'heads/main' })).data.object.sha;
const token = async () => forge.installationToken();
const root = async (git: { revparse(options: string[]): Promise<string> }) =>
  git.revparse(['--show-toplevel']);
async function change(git: Awaited<ReturnType<TestForge['clone']>>, path: string, text: string) {
  await writeFile(join(await root(git), path), text);
  await git.add('.');
  await git.commit(`Write ${path}`);
}

describe('the git database over REST', () => {
  it('lets exactly one of 20 create a ref', async () => {
    const sha = await main();
    const tries = Array.from({ length: 20 }, () =>
      forge.app.git.createRef({ ...REPO, ref: 'refs/heads/race', sha }).then(
        ({ status }) => status,
        (error) => `${error.status} ${error.response.data.message}`,
      ),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((one) => one === 201)).toHaveLength(1);
    expect(answers.filter((one) => one === '422 Reference already exists')).toHaveLength(19);
  });

  it('keeps contents, modes and deletions of a tree', async () => {
    const base_tree = (await forge.app.git.getCommit({ ...REPO, commit_sha: await main() })).data.tree.sha;
    const blob = await forge.app.git.createBlob({
      ...REPO,
      content: Buffer.from([0, 255]).toString('base64'),
      encoding: 'base64',
    });
    const { data } = await forge.app.git.createTree({
      ...{ ...REPO, base_tree },
      tree: [
        { path: 'app/main.txt', mode: '100644', type: 'blob', sha: null },
        { path: 'run.sh', mode: '100755', type: 'blob', content: 'true\n' },
        { path: 'bytes', mode: '100644', type: 'blob', sha: blob.data.sha },
      ],
    });
    const tree = await forge.app.git.getTree({ ...REPO, tree_sha: data.sha, recursive: '1' });
    expect(
      tree.data.tree.map(({ mode, path }) => `${mode} ${path}`).filter((line) => !line.includes('.github')),
    ).toEqual(['100644 README.md', '100644 bytes', '100755 run.sh']);
    const bytes = await forge.app.git.getBlob({ ...REPO, file_sha: blob.data.sha });
    expect(Buffer.from(bytes.data.content, 'base64')).toEqual(Buffer.from([0, 255]));
    const escaping = forge.app.git.createTree({
      ...REPO,
      tree: [{ path: '../out', mode: '100644', type: 'blob', content: 'x' }],
    });
    await expect(escaping).rejects.toMatchObject({ status: 422 });
  });

  it('moves a ref forward only, unless forced', async () => {
    const first = await forge.commit(forge.app, 'forward', { a: '1' });
    const beside = await forge.commit(forge.app, 'beside', { b: '1' });
    const update = (force: boolean) =>
      forge.app.git.updateRef({ ...REPO, ref: 'heads/forward', sha: beside, force });
    await expect(update(false)).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('not a fast forward'),
    });
    expect((await update(true)).data.object.sha).toBe(beside);
    await forge.app.git.deleteRef({ ...REPO, ref: 'heads/forward' });
    await expect(forge.app.git.getRef({ ...REPO, ref: 'heads/forward' })).rejects.toMatchObject({
      status: 404,
    });
    await expect(
      forge.app.git.createRef({ ...REPO, ref: 'refs/heads/x', sha: first.replace(/./g, 'a') }),
    ).rejects.toMatchObject({ status: 422 });
    const matching = await forge.app.git.listMatchingRefs({ ...REPO, ref: 'heads/bes' });
    expect(matching.data.map(({ ref }) => ref)).toEqual(['refs/heads/beside']);
  });

  it('reads files of any commit, folders and raw bytes', async () => {
    const file = await forge.app.repos.getContent({ ...REPO, path: 'app/main.txt', ref: await main() });
    expect(file.data).toMatchObject({
      type: 'file',
      content: Buffer.from('one\ntwo\nthree\n').toString('base64'),
    });
    const folder = await forge.app.repos.getContent({ ...REPO, path: '' });
    expect(folder.data).toMatchObject([
      { name: '.github', type: 'dir' },
      { name: 'README.md' },
      { name: 'app' },
    ]);
    const raw = await forge.app.repos.getContent({
      ...REPO,
      path: 'README.md',
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe('# Production\n');
    await expect(forge.app.repos.getContent({ ...REPO, path: 'nothing' })).rejects.toMatchObject({
      status: 404,
    });
    const commit = await forge.app.repos.getCommit({ ...REPO, ref: 'main' });
    expect(commit.data).toMatchObject({ commit: { message: 'Begin' }, parents: [] });
  });
});

describe('git itself', () => {
  it('clones and pushes, keeping the executable bit, and the push can be read over REST', async () => {
    const git = await forge.clone('olga');
    await git.checkoutLocalBranch('by-git');
    await change(git, 'fix.sh', 'true\n');
    await git.raw('update-index', '--chmod=+x', 'fix.sh');
    await git.commit('Make it run');
    await git.push('origin', 'by-git');
    const tree = await forge.app.git.getTree({ ...REPO, tree_sha: 'by-git' });
    expect(tree.data.tree.find(({ path }) => path === 'fix.sh')).toMatchObject({ mode: '100755' });
    const { data } = await forge.app.repos.getCommit({ ...REPO, ref: 'by-git' });
    expect(data).toMatchObject({ author: { login: 'olga' }, commit: { message: 'Make it run' } });
  });

  it('is refused with a wrong token, without write access, and for strangers', async () => {
    await expect(forge.clone('wrong')).rejects.toThrow(/Authentication failed/);
    await expect(forge.clone('stranger')).rejects.toThrow(/not found/);
    const git = await forge.clone('reader');
    await git.checkoutLocalBranch('mine');
    await expect(git.push('origin', 'mine')).rejects.toThrow(/403|denied/);
  });

  it('cannot push past the rulesets of main, but an admin who may bypass one still needs a pull request', async () => {
    for (const who of ['olga', 'admin']) {
      const git = await forge.clone(who);
      await change(git, 'README.md', who);
      await expect(git.push('origin', 'main')).rejects.toThrow(
        /GH013[\s\S]*Changes must be made through a pull request/,
      );
    }
  });

  it('lets the app alone write the ledger, and even the app only forward', async () => {
    const git = await forge.clone(await token());
    await git.checkoutLocalBranch('vigil/ledger');
    await change(git, 'fact', '1');
    await git.push('origin', 'vigil/ledger');
    await change(git, 'fact', '2');
    await git.push('origin', 'vigil/ledger');
    await git.raw('reset', '--hard', 'HEAD~2');
    await change(git, 'fact', 'other');
    await expect(git.push(['--force', 'origin', 'vigil/ledger'])).rejects.toThrow(/Cannot force-push/);
    const sha = await main();
    const admin = forge.as('admin');
    await expect(admin.git.deleteRef({ ...REPO, ref: 'heads/vigil/ledger' })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('Cannot delete this branch'),
    });
    await expect(
      admin.git.updateRef({ ...REPO, ref: 'heads/vigil/ledger', sha, force: true }),
    ).rejects.toMatchObject({ status: 422 });
    const theirs = await forge.clone('admin');
    await theirs.checkout('vigil/ledger');
    await change(theirs, 'fact', 'forged');
    await expect(theirs.push('origin', 'vigil/ledger')).rejects.toThrow(/Cannot update this protected ref/);
  });

  it('never lets the app bring a workflow, by push or by REST', async () => {
    const git = await forge.clone(await token());
    await git.checkoutLocalBranch('sly');
    await change(git, '.github/workflows/respond.yml', 'on: push\n');
    await expect(git.push('origin', 'sly')).rejects.toThrow(/without `workflows` permission/);
    await expect(
      forge.commit(forge.app, 'sly', { '.github/workflows/x.yml': 'on: push\n' }),
    ).rejects.toMatchObject({ status: 403 });
    expect(await forge.commit(forge.as('olga'), 'open', { '.github/workflows/x.yml': 'on: push\n' })).toMatch(
      /^[0-9a-f]{40}$/,
    );
  });

  it('takes a seeded branch from a fast-import stream', async () => {
    const stream =
      'commit refs/heads/old\ncommitter A <a@b.c> 1700000000 +0000\ndata 4\nPast\nM 100644 inline note\ndata 2\nhi\n\n';
    await forge.github.seedBranch('old', stream);
    const note = await forge.app.repos.getContent({ ...REPO, path: 'note', ref: 'old' });
    expect(note.data).toMatchObject({ size: 2 });
  });
});
