// IP and MAC addresses. By default only public IP addresses go: private, loopback, link-local and shared ranges, and
// the well-known public resolvers, name machines and not people.

import { hits } from './matching.ts';
import type { Detector } from './span.ts';

export type AddressOptions = { ips?: 'public' | 'all' | 'none'; macs?: boolean };

// An address after a slash only where a URL or a Java socket address begins: "nginx/1.25.3.1" is a version.
const V4 = /\d(?<![\w.~-]\d|(?<![:\s=,(]\/?)\/\d)\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\w)/g;
const V6 =
  /(?<![\w:.])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}|(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?)(?![\w:]|\.\d)/gi;
// Global unicast is 2000::/3; a group of four first keeps times and C++ names out.
const V6_PUBLIC = new RegExp(`(?=[23][0-9a-f]{3}:)${V6.source}`, 'gi');
const MAC = /(?<![\w:.-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi;
const VERSION_WORD =
  /(?:version|release|build|firmware|driver|assembly|ver|rev)["']?[ \t]*[:=]?[ \t]*["'v]?$/i;
const RESOLVERS = new Set(['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9']);

export function addresses(options: AddressOptions): Detector {
  const { ips = 'public', macs = false } = options;
  return (text, report) => {
    if (ips !== 'none') {
      for (const hit of hits(V4, text)) {
        if (ips === 'public' ? !publicV4(hit[0]) : !validV4(hit[0])) continue;
        if (VERSION_WORD.test(text.slice(Math.max(0, hit.index - 16), hit.index))) continue;
        report({ kind: 'ip', start: hit.index, end: hit.index + hit[0].length, value: hit[0] });
      }
      for (const hit of hits(ips === 'public' ? V6_PUBLIC : V6, text)) {
        const value = hit[0].toLowerCase();
        if (!/^(?:[23]|f[cde])[0-9a-f]{2,3}:/.test(value)) continue;
        report({ kind: 'ip', start: hit.index, end: hit.index + hit[0].length, value });
      }
    }
    if (!macs) return;
    for (const hit of hits(MAC, text)) {
      const value = hit[0].toLowerCase().replaceAll('-', ':');
      report({ kind: 'mac', start: hit.index, end: hit.index + hit[0].length, value });
    }
  };
}

function validV4(address: string): boolean {
  return address.split('.').every((part) => Number(part) < 256 && String(Number(part)) === part);
}

function publicV4(address: string): boolean {
  const [a = 0, b = 0, , d = 0] = address.split('.').map(Number);
  if (!validV4(address) || a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254)) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  // What ends in zero is a network or a version, not a machine.
  return d !== 0 && !RESOLVERS.has(address);
}
