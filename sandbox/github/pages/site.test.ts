import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPO, startTestForge, type TestForge } from '../test-forge.ts';
import { markdown } from './markdown.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

const read = async (path: string) => {
  const response = await fetch(`${forge.github.web}${path}`);
  return { status: response.status, text: await response.text() };
};
const act = async (path: string, form: Record<string, string>, origin = new URL(forge.github.web).origin) => {
  const body = new URLSearchParams(form);
  const response = await fetch(`${forge.github.web}${path}`, {
    method: 'POST',
    body,
    headers: { origin },
    redirect: 'manual',
  });
  return { status: response.status, text: await response.text() };
};

describe('the pages', () => {
  it('show an issue with its comments, and escape what outsiders wrote', async () => {
    const title = '<script>alert(1)</script>';
    const { data } = await forge.app.issues.create({
      ...REPO,
      title,
      body: '**Service** checkout\n<img src=x onerror=alert(1)>\n<!-- vigil:issue -->',
    });
    await act(`/issues/${data.number}`, { person: 'olga', action: 'comment', body: '/vigil hold' });
    const { text } = await read(`/issues/${data.number}`);
    expect(text).toContain('This is a stand-in for GitHub');
    expect(text).toContain('<strong>Service</strong> checkout');
    expect(text).toContain('/vigil hold');
    expect(text).not.toMatch(/<script|<img|vigil:issue/);
    expect((await read('')).text).toContain(`/issues/${data.number}`);
  });

  it('let a person approve and merge a pull request, within their rights', async () => {
    const head = await forge.commit(forge.app, 'fix', { fix: 'new line\n' });
    const { data } = await forge.app.pulls.create({
      ...REPO,
      title: 'Heal',
      head: 'fix',
      base: 'main',
      body: 'why',
    });
    await forge.app.checks.create({
      ...REPO,
      name: 'vigil/approval',
      head_sha: head,
      conclusion: 'success',
      output: { title: 'Approved', summary: 'by **olga**' },
    });
    const path = `/pull/${data.number}`;
    expect((await act(path, { person: 'olga', action: 'APPROVE' }, 'http://evil.example')).status).toBe(403);
    expect(await act(path, { person: 'reader', action: 'merge' })).toMatchObject({
      status: 422,
      text: expect.stringContaining('403'),
    });
    expect(await act(path, { person: 'olga', action: 'merge' })).toMatchObject({
      status: 422,
      text: expect.stringContaining('At least 1 approving review'),
    });
    expect((await read(path)).text).toMatch(new RegExp(`name="head" value="${head}"[\\s\\S]*Merge`));
    expect((await read(path)).text).toContain('At least 1 approving review');
    expect(await act(path, { person: 'olga', action: 'merge', head: 'a'.repeat(40) })).toMatchObject({
      status: 422,
      text: expect.stringContaining('Head branch was modified'),
    });
    expect((await act(path, { person: 'olga', action: 'APPROVE', head })).status).toBe(303);
    expect((await act(path, { person: 'otto', action: 'merge' })).status).toBe(303);
    const { text } = await read(path);
    expect(text).toMatch(
      /merged[\s\S]*olga<\/strong> APPROVED[\s\S]*vigil\/approval<\/code> success[\s\S]*\+new line/,
    );
    const reviews = await forge.app.pulls.listReviews({ ...REPO, pull_number: data.number });
    expect(reviews.data).toMatchObject([{ user: { login: 'olga' }, state: 'APPROVED', commit_id: head }]);
    expect((await read('/commits/main')).text).toContain(`Heal (#${data.number})`);
    expect((await read('/commit/main')).text).toContain('+new line');
    expect((await read('/blob/main/fix')).text).toContain('new line');
    expect((await read('/pull/999')).status).toBe(404);
  });

  it('show runs with their logs', async () => {
    await forge.app.actions.createWorkflowDispatch({
      ...REPO,
      workflow_id: 'respond.yml',
      ref: 'main',
      inputs: { incident: '9' },
    });
    await forge.github.idle();
    const { text } = await read('/actions');
    const run = /actions\/runs\/(\d+)">respond 9</.exec(text)?.[1];
    expect((await read(`/actions/runs/${run}`)).text).toMatch(/look: success[\s\S]*seen by a job/);
  });
});

describe('markdown', () => {
  const show = (text: string) => `${markdown(text, 'http://forge/acme/production/pull/7')}`.trim();

  it('shows what Vigil writes', () => {
    expect(show('a\n- b\n- [x] `c`')).toBe('<p>a</p><ul><li>b</li><li><code>c</code></li></ul>');
    expect(show('| a | b |\n| --- | ---: |\n| \\| | _d_ |')).toBe(
      '<table><tr><th>a</th><th class="number">b</th></tr><tr><td>|</td><td class="number"><em>d</em></td></tr></table>',
    );
    expect(show('````bash\n```\n<b>\n````')).toContain('<pre><code>```\n&#60;b&#62;\n</code></pre>');
    expect(show('\\*plain\\* &#64;&#8203;ada #12')).toBe(
      '<p>*plain* &#64;&#8203;ada <a href="http://forge/acme/production/issues/12">#12</a></p>',
    );
    expect(show('http:&zwnj;//x costs &dollar;1, &commat;&zwnj;ada &nbsp;&#x40; AT&T; R&D')).toBe(
      '<p>http:&zwnj;//x costs &dollar;1, &commat;&zwnj;ada &nbsp;&#x40; AT&#38;T; R&#38;D</p>',
    );
    expect(show('`HYPOTHESIS_RECEIVED` at 03:00:07 UTC, 2026-11-29 13:49:30 UTC')).toBe(
      '<p><code>HYPOTHESIS_<wbr>RECEIVED</code> at <time>03:00:07 UTC</time>, <time>2026-11-29 13:49:30 UTC</time></p>',
    );
    expect(show('[a](http://x/?head=1&amp;digest=2) [b](http://x/?a=1&b=2&#38;c=3&#x26;d=4)')).toBe(
      '<p><a href="http://x/?head=1&#38;digest=2">a</a> <a href="http://x/?a=1&#38;b=2&#38;c=3&#38;d=4">b</a></p>',
    );
    expect(show('<details><summary>said, 03:00:07 UTC</summary>\n\n```text\n<b>\n```\n\n</details>')).toBe(
      '<details><summary>said, <time>03:00:07 UTC</time></summary>\n\n<pre><code>&#60;b&#62;\n</code></pre>\n</details>',
    );
    expect(show('[run](../blob/main/runbooks/x.md)')).toBe(
      '<p><a href="http://forge/acme/production/blob/main/runbooks/x.md">run</a></p>',
    );
  });

  it('lets no foreign tag, script link or attribute through', () => {
    expect(show('<b onclick="x">&amp;lt;</b>')).toBe(
      '<p>&#60;b onclick=&#34;x&#34;&#62;&amp;lt;&#60;/b&#62;</p>',
    );
    expect(show('[click](javascript:alert(1)) [x](data:text/html,y)')).not.toContain('href');
    expect(
      show('[click](java&#115;cript:alert) [x](&#x6a;avascript&#58;alert) [y](data&#58;y)'),
    ).not.toContain('href');
    expect(show('[a](http://x/&quot;onmouseover=&quot;y)')).toBe(
      '<p><a href="http://x/%22onmouseover=%22y">a</a></p>',
    );
    expect(show('[a](http://x/"onmouseover="y)')).toBe('<p><a href="http://x/%22onmouseover=%22y">a</a></p>');
    expect(show('<details open ontoggle="x()">')).toBe(
      '<p>&#60;details open ontoggle=&#34;x()&#34;&#62;</p>',
    );
    expect(show('<details><summary><b>x</b></summary>')).not.toContain('<details');
    expect(show('```\n</code></pre><script>')).not.toContain('<script');
  });
});
