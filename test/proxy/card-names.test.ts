/**
 * A card's several names: each becomes a keyed reference of its own kind, and an answer may add to them.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintCard, fingerprintReference } from '../../src/attempt/card-fingerprint.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { UNKNOWN_OUTCOME } from '../../src/outcome/outcome.ts';
import { identify, namesInAnswer } from '../../src/proxy/attempt-reader.ts';
import { deployment } from '../config/deployment.ts';

const CARD = '4242424242424242';
let keys: Policy['fingerprintKeys'];
beforeAll(async () => {
  const here = await deployment();
  const valid = validateMerchant({ id: 'acme', key_version: 2 }, 'acme', here);
  if (!valid.ok) throw new Error('no merchant');
  keys = (await compilePolicy(valid.value, { hash: 'h', writtenAt: 0 }, here.masterKey)).fingerprintKeys;
});

const circumstances = () => ({
  kind: 'payment' as const,
  whence: { ip: { text: '192.0.2.1', counted: '192.0.2.1' }, country: null, asn: null },
  payer: { kind: 'guest' as const },
  keys,
});
const number = { kind: 'number', digits: CARD } as const;
const attached = { kind: 'attached', payment: 'pay_1' } as const;

describe('a reading', () => {
  it('of an attempt has the card first and its other names beside', async () => {
    const token = { kind: 'token', value: 'pm_1' } as const;
    const found = await identify({ kind: 'attempt', card: number, alsoKnownAs: [token, attached] }, circumstances());
    expect(found).toMatchObject({
      kind: 'attempt',
      attempt: { kind: 'payment', card: await fingerprintCard(CARD, keys) },
      alsoKnownAs: [
        await fingerprintReference('tk', { value: 'pm_1', bin: null }, keys),
        await fingerprintReference('at', { value: 'pay_1', bin: null }, keys),
      ],
    });
  });

  it('of an attachment is no attempt', async () => {
    const found = await identify({ kind: 'attachment', card: number, alsoKnownAs: [] }, circumstances());
    expect(found).toEqual({ kind: 'attachment', card: await fingerprintCard(CARD, keys), alsoKnownAs: [] });
  });

  it('without any card is an attempt of nobody’s card', async () => {
    const found = await identify({ kind: 'attempt', card: null, alsoKnownAs: [] }, circumstances());
    expect(found).toMatchObject({ kind: 'attempt', attempt: { card: null }, alsoKnownAs: [] });
  });
});

it('an answer adds the processor’s fingerprint, a token and the payment', async () => {
  const outcome = { ...UNKNOWN_OUTCOME, cardFingerprint: 'Xt5', cardToken: 'pm_1', paymentId: 'pay_1' };
  const names = await namesInAnswer(outcome, keys);
  expect(names.map(({ fingerprint }) => fingerprint.slice(0, 3))).toEqual(['pf_', 'tk_', 'at_']);
  expect(names[2]).toEqual(await fingerprintReference('at', { value: 'pay_1', bin: null }, keys));
  expect(names.every(({ formerFingerprints }) => formerFingerprints.length === 1)).toBe(true);
  expect(await namesInAnswer(UNKNOWN_OUTCOME, keys)).toEqual([]);
});

it('no name of one kind is a name of another', async () => {
  const kinds = ['pf', 'tk', 'at'] as const;
  const found = await Promise.all(kinds.map((kind) => fingerprintReference(kind, { value: 'x', bin: null }, keys)));
  const bare = found.map(({ fingerprint }) => fingerprint.slice(3));
  expect(new Set(bare).size).toBe(3);
});
