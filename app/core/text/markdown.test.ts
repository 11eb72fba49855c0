import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fenced, inert, link, slackText } from './markdown.ts';
import { visible } from './untrusted.ts';

const injections = readFileSync(new URL('../../../test/corpora/injection.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): { id: string; text: string } => JSON.parse(line));

const ENTITIES: Record<string, string> = { amp: '&', commat: '@', dollar: '$', zwnj: '\u200c' };

/** What Markdown makes of the text: escapes and entities resolved. */
function rendered(markdown: string): string {
  return markdown
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&([a-z]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

// What GitHub's matchers look for, in the source and in the rendered text.
const ACTIVE = /(?:^|\W)@[a-z0-9]|#\d|\bGH-\d|:\/\/|\bwww\.|mailto:|xmpp:|[^\s@]@[\w-]+\.\w|:[a-z+][\w+-]*:/i;
// What Markdown and HTML look for in the source: any of these signs without a backslash before it.
const MARKUP = /(?<!\\)(?:\\\\)*[`*_[\]{}<>|~!^$@#]|^(?:[-+=:>]|\d+[.)](?:\s|$)|\/)|^\s|\n/;

describe('text from outside in Markdown', () => {
  test.each(injections)('$id is plain words', ({ text }) => {
    const markdown = inert(text);

    expect(markdown).not.toMatch(MARKUP);
    expect(markdown).not.toMatch(ACTIVE);
    expect(rendered(markdown)).not.toMatch(ACTIVE);
    expect(rendered(markdown).replaceAll('\u200c', '')).toBe(visible(text).replace(/\s+/g, ' ').trim());
  });

  test.each(injections)('$id cannot leave a code block', ({ text }) => {
    const lines = fenced(text, 'js').split('\n');
    const fence = /^`{3,}/.exec(lines[0] ?? '')?.[0] ?? 'none';

    expect(lines[0]).toBe(`${fence}js`);
    expect(lines.at(-1)).toBe(fence);
    for (const line of lines.slice(1, -1)) {
      expect(line).not.toContain(fence);
      expect(line).not.toMatch(/^\s*::|##\[/);
    }
  });

  test('a person reads the same words', () => {
    expect(inert('CPU > 90% on payments_api, see OPS-12')).toBe('CPU \\> 90% on payments\\_api, see OPS-12');
    expect(inert('fixes #12 for @bob')).toBe('fixes \\#&zwnj;12 for &commat;&zwnj;bob');
    expect(inert('/vigil approve')).toBe('\\/vigil approve');
    expect(inert('- [ ] deploy')).toBe('\\- \\[ \\] deploy');
  });

  test('a code block says which language only when that is a word', () => {
    expect(fenced('a', 'bash')).toBe('```bash\na\n```');
    expect(fenced('a', 'x\n```')).toBe('```\na\n```');
  });
});

describe('links', () => {
  test('lead to web addresses under an inert label', () => {
    expect(link('[x] @bob', 'https://app.datadoghq.eu/monitors/1?a=(b)&c=2')).toBe(
      '[\\[x\\] &commat;&zwnj;bob](https://app.datadoghq.eu/monitors/1?a=%28b%29&amp;c=2)',
    );
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'not a url',
    'https://user:pw@evil.example',
    '',
  ])('%s stays words', (url) => {
    expect(link('label', url)).toBe('label');
  });

  test('cannot be closed by their address', () => {
    expect(link('a', 'https://x.example/) ![i](https://evil.example/p.png')).toBe(
      '[a](https://x.example/%29%20!%5Bi%5D%28https://evil.example/p.png)',
    );
  });
});

test('Slack shows words, not mentions, channels or disguised links', () => {
  expect(slackText('<!channel> <@U123> <https://evil.example|Approve> @here a & b')).toBe(
    '&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|Approve&gt; @ here a &amp; b',
  );
});
