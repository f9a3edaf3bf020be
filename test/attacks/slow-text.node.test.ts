/**
 * Make Cordon think: texts over which a careless expression takes its time. While one is looked at the isolate does nothing
 * else, and a payment that waits five seconds for the gate is decided without it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isErrorPage, SIGN_LIMIT_BYTES } from '../../src/origin/error-page.ts';
import { headersOf, type Sending } from '../support/bare-client.ts';
import { openShop, payRoute, type Shop } from '../support/bare-merchant.ts';

const LONGEST_MS = 500;
const OWN = '__Host-cordon-session';
const DIGITS = '123456789012';
const SESSION = { mode: 'shadow' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const formRoute = {
  ...payRoute,
  name: 'form',
  match: { methods: ['POST'], path: '/form/pay' },
  body: 'form',
  fields: { card_number: '/number' },
};

/** In which a request may not stand within the request. */
const batchRoute = {
  ...payRoute,
  name: 'batch',
  match: { methods: ['POST'], path: '/batch' },
  refuse_containing: { '/requests/*/path': ['checkout'] },
};

const ends: (() => void | Promise<void>)[] = [];
let shop: Shop;
beforeAll(async () => {
  shop = await openShop(
    { routes: [payRoute, formRoute, batchRoute], session: SESSION },
    { atTheEnd: (end) => ends.push(end) },
  );
  await timed({ method: 'GET', path: '/' });
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** How long its answer takes, in ms. */
async function timed({ headers = {}, ...sending }: Sending): Promise<number> {
  const since = performance.now();
  const told = { ...headersOf({ card: '', ip: '203.0.113.9' }), ...headers };
  const answer = shop.client().send({ ...sending, headers: told });
  const status = await Promise.race([answer.then((it) => it.status), pause(3_000)]);
  expect(status ?? 'it thinks').not.toBe('it thinks');
  return performance.now() - since;
}

const json = (body: unknown): Sending => ({ body: JSON.stringify(body) });
const form = (body: string): Sending => ({ path: '/form/pay', headers: FORM, body });
const page = (path: string, headers: Sending['headers'] = {}): Sending => ({ method: 'GET', path, headers });
const long = (length: number) => 'a'.repeat(length);
const many = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join('');

it.each<[string, Sending]>([
  ['a path of sessions within sessions', page(`/${'(a(x))'.repeat(40)}!`)],
  ['a path of brackets', page(`/${'(a('.repeat(1_000)}`)],
  ['a path of sessions, encoded', page(`/${'%28a(x))'.repeat(40)}!/pay`)],
  ['a path of dots', page(`/${'.'.repeat(4_000)}x`)],
  ['a path of parameters', page(`/${';'.repeat(4_000)}x`)],
  ['a long name over digits', json({ [long(60_000)]: { b: DIGITS, c: DIGITS, d: DIGITS } })],
  ['a long name over digits, in a form', form(`${long(100_000)}[b]=${DIGITS}`)],
  ['a long name over digits, in a query', page(`/api/pay?${long(12_000)}/b=${DIGITS}`)],
  ['nothing but digits', json({ a: '4'.repeat(120_000) })],
  ['nothing but digits, one by one', json({ a: '4 '.repeat(60_000) })],
  ['nothing but digits, in pairs', json({ a: '42-'.repeat(40_000) })],
  ['digits of another script', json({ a: '٤ '.repeat(40_000) })],
  ['many names', json(Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`n${i}`, DIGITS])))],
  ['many fields of a form', form(many(1_000, (i) => `&n${i}[a][b][c]=${DIGITS}`))],
  ['escapes where a path may stand', { ...json({ requests: [{ path: '%41x'.repeat(30_000) }] }), path: '/batch' }],
  ['escapes of escapes', { ...json({ requests: [{ path: '%25'.repeat(40_000) }] }), path: '/batch' }],
  ['a path of escapes', page(`/${'%41x'.repeat(1_000)}`)],
  ['a path of climbs', page(`/${'a/../'.repeat(800)}pay`)],
  ['many segments', page(`/${'a/'.repeat(2_000)}index.php`)],
  ['nested fields of a form', form(many(900, (i) => `&n${i}${'[a]'.repeat(31)}=${DIGITS}`))],
  ['a cookie’s name of blanks', page('/', { cookie: `a${' '.repeat(30_000)}b=1; ${OWN}=1` })],
  ['a session of blanks', page('/', { accept: 'text/html', cookie: `${OWN}=a${' '.repeat(30_000)}b` })],
  ['many cookies', page('/', { accept: 'text/html', cookie: many(4_000, (i) => `c${i}=1; `) })],
  ['a query of paths', page(`/x?${many(2_500, (i) => `&r=${i}`)}`)],
  ['a query of long paths', page(`/x?r=${'(a(x))'.repeat(40)}!&q=${'/..'.repeat(1_000)}`)],
  ['a type of parameters', { ...json({}), headers: { 'content-type': `application/json${'; '.repeat(10_000)}` } }],
  ['a type of blanks', { ...json({}), headers: { 'content-type': `application/json;${' '.repeat(30_000)}x` } }],
  ['what is accepted, of blanks', { ...json({}), headers: { accept: `application/json${' '.repeat(30_000)}x` } }],
  ['a long name of a header', page('/', { [`x-${'client-'.repeat(1_000)}`]: 'x' })],
])(
  '%s',
  async (_, sending) => {
    expect(await timed(sending)).toBeLessThan(LONGEST_MS);
  },
  20_000,
);

/** What a shop says may repeat what it was asked, and is looked at for the signs of servers. */
it.each([
  ['a heading and blanks', `<html><body><h1>404 ${' '.repeat(40)}</h1>`, ' '],
  ['a heading and words', '<html><body><h1>404 x</h1>', 'a '],
  ['titles', '', '<title>404 - a</title>'],
  ['titles of blanks', '', '<title>   '],
  ['headings', '', '<h1>Error 503 a</h1>'],
  ['hints', '', '<h2>a</h2><hr>'],
  ['addresses', '', '<address>a Server at '],
  ['beginnings', '<html>', ' '],
])('a page of %s', (_, beginning, rest) => {
  const page = new TextEncoder().encode(beginning + rest.repeat(SIGN_LIMIT_BYTES)).subarray(0, SIGN_LIMIT_BYTES);
  const since = performance.now();
  expect(isErrorPage(page)).toBe(false);
  expect(performance.now() - since).toBeLessThan(LONGEST_MS);
});
