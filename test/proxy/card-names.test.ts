/**
 * A card's several names: each becomes a keyed reference of its own kind, and an answer may add to them.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import type { AttemptReading } from '../../src/attempt/attempt-reading.ts';
import { fingerprintCard, fingerprintReference } from '../../src/attempt/card-fingerprint.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { NO_PROVENANCE } from '../../src/network/country-mismatch.ts';
import { UNKNOWN_OUTCOME } from '../../src/outcome/outcome.ts';
import { identify, namesInAnswer } from '../../src/proxy/attempt-reader.ts';
import type { Trial } from '../../src/proxy/trial.ts';
import { deployment } from '../config/deployment.ts';

const CARD = '4242424242424242';

let policy: Policy;
let keys: Policy['fingerprintKeys'];
beforeAll(async () => {
  const here = await deployment();
  const valid = validateMerchant({ id: 'acme', key_version: 2 }, 'acme', here);
  if (!valid.ok) throw new Error('no merchant');
  policy = await compilePolicy(valid.value, { hash: 'h', writtenAt: 0 }, here);
  keys = policy.fingerprintKeys;
});

const circumstances = () => ({
  whence: { ip: { text: '192.0.2.1', counted: '192.0.2.1' }, country: null, asn: null },
  payer: { kind: 'guest' as const },
  session: null,
  keys,
  origins: null,
});
const told = {
  by: 'answer',
  rules: { failed: [], succeeded: [], pending: [], unmatched: 'failed', processor: null },
} as const;
const trial = (reading: AttemptReading): Trial => ({ kind: 'payment', reading, told });
const number = { kind: 'number', digits: CARD } as const;
const attached = { kind: 'attached', payment: 'pay_1' } as const;

describe('a reading', () => {
  it('of an attempt has the card, and beside it, joined by nothing, what else the request sends for one', async () => {
    const token = { kind: 'token', value: 'pm_1' } as const;
    const found = await identify(
      trial({ kind: 'attempt', card: number, alsoKnownAs: [token, attached] }),
      circumstances(),
    );
    expect(found).toEqual({
      kind: 'attempt',
      attempt: expect.objectContaining({ kind: 'payment', card: await fingerprintCard(CARD, keys) }),
      others: [await fingerprintReference('tk', { value: 'pm_1', bin: null }, keys)],
      told,
      isTyped: false,
      provenance: NO_PROVENANCE,
    });
  });

  it('of an attachment is no attempt', async () => {
    const found = await identify(trial({ kind: 'attachment', card: number, alsoKnownAs: [] }), circumstances());
    expect(found).toMatchObject({ kind: 'attachment', attempt: { card: await fingerprintCard(CARD, keys) } });
  });

  it('without any card is an attempt of nobody’s card', async () => {
    const found = await identify(trial({ kind: 'attempt', card: null, alsoKnownAs: [] }), circumstances());
    expect(found).toMatchObject({ kind: 'attempt', attempt: { card: null } });
  });
});

describe('an answer', () => {
  const outcome = { ...UNKNOWN_OUTCOME, cardFingerprint: 'Xt5', cardToken: 'pm_1', paymentId: 'pay_1' };
  const attempt = { kind: 'attempt' as const, others: [] };
  const named = (attachments: boolean, isTaken = true) =>
    namesInAnswer({ outcome, isTaken }, attempt, { ...policy, attachments });

  it('adds the processor’s fingerprint, a token and the payment', async () => {
    const names = await named(true);
    expect(names.map((name) => name.slice(0, 3))).toEqual(['pf_', 'tk_', 'at_']);
    const payment = await fingerprintReference('at', { value: 'pay_1', bin: null }, keys);
    expect(names[2]).toBe(payment.fingerprint);
  });

  it('adds no payment where no route means a card by one', async () => {
    expect((await named(false)).map((name) => name.slice(0, 3))).toEqual(['pf_', 'tk_']);
  });

  it('adds no payment where it took nothing', async () => {
    expect((await named(true, false)).map((name) => name.slice(0, 3))).toEqual(['pf_', 'tk_']);
  });

  it('adds nothing to a request with several cards', async () => {
    const others = [await fingerprintCard(CARD, keys)];
    expect(await namesInAnswer({ outcome, isTaken: true }, { kind: 'attempt', others }, policy)).toEqual([]);
  });
});
