/**
 * Customers proven by the shop's public keys: cached, rotated, algorithms pinned.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CustomerTokens } from '../../src/proxy/customer-tokens.ts';

const rule = { header: 'authorization', claim: 'sub', jwks_url: 'https://shop.example/keys' };
const now = Date.now();
type Keys = { kid: string; publicKey: CryptoKey; privateKey: CryptoKey; alg: string };

let served: Keys[];
let fetches: number;

async function makeKeys(kid: string, alg = 'ES256'): Promise<Keys> {
  const { publicKey, privateKey } = (await generateKeyPair(alg, { extractable: true })) as CryptoKeyPair;
  return { kid, alg, publicKey, privateKey };
}

async function token(
  { kid, alg, privateKey }: Keys,
  claims: Record<string, unknown> = { sub: 'cus_1' },
): Promise<Headers> {
  const signed = new SignJWT(claims).setProtectedHeader({ alg, kid }).setExpirationTime('1h').setIssuer('shop');
  return new Headers({ authorization: `Bearer ${await signed.sign(privateKey)}` });
}

beforeEach(async () => {
  fetches = 0;
  served = [await makeKeys('one')];
  vi.stubGlobal('fetch', async () => {
    fetches++;
    const keys = await Promise.all(
      served.map(async ({ kid, alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg })),
    );
    return Response.json({ keys });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const fresh = () => new CustomerTokens({ sharedSecret: () => null });
const first = () => served[0] as Keys;

it('verifies with the published key and asks for the keys once', async () => {
  const tokens = fresh();
  for (let n = 0; n < 5; n++) {
    expect(await tokens.payerOf(await token(first()), rule, now)).toEqual({ kind: 'customer', id: 'cus_1' });
  }
  expect(fetches).toBe(1);
});

it('asks again for a key that it does not know yet, but not for each of many made-up ones', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const tokens = fresh();
  await tokens.payerOf(await token(first()), rule, now);
  served = [await makeKeys('two')];
  vi.setSystemTime(Date.now() + 31_000);
  expect(await tokens.payerOf(await token(first()), rule, now)).toEqual({ kind: 'customer', id: 'cus_1' });
  expect(fetches).toBe(2);
  const stranger = await makeKeys('made-up');
  for (let n = 0; n < 20; n++)
    expect(await tokens.payerOf(await token(stranger), rule, now)).toEqual({ kind: 'guest' });
  expect(fetches).toBe(2);
});

it('never takes a public key for a shared secret', async () => {
  const { n = '', x = '' } = await exportJWK(first().publicKey);
  const forged = await new SignJWT({ sub: 'cus_1' })
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(new TextEncoder().encode(n + x));
  expect(await fresh().payerOf(new Headers({ authorization: forged }), rule, now)).toEqual({ kind: 'guest' });
});

it.each([
  ['another issuer', { ...rule, issuer: 'someone else' }, 'guest'],
  ['the issuer', { ...rule, issuer: 'shop' }, 'customer'],
  ['an audience that the token lacks', { ...rule, audience: 'api' }, 'guest'],
  ['another algorithm', { ...rule, algorithms: ['RS256' as const] }, 'guest'],
  ['the algorithm', { ...rule, algorithms: ['ES256' as const] }, 'customer'],
  ['another header', { ...rule, header: 'x-token' }, 'guest'],
  ['another claim', { ...rule, claim: 'customer' }, 'guest'],
])('with %s makes a %s', async (_, configured, kind) => {
  expect((await fresh().payerOf(await token(first()), configured, now)).kind).toBe(kind);
});

it.each([
  ['an error', async () => new Response('no', { status: 500 })],
  ['nonsense', async () => new Response('<html>')],
  ['nothing at all', async () => Promise.reject(new TypeError('unreachable'))],
])('makes a guest, and says so, when the keys are %s', async (_, answer) => {
  vi.stubGlobal('fetch', answer);
  const alert = vi.spyOn(console, 'error').mockReturnValue();
  expect(await fresh().payerOf(await token(first()), rule, now)).toEqual({ kind: 'guest' });
  expect(alert.mock.calls.join()).toContain('customer_keys_unavailable');
});

it('takes a number for an id, and nothing else', async () => {
  const payer = async (sub: unknown) => fresh().payerOf(await token(first(), { sub }), { ...rule }, now);
  expect(await payer('x'.repeat(257))).toEqual({ kind: 'guest' });
  const numeric = await token(first(), { id: 17 });
  expect(await fresh().payerOf(numeric, { ...rule, claim: 'id' }, now)).toEqual({ kind: 'customer', id: '17' });
});
