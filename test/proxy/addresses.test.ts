/**
 * One address however it is written, and no address where two readers could differ: the same in a configuration, in
 * the API and in traffic.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { acme, manage, payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { codeOf, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => vi.unstubAllGlobals());

const routes = [{ ...payRoute, access: 'server' }];
const listing = (cidr: string) => ({ routes, network: { allowlist: [{ cidr, label: 'x' }] } });
const evaluate = (ip: string) => manage('POST', '/evaluations', { merchant: 'acme', attempt: { ip } });
const unblock = (ip: string) => manage('POST', '/merchants/acme/unblock', { ip });

describe('one address', () => {
  const mapped = ['::ffff:203.0.113.9', '::FFFF:203.0.113.9', '::ffff:cb00:7109', '0:0:0:0:0:ffff:203.0.113.9'];
  const six = ['2001:DB8::9', '2001:0db8:0000:0000:0000:0000:0000:0009', '2001:db8:0:0:0::9', '2001:db8::0.0.0.9'];

  it.each([
    ...mapped.map((given) => ({ given, text: '203.0.113.9', bits: given.includes(':') ? 128 : 32, own: 32 })),
    ...six.map((given) => ({ given, text: '2001:db8::9', bits: 128, own: 128 })),
  ])('$given is $text', async ({ given, text, bits, own }) => {
    // On the list in one spelling, calling in the other; both ways.
    await putAcme(listing(`${given}/${bits}`));
    expect((await pay({ ip: text })).status).toBe(200);
    await putAcme(listing(`${text}/${own}`));
    expect((await pay({ ip: given })).status).toBe(200);
    expect(origin.arrived.map(({ headers }) => headers.get('x-forwarded-for'))).toEqual([text, text]);
    expect((await evaluate(given)).status).toBe(200);
    expect((await unblock(given)).status).toBe(200);
  });
});

describe('no address', () => {
  it.each([
    ['octal', '0313.0.0161.011'],
    ['hexadecimal', '0xcb.0x0.0x71.0x9'],
    ['one number', '3405803785'],
    ['a short form', '127.1'],
    ['a shorter form', '127'],
    ['leading zeros', '203.000.113.009'],
    ['a trailing dot', '203.0.113.9.'],
    ['a space inside', '203.0. 113.9'],
    ['a port', '203.0.113.9:443'],
    ['a zone id', 'fe80::9%eth0'],
    ['a mapped address with a zone id', '::ffff:203.0.113.9%1'],
    ['an octal mapped address', '::ffff:0313.0.0161.011'],
    ['a short mapped address', '::ffff:127.1'],
    ['the deprecated compatible form', '::203.0.113.9'],
    ['brackets', '[2001:db8::9]'],
    ['two compressions', '2001::db8::9'],
    ['two addresses', '203.0.113.9, 203.0.113.9'],
    ['nothing', ''],
  ])('is %s', async (_, given) => {
    const written = await manage('PUT', '/merchants/acme', {
      ...acme,
      ...listing(`${given}/${given.includes(':') ? 128 : 32}`),
    });
    const { errors } = (await written.json()) as { errors: { path: string }[] };
    expect([written.status, errors.map(({ path }) => path)]).toEqual([422, ['/network/allowlist/0/cidr']]);
    await putAcme(listing('0.0.0.0/0'));
    expect(await codeOf(await pay({ ip: given }))).toBe('no_client_address');
    expect(origin.arrived).toEqual([]);
    expect((await evaluate(given)).status).toBe(422);
    expect((await unblock(given)).status).toBe(422);
  });

  // What a header cannot carry: white space around its value is no part of it (RFC 9110, 5.5).
  it.each([' 203.0.113.9', '203.0.113.9 ', '203.0.113.9\n'])('is one with white space around: %j', async (given) => {
    const written = await manage('PUT', '/merchants/acme', { ...acme, ...listing(`${given}/32`) });
    expect(written.status).toBe(422);
    await putAcme();
    expect((await evaluate(given)).status).toBe(422);
    expect((await unblock(given)).status).toBe(422);
  });
});
