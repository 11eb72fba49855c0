// Scripts that generated texts have shown to do what their verdict did not list, each as small as it gets. No row may ever be taken out.
import { expect, test } from 'vitest';
import { judge } from '../judge.ts';
import type { PolicyContext } from '../types.ts';

const context: PolicyContext = {
  kind: 'fix',
  parameters: { NAMESPACE: 'shop', DEPLOYMENT: 'web' },
  actions: [],
};

test.each([
  ['a search reads what lies beside the logs', 'find . -type f -exec cat {} +'],
  ['… of the directory it begins in', 'find -type f -exec cat {} +'],
  ['… of configuration, where keys lie too', 'find /etc/nginx -type f -exec cat {} +'],
  ['… handed on by xargs', 'find /etc/letsencrypt/live -type f | xargs -r cat'],
  ['… handed on line by line', 'find /etc/nginx -type f | while IFS= read -r f; do cat "$f"; done'],
  ['a value looks like a pattern, and a command stands between its brackets', 'x=[$(uptime)]'],
  ['… between backticks', 'x=a[`uptime`]b'],
  ['… in the value of a loop', 'for x in [$(uptime)]; do echo "$x"; done'],
  ['… in the word of a case', 'case [$(uptime)] in a) true ;; esac'],
  ['… in a pattern of a case', 'case a in [$(uptime)]) true ;; esac'],
  ['… in a test', '[[ a == [$(uptime)] ]]'],
])('%s', (_, script) => {
  expect(judge(`${script}\n`, context).verdict).not.toBe('allow');
});

test('the numbers of a loop are printed by a program, which is listed', () => {
  const { verdict, commands } = judge('for i in $(seq 2 5); do echo "$i"; done\n', context);
  expect(verdict).toBe('allow');
  expect(commands.map(({ argv }) => argv.join(' '))).toEqual(['seq 2 5', 'echo $i']);
});
