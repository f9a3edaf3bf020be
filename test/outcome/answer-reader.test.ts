/**
 * What became of an attempt, read out of the origin's answer by the route's patterns.
 */
import { describe, expect, it } from 'vitest';
import { lookUpIn, readAnswerJson } from '../../src/attempt/json-body.ts';
import { type OutcomeRules, readAnswer } from '../../src/outcome/answer-reader.ts';
import { DECLINE_REASONS, OUTCOME_STATUSES } from '../../src/outcome/outcome.ts';

const RULES: OutcomeRules = {
  failed: [{ status: [402] }, { json: { '/status': ['failed', 'declined'] } }],
  succeeded: [{ status: [200, 201], json: { '/status': ['succeeded'] } }],
  pending: [{ json: { '/status': ['requires_action'] } }],
  unmatched: 'failed',
  declineReason: '/error/decline_code',
  paymentId: '/id',
  processor: null,
};

const read = (status: number, body: unknown, change: Partial<OutcomeRules> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const json = readAnswerJson(text);
  return readAnswer({ status, fields: json === undefined ? null : lookUpIn(json) }, { ...RULES, ...change });
};

describe('the status', () => {
  it.each([
    ['of a decline', 402, { status: 'succeeded' }, 'failed'],
    ['of a decline without JSON', 402, 'no', 'failed'],
    ['of a failure in the body', 200, { status: 'failed' }, 'failed'],
    ['of another word for it', 200, { status: 'declined' }, 'failed'],
    ['of a success', 200, { status: 'succeeded' }, 'succeeded'],
    ['of a success under the other status', 201, { status: 'succeeded' }, 'succeeded'],
    ['of a success in the body alone', 202, { status: 'succeeded' }, 'failed'],
    ['of a success in the status alone', 200, { status: 'other' }, 'failed'],
    ['of one that waits for the payer', 200, { status: 'requires_action' }, 'pending'],
    ['of one that waits, whatever the HTTP status', 409, { status: 'requires_action' }, 'pending'],
    ['of nothing known', 200, {}, 'failed'],
    ['of an empty answer', 204, '', 'failed'],
    ['of HTML', 200, '<html>succeeded</html>', 'failed'],
    ['of a redirect', 302, '', 'failed'],
    ['of a client error', 400, { error: 'x' }, 'failed'],
    ['of a word in another case', 200, { status: 'Succeeded' }, 'failed'],
    ['of a number for a word', 200, { status: 1 }, 'failed'],
    ['of the field somewhere else', 200, { payment: { status: 'succeeded' } }, 'failed'],
    ['of an object where the word should be', 200, { status: { status: 'succeeded' } }, 'failed'],
    ['of an outage', 500, { error: 'x' }, 'unknown'],
    ['of an outage without JSON', 502, 'Bad Gateway', 'unknown'],
    ['of the last of them', 599, '', 'unknown'],
    ['of an outage that says failed', 500, { status: 'failed' }, 'failed'],
    ['of an outage that says it waits', 503, { status: 'requires_action' }, 'pending'],
  ] as const)('%s', (_, status, body, expected) => {
    expect(read(status, body).status).toBe(expected);
  });

  it('is failed where both failed and succeeded fit, and succeeded before pending', () => {
    const any = [{ status: [200] }];
    expect(read(200, {}, { failed: any, succeeded: any, pending: any }).status).toBe('failed');
    expect(read(200, {}, { failed: [], succeeded: any, pending: any }).status).toBe('succeeded');
    expect(read(200, {}, { failed: [], succeeded: [], pending: any }).status).toBe('pending');
  });

  it.each(OUTCOME_STATUSES)('of what fits no pattern is as configured: %s', (unmatched) => {
    expect(read(200, {}, { unmatched }).status).toBe(unmatched);
    expect(read(200, 'no JSON', { unmatched }).status).toBe(unmatched);
    expect(read(500, {}, { unmatched }).status).toBe('unknown');
  });

  it('may be given to 5xx by a pattern', () => {
    expect(read(503, '', { failed: [{ status: [503] }] }).status).toBe('failed');
  });

  it('needs every condition of a pattern, and one value of each', () => {
    const succeeded = [{ json: { '/paid': [true], '/state': ['ok', 'done'], '/error': [null], '/code': [0, '0'] } }];
    const good = { paid: true, state: 'done', error: null, code: '0' };
    expect(read(200, good, { succeeded }).status).toBe('succeeded');
    for (const change of [{ paid: 'true' }, { state: 'no' }, { error: 'x' }, { error: undefined }, { code: false }]) {
      expect(read(200, { ...good, ...change }, { succeeded }).status).toBe('failed');
    }
  });

  it('of an answer with the field twice is the later one’s, as most readers have it', () => {
    expect(read(200, '{"status":"succeeded","status":"failed"}').status).toBe('failed');
  });
});

describe('the reason of a decline', () => {
  it.each(DECLINE_REASONS)('is kept: %s', (reason) => {
    expect(read(402, { error: { decline_code: reason } }).declineReason).toBe(reason);
  });

  it.each([
    ['another word', { error: { decline_code: 'no_such_code' } }],
    ['a number', { error: { decline_code: 5 } }],
    ['an empty word', { error: { decline_code: '' } }],
    ['nothing', {}],
    ['a name of every object', { error: { decline_code: 'constructor' } }],
  ])('is other for %s', (_, body) => {
    expect(read(402, body).declineReason).toBe('other');
    expect(read(402, body, { declineReason: undefined }).declineReason).toBe('other');
  });

  it.each([
    ['succeeded', 200, { status: 'succeeded', error: { decline_code: 'lost_card' } }],
    ['pending', 200, { status: 'requires_action', error: { decline_code: 'lost_card' } }],
    ['unknown', 500, { error: { decline_code: 'lost_card' } }],
  ] as const)('is none for %s', (_, status, body) => {
    expect(read(status, body).declineReason).toBeNull();
  });
});

describe('the payment’s id', () => {
  it.each([
    ['a text', { id: 'pay_1' }, 'pay_1'],
    ['a number', { id: 17 }, '17'],
    ['nothing', {}, null],
    ['an empty text', { id: '' }, null],
    ['null', { id: null }, null],
    ['an object', { id: { id: 'x' } }, null],
    ['a text of 128', { id: 'x'.repeat(128) }, 'x'.repeat(128)],
    ['a longer text, cut', { id: 'x'.repeat(129) }, 'x'.repeat(128)],
  ])('is read from %s', (_, body, id) => {
    expect(read(200, body).paymentId).toBe(id);
  });

  it('is read from every answer, and from none where no field is named', () => {
    expect(read(402, { id: 'pay_1' }).paymentId).toBe('pay_1');
    expect(read(500, { id: 'pay_1' }).paymentId).toBe('pay_1');
    expect(read(200, { id: 'pay_1' }, { paymentId: undefined }).paymentId).toBeNull();
    expect(read(200, 'no JSON').paymentId).toBeNull();
  });
});

it('tells tokens apart that begin alike, and finds a long one again', () => {
  const tokens = ['a', 'b'].map((end) => `${'eyJhbGciOi'.repeat(20)}${end}`);
  const rules = { cardToken: '/token', cardFingerprint: '/token' };
  for (const token of tokens) {
    expect(read(200, { token }, rules)).toMatchObject({ cardToken: token, cardFingerprint: token });
  }
});
