/**
 * Adyen's batches, signed by the validator of its own library.
 */
import { describe, expect, it } from 'vitest';
import { adyen } from '../../../src/outcome/webhooks/adyen.ts';
import {
  ADYEN_KEY,
  APPROVED,
  adyenSignature,
  batch,
  CHARGEBACK,
  type Item,
  item,
  signedItem,
} from './adyen-batches.ts';
import { hostileJson, INHERITED_NAMES, NOT_UTF8 } from './hostile-documents.ts';
import { deliver, describeSignature, eventsOf } from './signature-behaviour.ts';
import { EVALUATION } from './stripe-events.ts';

const OTHER_KEY = 'AB'.repeat(32);
const REFERENCE = 'QFQTPCQ8HXSKGK82';
const side = { reader: adyen, now: Date.parse('2026-11-20T18:00:00Z'), secret: ADYEN_KEY };

const read = (body: string, secrets?: readonly string[]) => deliver(side, { headers: {}, body }, secrets);
const readOne = async (change: Partial<Item> = {}) => eventsOf(await read(batch(signedItem(change))))[0];
const withData = (more: Readonly<Record<string, string>>): Partial<Item> => ({
  additionalData: { ...item().additionalData, ...more },
});

describeSignature({
  ...side,
  otherSecret: OTHER_KEY,
  sign: async (secret) => ({ headers: {}, body: batch(signedItem({}, secret)) }),
  header: null,
  isWholeBodySigned: false,
});

describe('the eight signed fields', () => {
  it.each([
    ['pspReference', { pspReference: 'QFQTPCQ8HXSKGK83' }],
    ['originalReference', { originalReference: 'X' }],
    ['merchantAccountCode', { merchantAccountCode: 'AcmePOS' }],
    ['merchantReference', { merchantReference: 'order-6736' }],
    ['the amount', { amount: { currency: 'EUR', value: 1131 } }],
    ['the currency', { amount: { currency: 'USD', value: 1130 } }],
    ['eventCode', { eventCode: 'PENDING' }],
    ['success', { success: 'true' }],
  ])('%s cannot be changed', async (_, change) => {
    expect(await read(batch({ ...signedItem(), ...change }))).toEqual({ kind: 'forged' });
  });

  it.each([
    ['with bit 0 turned', (s: string) => `${s.startsWith('A') ? 'B' : 'A'}${s.slice(1)}`],
    ['cut', (s: string) => s.slice(0, -4)],
    ['empty', () => ''],
    ['no Base64', () => '????'],
    ['of another key', () => adyenSignature(item(), OTHER_KEY)],
  ])('a signature %s is forged', async (_, change) => {
    const { additionalData } = signedItem();
    const hmacSignature = change(additionalData.hmacSignature ?? '');
    expect(await read(batch({ ...item(), additionalData: { ...additionalData, hmacSignature } }))).toEqual({
      kind: 'forged',
    });
  });

  it('a missing signature is forged', async () => {
    expect(await read(batch(item()))).toEqual({ kind: 'forged' });
    const { additionalData: _, ...bare } = item();
    expect(await read(batch(bare))).toEqual({ kind: 'forged' });
  });

  it('may hold colons and backslashes in the shop’s own reference, unescaped as the library has it', async () => {
    expect(await readOne({ merchantReference: 'a:b\\c:d' })).toMatchObject({
      paymentIds: ['CS451F2AB1ED897A94', REFERENCE],
    });
  });

  it('cannot be cut up otherwise where the reference holds colons', async () => {
    const genuine = signedItem({ merchantReference: 'X:7:USD' });
    expect(eventsOf(await read(batch(genuine)))).toHaveLength(1);
    const shifted = [
      { ...genuine, merchantReference: 'X', amount: { currency: 'USD:1130:EUR', value: 7 } },
      { ...genuine, merchantAccountCode: 'AcmeECOM:X', merchantReference: '7:USD' },
      { ...genuine, originalReference: ':AcmeECOM', merchantAccountCode: 'X', merchantReference: '7:USD' },
      { ...genuine, merchantReference: 'X:7', amount: { currency: '1130:EUR', value: 'USD' } },
    ];
    for (const it of shifted) expect(await read(batch(it as unknown as Item))).toEqual({ kind: 'forged' });
  });

  it('are all that is signed: the event’s id is made of them alone', async () => {
    const changed = { ...signedItem(), eventDate: '2020-01-01T00:00:00Z', reason: 'FRAUD', paymentMethod: 'mc' };
    const [event] = eventsOf(await read(batch(changed)));
    expect(event?.id).toBe((await readOne())?.id);
  });

  it('a key in either case is the same key', async () => {
    expect(eventsOf(await read(batch(signedItem()), [ADYEN_KEY.toLowerCase()]))).toHaveLength(1);
  });
});

describe('a batch', () => {
  const second = signedItem({ pspReference: 'WNS7WQ756L2GWR82', ...APPROVED });

  it('gives the events of all its items, in their order', async () => {
    const events = eventsOf(await read(batch(signedItem(), second)));
    expect(events.map(({ tryId, outcome }) => [tryId, outcome?.status])).toEqual([
      [REFERENCE, 'failed'],
      ['WNS7WQ756L2GWR82', 'succeeded'],
    ]);
  });

  it('tells a doubled item by its id', async () => {
    const events = eventsOf(await read(batch(signedItem(), signedItem())));
    expect(new Set(events.map(({ id }) => id))).toEqual(new Set([`AUTHORISATION:${REFERENCE}:false`]));
  });

  it.each([
    ['first', [{ ...signedItem(), success: 'true' }, second]],
    ['last', [second, { ...signedItem(), success: 'true' }]],
    ['unsigned', [second, item()]],
    ['of another key', [second, signedItem({}, OTHER_KEY)]],
    ['of something else', [second, {}, { a: 1 }]],
  ])('with one wrong item, %s, is forged as a whole', async (_, items) => {
    expect(await read(batch(...items))).toEqual({ kind: 'forged' });
  });

  it('signed with two keys during a rotation is read', async () => {
    const body = batch(signedItem(), signedItem({ pspReference: 'WNS7WQ756L2GWR82' }, OTHER_KEY));
    expect(eventsOf(await read(body, [ADYEN_KEY, OTHER_KEY]))).toHaveLength(2);
  });

  it('holds 64 items at most', async () => {
    expect(eventsOf(await read(batch(...Array(64).fill(signedItem()))))).toHaveLength(64);
    expect(await read(batch(...Array(65).fill(signedItem())))).toEqual({ kind: 'forged' });
  });
});

describe('an authorisation', () => {
  it('that was refused says what, why, which and whose', async () => {
    expect(await readOne()).toEqual({
      id: `AUTHORISATION:${REFERENCE}:false`,
      outcome: { status: 'failed', declineReason: 'insufficient_funds', declineCode: 'Not enough balance' },
      labels: [],
      evaluation: EVALUATION,
      paymentIds: ['CS451F2AB1ED897A94', REFERENCE],
      tryId: REFERENCE,
      card: { fingerprint: 'H167852639363479', bin: '411111' },
      occurredAt: Date.parse('2026-11-20T17:24:50Z'),
    });
  });

  it('that was given says nothing of the card’s digits', async () => {
    const event = await readOne(APPROVED);
    expect(event?.outcome).toEqual({ status: 'succeeded', declineReason: null, declineCode: null });
    expect(JSON.stringify(event)).not.toMatch(/1111:|2030/);
  });

  it.each([
    ['CVC Declined', '63 : Security violation', 'incorrect_cvc'],
    ['Invalid Card Number', '14 : Invalid card number', 'incorrect_number'],
    ['AVS Declined', '', 'incorrect_postal_code'],
    ['3D Not Authenticated', '', 'authentication_failed'],
    ['Issuer Unavailable', '91 : Issuer unavailable', 'processing_error'],
    ['Refused', '05 : Do not honor', 'do_not_honor'],
    ['Refused', '5 : Do not honor', 'do_not_honor'],
    ['Refused', 'N7 : Decline for CVV2 failure', 'incorrect_cvc'],
    ['Refused', '', 'do_not_honor'],
    ['Blocked Card', '41 : Lost card', 'lost_card'],
    ['Blocked Card', '43 : Stolen card', 'reported_stolen'],
    ['Blocked Card', '', 'other'],
    ['54 : Expired card', '', 'expired'],
    ['Something new', 'DECLINED', 'other'],
    ['', '', 'other'],
  ])('refused as %j, by the bank as %j: %s', async (reason, refusalReasonRaw, declineReason) => {
    const event = await readOne({ reason, ...withData({ refusalReasonRaw }) });
    expect(event?.outcome).toMatchObject({ status: 'failed', declineReason });
  });

  it('refused by a code', async () => {
    const event = await readOne({ reason: '', ...withData({ refusalReasonCode: '24', refusalReasonRaw: '' }) });
    expect(event?.outcome).toEqual({ status: 'failed', declineReason: 'incorrect_cvc', declineCode: '24' });
  });

  it.each(['FRAUD', 'FRAUD-CANCELLED'])('refused by Adyen itself as %s is labelled', async (reason) => {
    const event = await readOne({ reason, ...withData({ refusalReasonRaw: '' }) });
    expect([event?.labels, event?.outcome?.declineReason]).toEqual([['processor_block'], 'other']);
  });

  it('that the bank suspects of fraud is not', async () => {
    expect((await readOne({ reason: 'Issuer Suspected Fraud' }))?.labels).toEqual([]);
  });

  it('that the payer left is nobody’s refusal', async () => {
    const event = await readOne({ reason: 'Shopper Cancelled' });
    expect(event?.outcome).toEqual({ status: 'unknown', declineReason: null, declineCode: null });
  });

  it('without additional data but its signature', async () => {
    const event = await readOne({ additionalData: {} });
    expect(event).toMatchObject({ evaluation: null, paymentIds: [REFERENCE], tryId: REFERENCE, card: null });
  });
});

describe('other events', () => {
  it.each([
    ['PENDING', 'pending'],
    ['OFFER_CLOSED', 'unknown'],
  ])('%s', async (eventCode, status) => {
    expect((await readOne({ eventCode, success: 'true' }))?.outcome?.status).toBe(status);
  });

  it.each([
    ['CHARGEBACK', 'dispute'],
    ['NOTIFICATION_OF_CHARGEBACK', 'dispute'],
    ['SECOND_CHARGEBACK', 'dispute'],
    ['NOTIFICATION_OF_FRAUD', 'fraud_warning'],
    ['REFUND', 'refund'],
  ])('%s labels the payment, not the dispute', async (eventCode, label) => {
    expect(await readOne({ ...CHARGEBACK, eventCode })).toMatchObject({
      id: `${eventCode}:9915555555555555:true`,
      outcome: null,
      labels: [label],
      paymentIds: [REFERENCE],
      tryId: REFERENCE,
      card: null,
    });
  });

  it.each([
    ...['CAPTURE', 'CAPTURE_FAILED', 'CANCELLATION', 'CANCEL_OR_REFUND', 'TECHNICAL_CANCEL', 'REPORT_AVAILABLE'],
    ...['REQUEST_FOR_INFORMATION', 'RECURRING_CONTRACT', 'authorisation', ...INHERITED_NAMES],
  ])('%s gives no events', async (eventCode) => {
    const body = batch(signedItem({ eventCode, originalReference: REFERENCE, success: 'true' }));
    expect(await read(body)).toEqual({ kind: 'events', events: [] });
  });
});

it.each([
  [{ eventCode: 'CANCEL_OR_REFUND', additionalData: { 'modification.action': 'refund' } }, ['refund']],
  [{ eventCode: 'CANCEL_OR_REFUND', additionalData: { 'modification.action': 'cancel' } }, undefined],
  [{ eventCode: 'REFUND', success: 'false' }, undefined],
])('%j gives back what it says', async (change, labels) => {
  expect((await readOne({ ...CHARGEBACK, ...change }))?.labels).toEqual(labels);
});

describe('what is no batch', () => {
  it.each<readonly [string, string]>([
    ...hostileJson('live', 'notificationItems'),
    ['an empty batch', batch()],
    ['items that are no list', JSON.stringify({ notificationItems: 'x' })],
    ['two of one name in an item', batch(signedItem()).replace('"eventCode"', '"eventCode":"X","eventCode"')],
  ])('%s was signed by nobody', async (_, body) => {
    expect(await read(body)).toEqual({ kind: 'forged' });
  });

  it.each(NOT_UTF8)('%s was signed by nobody', async (_, bytes) => {
    expect(await deliver(side, { headers: {}, body: new Uint8Array(bytes) })).toEqual({ kind: 'forged' });
  });

  it.each([
    ['no reference', { pspReference: '' }],
    ['no event code', { eventCode: '' }],
    ['a success that is neither', { success: 'maybe' }],
    ['a card number for a reference', { pspReference: '4111111111111111' }],
  ])('a signed item with %s is unreadable', async (_, change) => {
    expect(await read(batch(signedItem(change)))).toEqual({ kind: 'unreadable' });
  });

  it('lets no card number through', async () => {
    const number = '5555555555554444';
    const event = await readOne({
      reason: number,
      merchantReference: number,
      ...withData({ alias: number, cardBin: number, checkoutSessionId: number, refusalReasonRaw: number }),
    });
    expect(JSON.stringify(event)).not.toContain('55555555');
    expect(event?.outcome).toEqual({ status: 'failed', declineReason: 'other', declineCode: null });
  });
});

it('answers what Adyen takes for "received"', () => {
  expect(adyen.received).toEqual({ status: 200, contentType: 'text/plain', body: '[accepted]' });
});
