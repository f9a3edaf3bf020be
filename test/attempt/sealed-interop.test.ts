/**
 * What one implementation seals another opens: the page's script, jose, and what Cordon reads with.
 */
import { GeneralEncrypt, generalDecrypt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSealed, type SealedRules } from '../../src/attempt/sealed-card.ts';
import { type Sealing, sealPayment } from '../../src/challenge/page/sealing.ts';
import { deriveSealingKey, type SealingKey } from '../../src/config/sealing-key.ts';
import { openSealed as openAtShop } from '../../src/middleware/sealed.ts';
import { masterKey } from '../support/passes.ts';
import { makePair, PAYMENT, type Pair, seal } from '../support/sealed.ts';

const HOST = 'shop.acme.example';
const NOW = Date.now();
const SECONDS = Math.floor(NOW / 1000);

let own: SealingKey;
let shop: Pair;
let rules: SealedRules;
let sealing: Sealing;
beforeAll(async () => {
  own = await deriveSealingKey(await masterKey(), { merchant: 'acme', version: 1 });
  shop = await makePair('shop-1');
  const { kid, ...point } = shop.jwk;
  rules = {
    ownKeys: new Map([[own.kid, own.key]]),
    originKeys: new Map([[kid, point]]),
    audience: null,
    maxAgeMs: 300_000,
  };
  const theirs = { own: { kid: own.kid, ...own.point }, shop: shop.jwk };
  sealing = { ...theirs, audience: HOST, now: SECONDS, lifeSeconds: 300 };
});
const openByCordon = async (body: string) => {
  const opened = await openSealed(body, rules, { host: HOST, now: NOW });
  return opened.ok ? opened.value.fields.get('/card/number') : opened.why;
};

async function sealByJose(): Promise<string> {
  const epk = (await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ])) as CryptoKeyPair;
  const { d: proof } = (await crypto.subtle.exportKey('jwk', epk.privateKey)) as JsonWebKey;
  const claims = {
    aud: HOST,
    iat: SECONDS,
    exp: SECONDS + 60,
    jti: 'an-id-of-many-characters',
    proof,
    payment: PAYMENT,
  };
  const sealed = new GeneralEncrypt(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
    .addRecipient({ ...own.point })
    .setUnprotectedHeader({ kid: own.kid })
    .addRecipient({ ...shop.jwk })
    .setUnprotectedHeader({ kid: 'shop-1' })
    .setKeyManagementParameters({ epk: epk.privateKey });
  return JSON.stringify(await sealed.encrypt());
}
const sealByTests = async () =>
  JSON.stringify(await seal({ own: { kid: own.kid, use: 'enc', ...own.point }, origin: shop.jwk }));

describe.each([
  ['the page’s script', () => sealPayment(PAYMENT, sealing)],
  ['jose', sealByJose],
  ['the tests’ own', sealByTests],
])('what %s seals', (_, make) => {
  it('opens Cordon', async () => {
    expect(await openByCordon(await make())).toBe(PAYMENT.card.number);
  });

  it('opens the shop, by jose alone', async () => {
    const { plaintext } = await generalDecrypt(JSON.parse(await make()), shop.privateKey);
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toMatchObject({ aud: HOST, payment: PAYMENT });
  });

  it('opens the shop, by cordon/sealed', async () => {
    const jwk = (await crypto.subtle.exportKey('jwk', shop.privateKey)) as object;
    const keys = [{ ...jwk, kid: 'shop-1' } as never];
    expect(await openAtShop(await make(), { keys, audience: HOST })).toMatchObject({ payment: PAYMENT });
  });
});

it('two seals of one payment have nothing in common', async () => {
  const [a, b] = [await sealPayment(PAYMENT, sealing), await sealPayment(PAYMENT, sealing)].map((text) =>
    JSON.parse(text),
  );
  expect(a.iv).not.toBe(b.iv);
  expect(a.ciphertext).not.toBe(b.ciphertext);
  const keys = [...a.recipients, ...b.recipients].map(({ header }) => header.epk.x);
  expect(new Set(keys).size).toBe(4);
});
