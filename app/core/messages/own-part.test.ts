// People write in the body of an issue too: their words stay where they wrote them, and Vigil's part is renewed in its place.
import { describe, expect, test } from 'vitest';
import { withOwnPart } from './own-part.ts';

const part = (words: string) => `**Service** Web shop\n\n${words}\n<!-- vigil:issue pd-q1shop1 -->`;
const first = withOwnPart(null, part('old'));
const second = withOwnPart(null, part('new'));

test('a new text is the part alone, between two lines that nobody sees', () => {
  expect(first).toBe(
    `<!-- vigil:begin: Vigil writes what stands from here to its next line, and nothing else -->\n${part('old')}`,
  );
});

describe('people’s words', () => {
  test.each([
    ['below', `${first}\n\nCall bridge 4711.`, `${second}\n\nCall bridge 4711.`],
    ['above', `Bridge 4711!\n\n${first}`, `Bridge 4711!\n\n${second}`],
    ['on both sides', `a\n${first}\nb\n`, `a\n${second}\nb\n`],
    ['right behind the last line', `${first} (and us)`, `${second} (and us)`],
    [
      'in GitHub’s editor, which ends lines its own way',
      `${first}\n\nx`.replaceAll('\n', '\r\n'),
      `${second}\n\nx`,
    ],
    ['in place of everything', 'We know. Bridge 4711.', `We know. Bridge 4711.\n\n${second}`],
    ['after they took the first line out', `x\n\n${part('old')}\n\ny`, `x\n\n${second}\n\ny`],
    [
      'after they took the last line out',
      first.replace(/\n<!-- vigil:issue.*$/, '\n\nBridge 4711.'),
      `${second}\n\nold\n\nBridge 4711.`,
    ],
    [
      'around the bare last line',
      `mine\n<!-- vigil:issue pd-q1shop1 -->\nmine too`,
      `mine\n${second}\nmine too`,
    ],
    ['who quote Vigil’s part under it', `${first}\n\n${first}`, `${second}\n\n${first}`],
    ['of a body from before there was a first line', `${part('old')}\n\nx`, `${second}\n\nx`],
  ])('%s stay', (_, present, expected) => {
    expect(withOwnPart(present, part('new'))).toBe(expected);
    expect(withOwnPart(expected, part('new'))).toBe(expected);
  });

  test('are not written again when only the ends of lines differ', () => {
    const edited = `${second}\n\nx`.replaceAll('\n', '\r\n');
    expect(withOwnPart(edited, part('new'))).toBe(edited);
  });

  test('between Vigil’s lines go below them, once', () => {
    const isOwn = (line: string) => /^\*\*Service\*\* |^(?:old|new)$/.test(line);
    const edited = first.replace('\n\nold', '\nBridge 4711.\n\n- call Olga\nold').replaceAll('\n', '\r\n');
    const kept = `${second}\n\nBridge 4711.\n- call Olga`;
    expect(withOwnPart(`${edited}\n\nx`, part('new'), isOwn)).toBe(`${kept}\n\nx`);
    expect(withOwnPart(kept, part('new'), isOwn)).toBe(kept);
    expect(withOwnPart(first, part('new'), isOwn)).toBe(second);
  });

  test('an emptied body is the part alone', () => {
    expect(withOwnPart('', part('new'))).toBe(second);
    expect(withOwnPart(' \r\n', part('new'))).toBe(second);
  });
});
