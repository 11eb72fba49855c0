import { describe, expect, it } from 'vitest';
import { ROUTES } from '../routes.ts';
import { contract, signatureOf } from './contract.ts';

describe('GitHub’s description', () => {
  it('knows every endpoint that the sandbox answers', () => {
    const unknown = ROUTES.map(({ method, path }) => signatureOf(method, path)).filter((signature) => {
      try {
        contract().response(signature, 500, { message: 'x' });
        return false;
      } catch {
        return true;
      }
    });
    expect(unknown).toEqual([]);
  });

  it('tells paths of both spellings by one name', () => {
    expect(signatureOf('get', '/repos/{owner}/{repo}/git/ref/{ref}')).toBe('GET /repos/{}/{}/git/ref/{}');
    expect(signatureOf('GET', '/repos/:owner/:repo/git/ref/:ref{.+}')).toBe('GET /repos/{}/{}/git/ref/{}');
  });

  it('refuses an answer that lacks a field, has the wrong type or a status GitHub does not give', () => {
    const answered = (status: number, body: unknown) =>
      contract().response('GET /repos/{}/{}/git/ref/{}', status, body);
    const ref = {
      ...{ ref: 'refs/heads/main', node_id: 'x', url: 'http://127.0.0.1/x' },
      object: { type: 'commit', sha: 'a'.repeat(40), url: 'http://127.0.0.1/y' },
    };
    expect(answered(200, ref)).toBeUndefined();
    const { node_id: _, ...lacking } = ref;
    expect(answered(200, lacking)).toContain("must have required property 'node_id'");
    expect(answered(200, { ...ref, url: 'nowhere' })).toContain('/url must match format "uri"');
    expect(answered(204, undefined)).toContain('GitHub never does');
  });

  it('refuses a request with a field of the wrong type, or a word outside the list', () => {
    const asked = (query: Record<string, string>, body: unknown, signature: string) =>
      contract().request(signature, query, body);
    expect(asked({}, { title: 'x' }, 'POST /repos/{}/{}/issues')).toBeUndefined();
    expect(asked({}, { title: true }, 'POST /repos/{}/{}/issues')).toContain("For '/title'");
    expect(asked({ state: 'half' }, {}, 'GET /repos/{}/{}/issues')).toContain("For '/state'");
    expect(asked({ state: 'all', per_page: '5000' }, {}, 'GET /repos/{}/{}/issues')).toBeUndefined();
  });
});
