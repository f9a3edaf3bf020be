/**
 * Whatever comes to the reader of sealed cards it throws nothing, and what differs from a good body in one place is refused,
 * or means the very same.
 */
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openSealed, type SealedRules } from '../../src/attempt/sealed-card.ts';
import { sealPayment } from '../../src/challenge/page/sealing.ts';
import { deriveSealingKey } from '../../src/config/sealing-key.ts';
import { masterKey } from '../support/passes.ts';
import { makePair, PAYMENT } from '../support/sealed.ts';

const here = { host: 'shop.acme.example', now: Date.now() };

let rules: SealedRules;
let good: string;
beforeAll(async () => {
  const own = await deriveSealingKey(await masterKey(), { merchant: 'acme', version: 1 });
  const shop = await makePair('shop-1');
  const { kid, ...point } = shop.jwk;
  rules = {
    ownKeys: new Map([[own.kid, own.key]]),
    originKeys: new Map([[kid, point]]),
    audience: null,
    maxAgeMs: 300_000,
  };
  const keys = { own: { kid: own.kid, ...own.point }, shop: shop.jwk };
  good = await sealPayment(PAYMENT, {
    ...keys,
    audience: here.host,
    now: Math.floor(here.now / 1000),
    lifeSeconds: 300,
  });
});

it('a character that is another: refused, or the same', async () => {
  const other = await openSealed(good, rules, here);
  expect(other.ok).toBe(true);
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom(...'AQgwz09-_ "{}[]:,=\\'), async (at, character) => {
      const place = at % good.length;
      const changed = good.slice(0, place) + character + good.slice(place + 1);
      const opened = await openSealed(changed, rules, here);
      if (opened.ok) expect(opened).toEqual(other);
      expect(opened.ok).toBe(changed === good);
    }),
    { numRuns: 300 },
  );
});

it('a stretch that is missing or twice: refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 200 }), fc.boolean(), async (at, length, isTwice) => {
      const place = at % good.length;
      const stretch = good.slice(place, place + length);
      const changed = good.slice(0, place) + (isTwice ? stretch + stretch : '') + good.slice(place + length);
      expect((await openSealed(changed, rules, here)).ok).toBe(false);
    }),
    { numRuns: 200 },
  );
});

it('any JSON in any place of it: refused, and nothing is thrown', async () => {
  const places = ['protected', 'recipients', 'iv', 'ciphertext', 'tag', '__proto__', 'constructor'] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.json(), fc.constantFrom(0, 1), async (place, json, index) => {
      const jwe = JSON.parse(good) as { recipients: Record<string, unknown>[] };
      const whole = `{${good.slice(1, -1)},"${place}":${json}}`;
      const value: unknown = JSON.parse(json);
      const changed = JSON.stringify({ ...jwe, [place]: value });
      const recipients = jwe.recipients.map((one, i) => (i === index ? { ...one, header: value } : one));
      for (const text of [whole, changed, JSON.stringify({ ...jwe, recipients }), json]) {
        expect((await openSealed(text, rules, here)).ok).toBe(text === good);
      }
    }),
    { numRuns: 200 },
  );
});
