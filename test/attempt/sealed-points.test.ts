/**
 * Ephemeral points and proofs that are no numbers of P-256: refused like any other that does not open, and nothing is thrown,
 * whatever the platform says of them.
 */
import { beforeAll, expect, it } from 'vitest';
import { openSealed, type SealedRules } from '../../src/attempt/sealed-card.ts';
import { deriveSealingKey } from '../../src/config/sealing-key.ts';
import { masterKey } from '../support/passes.ts';
import { base64url, type Jwe, makePair, type Pair, type Published, seal } from '../support/sealed.ts';

/** NIST SP 800-186, 3.2.1.3. */
const FIELD = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
const here = { host: 'shop.acme.example', now: Date.now() };
const half = (hex: string) => base64url(Uint8Array.fromHex(hex));

let rules: SealedRules;
let own: Published;
let shop: Pair;
beforeAll(async () => {
  const { kid, key, point } = await deriveSealingKey(await masterKey(), { merchant: 'acme', version: 1 });
  shop = await makePair('shop-1');
  const { kid: shopKid, ...shopPoint } = shop.jwk;
  own = { kid, use: 'enc', ...point };
  const ownKeys = new Map([[kid, key]]);
  rules = { ownKeys, originKeys: new Map([[shopKid, shopPoint]]), audience: null, maxAgeMs: 300_000 };
});

const faultOf = async (jwe: Jwe) => {
  const opened = await openSealed(JSON.stringify(jwe), rules, here);
  return !opened.ok && 'fault' in opened.why ? opened.why.fault : opened.ok;
};

it.each([
  ['the prime of the field', FIELD],
  ['beyond it', 'ff'.repeat(32)],
  ['zero', '00'.repeat(32)],
])('a coordinate that is %s', async (_, hex) => {
  for (const [at, fault] of ['unopened', 'unbound'].entries()) {
    for (const change of [{ x: half(hex) }, { y: half(hex) }, { x: half(hex), y: half(hex) }]) {
      const jwe = await seal({ own, origin: shop.jwk });
      const header = jwe.recipients[at]?.header ?? {};
      header.epk = { ...(header.epk as object), ...change };
      expect(await faultOf(jwe)).toBe(fault);
    }
  }
});

it.each([
  ['the order of the curve', ORDER],
  ['beyond it', `${ORDER.slice(0, -1)}2`],
  ['one', `${'00'.repeat(31)}01`],
])('a proof that is %s', async (_, hex) => {
  expect(await faultOf(await seal({ own, origin: shop.jwk, claims: { proof: half(hex) } }))).toBe('unbound');
});

it('a good one opens', async () => {
  expect(await faultOf(await seal({ own, origin: shop.jwk }))).toBe(true);
});
