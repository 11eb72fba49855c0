import { expect, it } from 'vitest';
import { nearMiss, parseCommand } from './commands.ts';

it.each([
  ['/vigil approve', { word: 'approve', all: false, reason: '' }],
  ['/vigil reject the queue is mine', { word: 'reject', all: false, reason: 'the queue is mine' }],
  ['/vigil hold', { word: 'hold', all: false, reason: '' }],
  ['/vigil hold all release train', { word: 'hold', all: true, reason: 'release train' }],
  ['/vigil release all', { word: 'release', all: true, reason: '' }],
  ['/vigil retry\nbecause the network is back', { word: 'retry', all: false, reason: '' }],
  ['/vigil', { word: 'help', all: false, reason: '' }],
  ['/vigil hold allison asked for it', { word: 'hold', all: false, reason: 'allison asked for it' }],
])('hears %j', (comment, command) => {
  expect(parseCommand(comment)).toEqual({ kind: 'command', command });
});

it.each([
  'please /vigil approve',
  '> /vigil approve',
  ' /vigil approve',
  'thanks\n/vigil approve',
  '/vigilant approve',
  '`/vigil approve`',
])('does not hear %j', (comment) => {
  expect(parseCommand(comment)).toEqual({ kind: 'none' });
});

it('names a word it does not know, shortened', () => {
  expect(parseCommand(`/vigil ${'x'.repeat(100)}`)).toEqual({ kind: 'unknown', word: 'x'.repeat(40) });
});

it('keeps a reason short and clean', () => {
  const parsed = parseCommand(`/vigil reject \u202e${'no '.repeat(400)}`);

  expect(parsed.kind === 'command' && parsed.command.reason.length).toBeLessThanOrEqual(300);
  expect(JSON.stringify(parsed)).not.toContain('\u202e');
});

it.each([
  ['/Vigil hold', 'hold'],
  [' /vigil approve', 'approve'],
  ['@vigil hold', 'hold'],
  ['@Vigil: retry, please', 'retry'],
  ['thanks\n/vigil approve', 'approve'],
  ['```\necho\n```\n/vigil Stop', 'stop'],
])('sees that %j was meant as one', (comment, word) => {
  expect(nearMiss(comment)).toBe(word);
});

it.each([
  '> /vigil approve',
  '`/vigil approve`',
  '```\n/vigil approve\n```',
  'please say /vigil approve',
  '@vigil is slow today',
  'vigil hold your horses',
  '/vigilant hold',
])('sees nothing meant in %j', (comment) => {
  expect(nearMiss(comment)).toBeNull();
});
