// Text in our own pages stays text, and what cannot be seen is shown by its number.
import { expect, test } from 'vitest';
import { html } from './html.ts';

test('no text becomes markup, in elements or in attributes', () => {
  const text = `</p><script>alert("x")</script> 'a' & b`;
  expect(html`<p title="${text}">${text}</p>`.markup).toBe(
    '<p title="&#60;/p&#62;&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62; &#39;a&#39; &#38; b">&#60;/p&#62;&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62; &#39;a&#39; &#38; b</p>',
  );
});

test('pieces and lists of pieces are put in as they are, null is nothing', () => {
  expect(html`<ul>${[1, 2].map((one) => html`<li>${one}</li>`)}</ul>${null}`.markup).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});

test('what turns or hides text is named, so that a script reads as it runs', () => {
  expect(html`${'rm\u202e/\u200b tmp\n\tok\r\n\u001b[2J'}`.markup).toBe(
    'rm⟨U+202E⟩/⟨U+200B⟩ tmp\n\tok\n⟨U+001B⟩[2J',
  );
});
