// Constructs of what an answer is made of: types, charsets, packings, and bodies that break off.
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { BUTTON, bad, buy, buys, good, SELL, shows, withFile } from '../construct.ts';

const mug = shows('Mug');
const as = (type: string, body: string | Buffer, more = {}) => ({
  '/': { headers: { 'content-type': type, ...more }, body },
});
const packed = (encoding: string, body: Buffer) => as('text/html', body, { 'content-encoding': encoding });
const MUG = Buffer.from('<!doctype html><p>Mug</p>');

export const answers = [
  good('type-plain-text', 'Plain text is shown as it is.', as('text/plain', 'Mug'), mug),
  good('type-json', 'Data is shown as text.', as('application/json', '{"name":"Mug"}'), mug),
  good(
    'type-xhtml',
    'A page written as XML is shown.',
    as('application/xhtml+xml', '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Mug</p></body></html>'),
    mug,
  ),
  bad(
    'type-xhtml-malformed',
    'The browser shows a fault of the XML.',
    as(
      'application/xhtml+xml',
      '<html xmlns="http://www.w3.org/1999/xhtml"><body><br><p>Mug</p></body></html>',
    ),
    mug,
  ),
  bad('type-octets', 'The page is offered as a download.', as('application/octet-stream', '<p>Mug</p>'), mug),
  bad(
    'type-attachment',
    'The page is offered as a download.',
    as('text/html', '<p>Mug</p>', { 'content-disposition': 'attachment' }),
    mug,
  ),
  bad(
    'type-page-as-text',
    'The source is shown instead of the page, so Buy is no button.',
    as('text/plain', buy()),
    buys,
  ),
  good(
    'charset-latin',
    'The header names the charset.',
    as('text/html; charset=iso-8859-1', Buffer.from('<p>K\u00e4se</p>', 'latin1')),
    shows('K\u00e4se'),
  ),
  bad(
    'charset-wrong',
    'The header names the wrong charset.',
    as('text/html; charset=iso-8859-1', Buffer.from('<p>K\u00e4se</p>')),
    shows('K\u00e4se'),
  ),
  good(
    'charset-utf16',
    'The first bytes name the charset.',
    as('text/html', Buffer.from('\ufeff<p>K\u00e4se</p>', 'utf16le')),
    shows('K\u00e4se'),
  ),
  good('packed-gzip', 'The page is packed.', packed('gzip', gzipSync(MUG)), mug),
  good('packed-br', 'The page is packed.', packed('br', brotliCompressSync(MUG)), mug),
  good('packed-deflate', 'The page is packed.', packed('deflate', deflateSync(MUG)), mug),
  good('packed-zstd', 'The page is packed.', packed('zstd', zstdCompressSync(MUG)), mug),
  bad('packed-falsely', 'The page says that it is packed and is not.', packed('gzip', MUG), mug),
  bad('body-short', 'The page breaks off.', { '/': { how: 'short', body: '<p>Mug</p>' } }, mug),
  good('body-large', 'The page is large.', `<p>Mug</p>${'<p>Cup and saucer</p>'.repeat(20_000)}`, mug),
  bad(
    'script-short',
    'The script breaks off.',
    withFile('/app.js', { how: 'short', body: `${SELL}/*` }, `${BUTTON}<script src="/app.js"></script>`),
    buys,
  ),
];
