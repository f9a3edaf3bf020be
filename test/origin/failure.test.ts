/**
 * What has left for certain not, and what may have.
 */
import { expect, it } from 'vitest';
import { faultOf } from '../../src/origin/failure.ts';

const EDGE = { 'cf-error-type': '52x' };

it.each<[string, number, Record<string, string>, ReturnType<typeof faultOf>]>([
  ['an answer', 200, {}, null],
  ['a decline', 402, {}, null],
  ['a fault of the shop, which a client can provoke', 500, {}, null],
  ['a fault of the shop that Cloudflare seems to sign', 500, EDGE, null],
  ['a server that refused, by the word of the edge', 521, EDGE, 'refused'],
  ['one without a route', 523, EDGE, 'refused'],
  ['one whose TLS failed', 525, EDGE, 'refused'],
  ['one whose certificate is not good', 526, EDGE, 'refused'],
  ['one without a name', 530, EDGE, 'refused'],
  ['a page of the edge without its mark', 521, { server: 'cloudflare', 'content-type': 'text/html' }, 'refused'],
  ['a shop that itself says 521', 521, {}, 'broken'],
  [
    'a shop behind Cloudflare that says 521 in JSON',
    521,
    { server: 'cloudflare', 'content-type': 'application/json' },
    'broken',
  ],
  ['an answer that nobody understood: it may have been paid', 520, EDGE, 'broken'],
  ['a connection that timed out, perhaps after the request', 522, EDGE, 'broken'],
  ['an answer that did not come', 524, EDGE, 'broken'],
  ['a gateway without its server', 502, {}, 'broken'],
  ['a server that is overloaded', 503, {}, 'broken'],
  ['a gateway whose server is late', 504, {}, 'broken'],
])('%s', (_, status, headers, expected) => {
  expect(faultOf(new Response(null, { status, headers }))).toBe(expected);
});
