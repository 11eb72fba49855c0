// Makes the bare repository: first commit from a folder, the hook that refuses pushes, work trees for the runner.
// It must never touch the seed folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGit, type Git, PATIENCE_MS, ZERO } from './git.ts';

// Runs inside git receive-pack, where the pushed objects can already be read but nothing has moved yet. The server has
// judged the names (SANDBOX_REFUSAL) and says what is left to see in the objects. Wording as on github.com (GH013).
const PRE_RECEIVE = `#!/bin/sh
refuse() { echo "error: GH013: Repository rule violations found for $1."; echo "$2"; exit 1; }
[ -z "$SANDBOX_REFUSAL" ] || refuse "\${SANDBOX_REFUSAL%%:*}" "\${SANDBOX_REFUSAL#*:}"
while read -r old new ref; do
  [ "$new" = ${ZERO} ] && continue
  case " $SANDBOX_LINEAR " in *" $ref "*)
    [ "$old" = ${ZERO} ] || git merge-base --is-ancestor "$old" "$new" || refuse "$ref" "- Cannot force-push to this branch" ;;
  esac
  if [ -n "$SANDBOX_NO_WORKFLOWS" ] && [ -n "$(git rev-list -n 1 "$new" --not --all -- .github/workflows)" ]; then
    refuse "$ref" "refusing to allow a GitHub App to create or update workflow without \\\`workflows\\\` permission"
  fi
done
`;

const SEEDER = {
  GIT_AUTHOR_NAME: 'Sandbox',
  GIT_AUTHOR_EMAIL: 'sandbox@users.noreply.github.com',
  GIT_COMMITTER_NAME: 'Sandbox',
  GIT_COMMITTER_EMAIL: 'sandbox@users.noreply.github.com',
  GIT_AUTHOR_DATE: '2026-11-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-11-01T00:00:00Z',
};

/**
 * Creates `<dir>/<owner>/<repo>.git` with the seed folder as its first commit on the default branch; .gitignore is obeyed.
 * The commit has a fixed date, so the same files are the same commit.
 */
export async function createRepository(
  dir: string,
  owner: string,
  repo: string,
  seed: string,
  branch = 'main',
): Promise<Git> {
  const path = join(dir, owner, `${repo}.git`);
  if (existsSync(path)) throw new Error(`${path} is there already: the sandbox starts from nothing`);
  await mkdir(path, { recursive: true });
  const git = createGit(path);
  await git.text(['init', '--quiet', '--bare', `--initial-branch=${branch}`]);
  const settings = {
    'http.receivepack': 'true',
    'uploadpack.allowAnySHA1InWant': 'true', // github.com gives any commit it can reach by sha
    'uploadpack.allowFilter': 'true',
    // Blobs or all trees can be left out, and nothing else (unconfirmed, from what GitHub gave to git for its own use).
    'uploadpackfilter.allow': 'false',
    'uploadpackfilter.blob:none.allow': 'true',
    'uploadpackfilter.blob:limit.allow': 'true',
    'uploadpackfilter.tree.allow': 'true',
    'uploadpackfilter.tree.maxDepth': '0',
    'receive.hideRefs': 'refs/pull', // read-only: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/checking-out-pull-requests-locally
    'gc.auto': '0',
    'pack.window': '0', // no search for deltas between bundles at every fetch
    'core.compression': '1',
    'receive.autogc': 'false',
  };
  for (const [name, value] of Object.entries(settings)) await git.text(['config', name, value]);
  await writeFile(join(path, 'hooks', 'pre-receive'), PRE_RECEIVE, { mode: 0o755 });
  await git.withIndex(async (env) => {
    await git.text(['--work-tree', seed, 'add', '--all', seed], { env });
    const tree = await git.text(['write-tree'], { env });
    const commit = await git.text(['commit-tree', tree], { input: 'Begin\n', env: SEEDER });
    await git.text(['update-ref', `refs/heads/${branch}`, commit, ZERO]);
  });
  // Packed once, so that no fetch has to compress the bundles again.
  await git.text(['repack', '-adq']);
  return git;
}

/**
 * Gives the runner a folder that holds one commit's archive; made once for each commit. As on GitHub it is the archive, so
 * what .gitattributes marks `export-ignore` is not in it.
 */
export function createCheckouts(
  gitOf: (repository: string) => Git,
  dir: string,
): (repository: string, sha: string) => Promise<string> {
  const made = new Map<string, Promise<string>>();
  const make = async (repository: string, sha: string) => {
    const folder = join(dir, 'checkouts', repository, sha);
    await mkdir(folder, { recursive: true });
    await unpack(await gitOf(repository).bytes(['archive', '--format=tar', sha]), folder);
    return folder;
  };
  return (repository, sha) => {
    const name = `${repository}@${sha}`;
    const folder = made.get(name) ?? make(repository, sha);
    made.set(name, folder);
    return folder;
  };
}

function unpack(archive: Buffer, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('tar', ['-x', '-C', folder], {
      stdio: ['pipe', 'ignore', 'inherit'],
      timeout: PATIENCE_MS,
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))));
    child.stdin.on('error', () => undefined); // tar may end before it has read everything; its exit code tells
    child.stdin.end(archive);
  });
}
