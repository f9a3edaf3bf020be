/**
 * What has left for certain not, and what may have.
 */
import { describe, expect, it } from 'vitest';
import { faultIn, faultOf } from '../../src/origin/failure.ts';

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
  ['a shop that itself says 521', 521, {}, 'broken'],
  ['an answer that nobody understood: it may have been paid', 520, EDGE, 'broken'],
  ['a connection that timed out, perhaps after the request', 522, EDGE, 'broken'],
  ['an answer that did not come', 524, EDGE, 'broken'],
  ['a gateway without its server', 502, {}, 'broken'],
  ['a server that is overloaded', 503, {}, 'broken'],
  ['a gateway whose server is late', 504, {}, 'broken'],
])('%s', (_, status, headers, expected) => {
  expect(faultOf(new Response(null, { status, headers }))).toBe(expected);
});

const PAGE =
  '<!DOCTYPE html><html><body><div id="cf-wrapper"><div id="cf-error-details">Web server is down</div></div>';

describe('without the mark Cloudflare’s name is not enough: a shop behind it has it on every answer', () => {
  it.each<[string, string | null, number, ReturnType<typeof faultOf>]>([
    ['the edge’s words for scripts', 'error code: 521', 521, 'refused'],
    ['of a tunnel that is not connected', 'error code: 1033\n', 530, 'refused'],
    ['the edge’s page', PAGE, 525, 'refused'],
    ['a shop that says nothing', null, 521, 'broken'],
    ['a shop that says something of its own', 'paid, and then the printer failed', 521, 'broken'],
    ['a shop in JSON', '{"error":"error code: 521"}', 521, 'broken'],
    ['the edge’s words where the request may have left', 'error code: 520', 520, 'broken'],
  ])('%s', async (_, body, status, expected) => {
    const answer = new Response(body, { status, headers: { server: 'cloudflare' } });
    expect(await faultIn(answer)).toBe(expected);
    expect(await answer.text()).toBe(body ?? '');
  });

  it('the same words from another server are nobody’s', async () => {
    expect(await faultIn(new Response('error code: 521', { status: 521 }))).toBe('broken');
  });
});
