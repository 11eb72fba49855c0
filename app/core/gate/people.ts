// Which people on GitHub may decide anything. There is one list, so that every way in has the same rule.
// Must never count a permission that it does not know.

const writers: ReadonlySet<string> = new Set(['write', 'maintain', 'admin']);

/** Whether a repository permission, by GitHub's name for it, lets somebody change code. https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
export function mayWrite(permission: string): boolean {
  return writers.has(permission);
}
