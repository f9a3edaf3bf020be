/**
 * A tester seals a harmless card for Cordon, and under the same ciphertext and tag something else for the shop: AES-GCM does
 * not commit to its key, so the tag alone says nothing of it. Cordon opens what the shop would open, and compares.
 */
import { generalDecrypt } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { makeSalamander } from '../support/salamander.ts';
import {
  base64url,
  type Jwe,
  makePair,
  PAYMENT,
  type Pair,
  type Published,
  paySealed,
  publishedBy,
  random,
  seal,
  sealedShop,
  utf8,
  wrapFor,
} from '../support/sealed.ts';

const UNBOUND = 'what the shop would open is not what Cordon has opened';
const BLOCKS = 4;
const NOTE = '0'.repeat(16 * (BLOCKS + 2));

let origin: StandInOrigin;
let shop: Pair;
let own: Published;
beforeAll(async () => {
  shop = await makePair('shop-1');
});
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme(sealedShop([shop], { card_testing_guard_config: rule('card_ip', 3) }));
  [own] = await publishedBy('shop.acme.example');
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function refused(jwe: Jwe): Promise<string> {
  const answer = await paySealed(jwe);
  expect([answer.status, origin.arrived]).toEqual([400, []]);
  return ((await answer.json()) as { detail: string }).detail;
}

const atShop = async (jwe: Jwe) => (await generalDecrypt(structuredClone(jwe) as never, shop.privateKey)).plaintext;

it('one ciphertext that two keys open, each to another text', async () => {
  const [cek, other, iv] = [random(32), random(32), random(12)];
  let text = '';
  const written = (usual: string) => {
    text = usual;
    return usual;
  };
  const payment = { ...PAYMENT, note: NOTE };
  const jwe = await seal({ own, origin: shop.jwk, cek, originCek: other, iv, payment, text: written });
  const from = Math.ceil(text.indexOf(NOTE) / 16) * 16;
  const secret = { cek, other, iv, aad: utf8(jwe.protected) };
  const { ciphertext, tag } = await makeSalamander(utf8(text), { from, blocks: BLOCKS }, secret);
  const both = { ...jwe, ciphertext: base64url(ciphertext), tag: base64url(tag) };
  // It is one: the shop's library opens it, to another text, and finds nothing wrong.
  const opened = new TextDecoder().decode(await atShop(both));
  expect(opened.length).toBeGreaterThan(0);
  expect(opened).not.toContain(PAYMENT.card.number);
  expect(await refused(both)).toBe(UNBOUND);
});

it('a shop’s key that opens nothing', async () => {
  expect(await refused(await seal({ own, origin: shop.jwk, originCek: random(32) }))).toBe(UNBOUND);
});

it('a shop’s key that is sealed for somebody else', async () => {
  const other = await makePair('shop-1');
  const jwe = await seal({ own, origin: other.jwk });
  await expect(atShop(jwe)).rejects.toThrow('decryption operation failed');
  expect(await refused(jwe)).toBe(UNBOUND);
});

it('a proof of another ephemeral key, under which all would be well', async () => {
  const cek = random(32);
  const good = await wrapFor(shop.jwk, cek);
  const jwe = await seal({ own, origin: shop.jwk, cek, claims: { proof: good.secret } });
  expect(await refused(jwe)).toBe(UNBOUND);
  // With the key that it proves, and the point of another.
  const [first, second] = jwe.recipients;
  if (first === undefined || second === undefined) throw new Error('two recipients');
  const mixed = { header: second.header, encrypted_key: good.recipient.encrypted_key };
  await expect(atShop({ ...jwe, recipients: [first, mixed] })).rejects.toThrow('decryption operation failed');
  expect(await refused({ ...jwe, recipients: [first, mixed] })).toBe(UNBOUND);
  // With all of it, it is what it says.
  expect((await paySealed({ ...jwe, recipients: [first, good.recipient] })).status).toBe(200);
  expect(origin.arrived).toHaveLength(1);
});

it('a proof that is no private key', async () => {
  for (const proof of [base64url(new Uint8Array(32)), base64url(new Uint8Array(32).fill(255))]) {
    expect(await refused(await seal({ own, origin: shop.jwk, claims: { proof } }))).toBe(UNBOUND);
  }
});
