/**
 * What became of each payment of a GraphQL request: by its own place in the answer, never by the HTTP status alone.
 */
import { describe, expect, it } from 'vitest';
import { readAnswerJson } from '../../src/attempt/json-body.ts';
import type { OutcomeRules } from '../../src/outcome/answer-reader.ts';
import { type AskedPayment, pointersOf, readGraphqlAnswer } from '../../src/outcome/graphql-answer.ts';
import { OUTCOME_STATUSES } from '../../src/outcome/outcome.ts';

const RULES: OutcomeRules = {
  failed: [{ json: { '/__typename': ['PaymentDeclinedError', 'PaymentFailedError'] } }],
  succeeded: [{ status: [200], json: { '/__typename': ['Order'], '/state': ['PaymentSettled', 'PaymentAuthorized'] } }],
  pending: [{ json: { '/__typename': ['Order'], '/state': ['ArrangingPayment'] } }],
  unmatched: 'failed',
  declineReason: '/errorCode',
  paymentId: '/payment/id',
  processor: null,
};

const ORDER = { __typename: 'Order', state: 'PaymentSettled', payment: { id: 'pay_1' } };
const WAITING = { ...ORDER, state: 'ArrangingPayment' };
const DECLINED = { __typename: 'PaymentDeclinedError', errorCode: 'do_not_honor' };
const PAY: AskedPayment = { request: 0, responsePath: ['pay'], rules: RULES };
const UNNAMED = { cardFingerprint: null, cardToken: null };
const error = (path: unknown) => ({ message: 'no', path });

function outcomes(status: number, body: unknown, asked: readonly AskedPayment[] = [PAY], isBatch = false) {
  const json = typeof body === 'string' ? readAnswerJson(body) : readAnswerJson(JSON.stringify(body));
  return asked.map((payment) => readGraphqlAnswer({ status, json, isBatch }, payment));
}
const statuses = (...args: Parameters<typeof outcomes>) => outcomes(...args).map(({ status }) => status);

describe('the status', () => {
  it.each([
    ['of a success', 200, { data: { pay: ORDER } }, 'succeeded'],
    ['of a decline', 200, { data: { pay: DECLINED } }, 'failed'],
    ['of one that waits', 200, { data: { pay: WAITING } }, 'pending'],
    ['of a result of another type', 200, { data: { pay: { __typename: 'Other' } } }, 'failed'],
    ['of a result without what tells', 200, { data: { pay: { state: 'PaymentSettled' } } }, 'failed'],
    ['of null', 200, { data: { pay: null } }, 'failed'],
    ['of null with its error', 200, { data: { pay: null }, errors: [error(['pay'])] }, 'failed'],
    ['of a result with an error in it', 200, { data: { pay: ORDER }, errors: [error(['pay', 'payment'])] }, 'failed'],
    [
      'of one that waits, with an error in it',
      200,
      { data: { pay: WAITING }, errors: [error(['pay', 'x'])] },
      'failed',
    ],
    [
      'of a result beside another field’s error',
      200,
      { data: { pay: ORDER }, errors: [error(['other'])] },
      'succeeded',
    ],
    [
      'of a result beside an error without a path',
      200,
      { data: { pay: ORDER }, errors: [{ message: 'x' }] },
      'succeeded',
    ],
    ['of a result beside an empty list of errors', 200, { data: { pay: ORDER }, errors: [] }, 'succeeded'],
    ['of a result beside errors that are null', 200, { data: { pay: ORDER }, errors: null }, 'succeeded'],
    ['of errors that are no list', 200, { data: { pay: ORDER }, errors: 'no' }, 'failed'],
    ['of an error of everything', 200, { data: { pay: ORDER }, errors: [error([])] }, 'failed'],
    ['of a request that is invalid', 400, { errors: [{ message: 'x' }] }, 'failed'],
    ['of no data', 200, { data: null, errors: [error(['pay'])] }, 'failed'],
    ['of data of another field', 200, { data: { other: ORDER } }, 'failed'],
    ['of a list, where none was asked for', 200, [{ data: { pay: ORDER } }], 'failed'],
    ['of a result beside data', 200, { pay: ORDER }, 'failed'],
    ['of text', 200, 'ok', 'failed'],
    ['of nothing', 200, '', 'failed'],
    ['of an outage', 502, 'Bad Gateway', 'unknown'],
    ['of an outage with errors', 500, { data: null, errors: [error(['pay'])] }, 'unknown'],
    ['of an outage with a result', 500, { data: { pay: ORDER } }, 'unknown'],
    ['of an outage that says declined', 500, { data: { pay: DECLINED } }, 'failed'],
    ['of a name of every object', 200, { data: {} }, 'failed'],
  ])('%s', (_, status, body, expected) => {
    expect(statuses(status, body)).toEqual([expected]);
  });

  it.each(OUTCOME_STATUSES)('of what cannot be told is as configured: %s', (unmatched) => {
    const asked = [{ ...PAY, rules: { ...RULES, unmatched } }];
    for (const body of [{ data: { pay: null } }, { data: { pay: ORDER }, errors: [error(['pay'])] }, 'no JSON', []]) {
      expect(statuses(200, body, asked)).toEqual([unmatched]);
      expect(statuses(500, body, asked)).toEqual(['unknown']);
    }
  });
});

it('is no success by the HTTP status alone: a result must be there', () => {
  const asked = [{ ...PAY, rules: { ...RULES, failed: [], succeeded: [{ status: [200] }] } }];
  expect(statuses(200, { data: { pay: true } }, asked)).toEqual(['succeeded']);
  for (const body of [{ data: { pay: null } }, { data: {} }, { data: null }, {}, 'no JSON']) {
    expect(statuses(200, body, asked)).toEqual(['failed']);
  }
});

describe('each payment', () => {
  const at = (path: string, request = 0): AskedPayment => ({ ...PAY, request, responsePath: path.split('.') });

  it('is read under its own response name', () => {
    const body = { data: { a: ORDER, b: DECLINED, c: null }, errors: [error(['c'])] };
    expect(statuses(200, body, [at('a'), at('b'), at('c'), at('d')])).toEqual([
      'succeeded',
      'failed',
      'failed',
      'failed',
    ]);
    expect(statuses(200, body, [at('b'), at('a')])).toEqual(['failed', 'succeeded']);
  });

  it('is read under its namespace', () => {
    const asked = [at('checkout.pay'), at('checkout.again')];
    expect(statuses(200, { data: { checkout: { pay: ORDER, again: DECLINED } } }, asked)).toEqual([
      'succeeded',
      'failed',
    ]);
    expect(statuses(200, { data: { checkout: null }, errors: [error(['checkout'])] }, asked)).toEqual([
      'failed',
      'failed',
    ]);
    const half = { data: { checkout: { pay: ORDER, again: ORDER } }, errors: [error(['checkout', 'again', 'x'])] };
    expect(statuses(200, half, asked)).toEqual(['succeeded', 'failed']);
    const whole = { data: { checkout: { pay: ORDER, again: ORDER } }, errors: [error(['checkout'])] };
    expect(statuses(200, whole, asked)).toEqual(['failed', 'failed']);
  });

  it('is read from its place in a batch', () => {
    const body = [{ data: { x: 1 } }, { data: { pay: ORDER } }, { data: { pay: DECLINED } }];
    const asked = [at('pay', 1), at('pay', 2), at('pay', 0), at('pay', 3)];
    expect(statuses(200, body, asked, true)).toEqual(['succeeded', 'failed', 'failed', 'failed']);
    expect(statuses(200, { data: { pay: ORDER } }, asked, true)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(statuses(200, { 1: { data: { pay: ORDER } } }, [at('pay', 1)], true)).toEqual(['failed']);
    expect(statuses(503, {}, [at('pay', 1)], true)).toEqual(['unknown']);
  });

  it('under a name that every object has is read as any other', () => {
    expect(
      statuses(200, '{"data":{"__proto__":{"__typename":"Order","state":"PaymentSettled"}}}', [at('__proto__')]),
    ).toEqual(['succeeded']);
    expect(statuses(200, { data: {} }, [at('constructor')])).toEqual(['failed']);
  });
});

it('tells the decline’s reason and the payment’s id', () => {
  expect(outcomes(200, { data: { pay: ORDER } })).toEqual([
    { status: 'succeeded', declineReason: null, paymentId: 'pay_1', ...UNNAMED },
  ]);
  expect(outcomes(200, { data: { pay: DECLINED } })).toEqual([
    { status: 'failed', declineReason: 'do_not_honor', paymentId: null, ...UNNAMED },
  ]);
  const both = { data: { pay: DECLINED }, errors: [error(['pay', 'message'])] };
  expect(outcomes(200, both)).toEqual([
    { status: 'failed', declineReason: 'do_not_honor', paymentId: null, ...UNNAMED },
  ]);
  expect(outcomes(200, 'no')).toEqual([{ status: 'failed', declineReason: 'other', paymentId: null, ...UNNAMED }]);
});

it('says what a request must ask for, so that the rules can tell', () => {
  expect(pointersOf(RULES)).toEqual({
    tells: ['/__typename', '/state'],
    reads: ['/__typename', '/state', '/errorCode', '/payment/id'],
  });
  expect(
    pointersOf({ failed: [{ status: [402] }], succeeded: [], pending: [], unmatched: 'failed', processor: null }),
  ).toEqual({
    tells: [],
    reads: [],
  });
});
