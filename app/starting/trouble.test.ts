// Errors as they come from the file system, git and GitHub at a start: what people are told, and whether waiting helps.
import { describe, expect, test } from 'vitest';
import { awayOrRefused, folderFault, Refused } from './trouble.ts';

const system = (code: string, syscall = 'mkdir') =>
  Object.assign(new Error(`${code}: something, ${syscall} '/srv/secret-place'`), {
    ...{ code, syscall, path: '/srv/secret-place' },
  });
const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const outcome = (error: unknown): unknown => {
  try {
    return awayOrRefused(error).says;
  } catch (refused) {
    return refused instanceof Refused ? [refused.code, refused.message] : refused;
  }
};

describe('what a person must mend', () => {
  test.each([
    [
      'a folder that may not be written',
      system('EACCES', 'open'),
      2,
      /^VIGIL_DATA_DIR: this process cannot make it/,
    ],
    ['a disk that is read only', system('EROFS'), 2, /^VIGIL_DATA_DIR: this process cannot make it/],
    ['a file above it', system('ENOTDIR'), 2, /^VIGIL_DATA_DIR: a file stands there or above it/],
    ['a full disk', system('ENOSPC', 'write'), 1, /^The disk is full/],
    ['a full quota', system('EDQUOT', 'write'), 1, /^The disk is full/],
    [
      'a full disk that git met',
      named('GitFailed', 'git fetch ended with 128: fatal: write error: No space left on device'),
      1,
      /^The disk is full/,
    ],
    [
      'no git',
      named('GitFailed', 'git cannot be run: spawn git ENOENT'),
      2,
      /^There is no `git` on the PATH/,
    ],
    [
      'a git server that is another one',
      named(
        'GitFailed',
        "git fetch ended with 128: fatal: repository 'https://x.example/a/b.git/' not found",
      ),
      2,
      /^GITHUB_SERVER_URL: git finds no VIGIL_REPOSITORY there/,
    ],
    [
      'what nobody thought of',
      new TypeError('x is not a function\n    at y (z.ts:1:1)'),
      1,
      /^Something unexpected happened: x is not a function$/,
    ],
  ])('%s ends the start', (_, error, code, words) => {
    const [ended, said] = outcome(error) as [number, string];
    expect([ended, said]).toEqual([code, expect.stringMatching(words)]);
    expect(said).not.toContain('secret-place');
  });

  test('and a fault of something else is none of the folder', () => {
    expect(folderFault(new Error('EACCES somewhere'))).toBeNull();
    expect(folderFault(system('EMFILE'))).toBeNull();
  });
});

test.each([
  ['GitHub answers 502', Object.assign(named('HttpError', 'Bad Gateway'), { status: 502 })],
  [
    'nobody answers',
    Object.assign(new TypeError('fetch failed'), { cause: new Error('connect ECONNREFUSED') }),
  ],
  ['GitHub is silent', new DOMException('The operation was aborted due to timeout', 'TimeoutError')],
  ['GitHub’s limit', Object.assign(named('HttpError', 'API rate limit exceeded'), { status: 403 })],
])('is waited for: %s', (_, error) => {
  expect(outcome(error)).toMatch(/^GitHub cannot be reached/);
});

test.each([
  'git fetch ended with 128: fatal: unable to access: The requested URL returned error: 503',
  'git ls-remote said nothing for 30 s: it said nothing',
  'git push ended with 1: remote: Internal Server Error',
])('is waited for: %s', (message) => {
  expect(outcome(named('GitFailed', message))).toMatch(/^The repository’s git cannot be read or written/);
});
