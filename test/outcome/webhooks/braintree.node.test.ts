/**
 * Braintree's notifications, made and signed by its own library.
 */
import { describe, expect, it } from 'vitest';
import { braintree } from '../../../src/outcome/webhooks/braintree.ts';
import {
  BRAINTREE_SECRET,
  form,
  gatewayWith,
  KINDS,
  notification,
  PRIVATE_KEY,
  PUBLIC_KEY,
  sample,
  signedForm,
  subscription,
  transaction,
} from './braintree-notifications.ts';
import { INHERITED_NAMES } from './hostile-documents.ts';
import { deliver, describeSignature, eventsOf } from './signature-behaviour.ts';
import { EVALUATION } from './stripe-events.ts';

const ID = 'm8v6k1xq';
const side = { reader: braintree, now: Date.parse('2026-11-20T09:31:20Z'), secret: BRAINTREE_SECRET };

const read = (body: string, secrets?: readonly string[]) => deliver(side, { headers: {}, body }, secrets);
const readOne = async (xml: string) => eventsOf(await read(signedForm(xml)))[0];
const readKind = (kind: string, change: Readonly<Record<string, string>> = {}) =>
  readOne(notification(kind, transaction(change)));
const declined = (change: Readonly<Record<string, string>> = {}) =>
  readOne(notification('subscription_charged_unsuccessfully', subscription(transaction(change))));

describeSignature({
  ...side,
  otherSecret: 'anotherpublickey1:another private key, with: a colon',
  sign: async (secret) => {
    const [publicKey = '', ...privateKey] = secret.split(':');
    const { webhookTesting } = gatewayWith(publicKey, privateKey.join(':'));
    return { headers: {}, body: form({ ...(await webhookTesting.sampleNotification('transaction_settled', ID)) }) };
  },
  header: null,
  isWholeBodySigned: true,
});

describe('the signatures', () => {
  const parts = () => new URLSearchParams(signedForm(notification('transaction_settled', transaction())));
  const [signature = '', payload = ''] = [parts().get('bt_signature'), parts().get('bt_payload')].map(String);
  const other = `someoneelse|${'ab'.repeat(20)}`;

  it.each([
    ['after that of another public key', `${other}&${signature}`, payload, 'events'],
    ['before it', `${signature}&${other}`, payload, 'events'],
    ['after a wrong one under the same public key', `${PUBLIC_KEY}|${'ab'.repeat(20)}&${signature}`, payload, 'events'],
    ['over a payload that lost its line break on the way', signature, payload.trimEnd(), 'events'],
    ['under another public key', signature.replace(PUBLIC_KEY, 'someoneelse'), payload, 'forged'],
    ['without a public key', signature.split('|')[1] ?? '', payload, 'forged'],
    ['cut', signature.slice(0, -2), payload, 'forged'],
    ['after too many others', `${`${other}&`.repeat(16)}${signature}`, payload, 'forged'],
    ['over a payload with a space', signature, `${payload} `, 'forged'],
    ['over an empty payload', signature, '', 'forged'],
    ['over another payload', signature, btoa('<notification/>'), 'forged'],
  ])('%s', async (_, bt_signature, bt_payload, kind) => {
    expect((await read(form({ bt_signature, bt_payload }))).kind).toBe(kind);
  });

  it.each([
    ['no form', '<xml/>'],
    ['no signature', form({ bt_payload: payload })],
    ['no payload', form({ bt_signature: signature })],
    ['two payloads', `${form({ bt_signature: signature, bt_payload: payload })}&bt_payload=x`],
    ['JSON', JSON.stringify({ bt_signature: signature, bt_payload: payload })],
  ])('%s is forged', async (_, body) => {
    expect(await read(body)).toEqual({ kind: 'forged' });
  });

  it('of the public key with another private key is forged', async () => {
    const body = form({ bt_signature: signature, bt_payload: payload });
    expect(await read(body, [`${PUBLIC_KEY}:x${PRIVATE_KEY}`])).toEqual({ kind: 'forged' });
    expect(await read(body, [PRIVATE_KEY])).toEqual({ kind: 'forged' });
  });

  it('are those that the library itself accepts', async () => {
    const parsed = await gatewayWith(PUBLIC_KEY, PRIVATE_KEY).webhookNotification.parse(signature, payload);
    expect(parsed.kind).toBe('transaction_settled');
  });
});

describe("the library's own samples", () => {
  it.each(KINDS)('%s can be read', async (kind) => {
    expect((await read(await sample(kind, ID))).kind).toBe('events');
  });

  it.each([
    ['transaction_settled', 'succeeded', null],
    ['transaction_disbursed', 'succeeded', null],
    ['transaction_retried', 'succeeded', null],
    ['subscription_charged_successfully', 'succeeded', null],
    ['transaction_settlement_declined', 'failed', 'other'],
    ['subscription_charged_unsuccessfully', 'failed', 'other'],
  ] as const)('%s', async (kind, status, declineReason) => {
    const [event] = eventsOf(await read(await sample(kind, ID)));
    expect(event).toMatchObject({
      id: `${kind}:${ID}`,
      outcome: { status, declineReason, declineCode: null },
      labels: [],
      evaluation: null,
      paymentIds: [ID],
      tryId: ID,
      card: null,
    });
    expect(event?.occurredAt).toBeGreaterThan(0);
  });

  it('dispute_opened labels its transaction', async () => {
    const [event] = eventsOf(await read(await sample('dispute_opened', ID)));
    expect(event).toMatchObject({ id: `dispute_opened:${ID}`, outcome: null, labels: ['dispute'], paymentIds: [ID] });
  });

  const counted =
    /^(?:transaction_(?:settled|disbursed|retried|settlement_declined)|subscription_charged_.*|dispute_opened)$/;
  it.each(KINDS.filter((kind) => !counted.test(kind)))('%s gives no events', async (kind) => {
    expect(await read(await sample(kind, ID))).toEqual({ kind: 'events', events: [] });
  });
});

describe('a transaction', () => {
  it('that was declined says what, why, which and whose', async () => {
    expect(await declined()).toEqual({
      id: `subscription_charged_unsuccessfully:${ID}`,
      outcome: { status: 'failed', declineReason: 'incorrect_cvc', declineCode: '2010' },
      labels: [],
      evaluation: EVALUATION,
      paymentIds: [ID],
      tryId: ID,
      card: { fingerprint: '2f2d6ae4b8f2d0f24d5b4a5a5e9b1c77', bin: '411111' },
      occurredAt: Date.parse('2026-11-20T09:31:19Z'),
    });
  });

  const BANK_SAYS_NOTHING = { 'network-response-code': '' };
  it.each([
    ['by the processor', { 'processor-response-code': '2001', ...BANK_SAYS_NOTHING }, 'insufficient_funds', '2001'],
    ['by the bank', { 'processor-response-code': '2046', 'network-response-code': '14' }, 'incorrect_number', '2046'],
    ['by a code of tomorrow', { 'processor-response-code': '2998', ...BANK_SAYS_NOTHING }, 'other', '2998'],
    [
      "by the shop's rule for CVVs, the bank having approved",
      {
        status: 'gateway_rejected',
        'gateway-rejection-reason': 'cvv',
        'processor-response-code': '1000',
        ...BANK_SAYS_NOTHING,
      },
      'incorrect_cvc',
      'cvv',
    ],
    [
      'at settlement',
      {
        status: 'settlement_declined',
        'processor-settlement-response-code': '4001',
        'processor-response-code': '1000',
        ...BANK_SAYS_NOTHING,
      },
      'do_not_honor',
      '4001',
    ],
    ['without a word', { status: 'failed', 'processor-response-code': '', ...BANK_SAYS_NOTHING }, 'other', null],
  ])('declined %s', async (_, change, declineReason, declineCode) => {
    const event = await declined(change);
    expect(event?.outcome).toEqual({ status: 'failed', declineReason, declineCode });
    expect(event?.labels).toEqual([]);
  });

  it.each(['fraud', 'risk_threshold'])("refused by Braintree's own %s is labelled", async (reason) => {
    const event = await declined({ status: 'gateway_rejected', 'gateway-rejection-reason': reason });
    expect(event?.labels).toEqual(['processor_block']);
  });

  it.each([
    ['authorizing', 'pending'],
    ['authorized', 'succeeded'],
    ['submitted_for_settlement', 'succeeded'],
    ['settling', 'succeeded'],
    ['processor_declined', 'failed'],
    ['gateway_rejected', 'failed'],
    ['voided', 'unknown'],
    ['__proto__', 'unknown'],
  ])('tried again, now %s: %s', async (state, status) => {
    expect((await readKind('transaction_retried', { status: state }))?.outcome?.status).toBe(status);
  });

  it('of a refund is nobody’s try', async () => {
    expect(await readKind('transaction_settled', { type: 'credit' })).toBeUndefined();
  });

  it('is the newest of its subscription', async () => {
    const xml = notification(
      'subscription_charged_unsuccessfully',
      subscription(transaction({ id: 'newest' }), transaction({ id: 'older', status: 'settled' })),
    );
    expect(await readOne(xml)).toMatchObject({ tryId: 'newest', outcome: { status: 'failed' } });
  });

  it.each(INHERITED_NAMES)('of a kind named %s is none', async (kind) => {
    expect(await read(signedForm(notification(kind, transaction())))).toEqual({ kind: 'events', events: [] });
  });
});

describe('a payload that is no notification', () => {
  const settled = (inner: string) => notification('transaction_settled', inner);
  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON', '{"notification":{"kind":"transaction_settled"}}'],
    ['another document', '<a><kind>transaction_settled</kind></a>'],
    ['no kind', '<notification><subject/></notification>'],
    ['two kinds', '<notification><kind>a</kind><kind>b</kind></notification>'],
    ['two documents', `${settled(transaction())}${settled(transaction())}`],
    ['a transaction without an id', settled('<transaction><status>settled</status></transaction>')],
    ['two ids', settled('<transaction><id>a</id><id>b</id></transaction>')],
    ['no transaction', settled('<transaction/>')],
    ['an empty list of transactions', notification('subscription_charged_unsuccessfully', subscription())],
    ['a dispute of nothing', notification('dispute_opened', '<dispute><id>d</id></dispute>')],
    ['a card number for an id', settled('<transaction><id>4111111111111111</id></transaction>')],
  ])('%s is unreadable', async (_, xml) => {
    expect(await read(signedForm(xml))).toEqual({ kind: 'unreadable' });
  });

  const testing = gatewayWith(PUBLIC_KEY, PRIVATE_KEY).webhookTesting as unknown as {
    sampleSignature(payload: string): string;
  };
  it.each([
    ['bytes that are no text', '/////w==', 'unreadable'],
    ['Base64 that begins with its end', '=A', 'unreadable'],
    ['too little Base64', 'A', 'unreadable'],
    // The libraries refuse these before they look at the signature.
    ['characters of another alphabet', 'PG5v-_', 'forged'],
    ['white space', 'PG5v PG5v', 'forged'],
    ['a line break of another system', 'PG5v\r\n', 'forged'],
  ])('%s: %s is %s', async (_, bt_payload, kind) => {
    const body = form({ bt_signature: testing.sampleSignature(bt_payload), bt_payload });
    expect((await read(body)).kind).toBe(kind);
  });
});
