/**
 * The processors' words for a decline, as tables, and what is made of a word.
 */
import { describe, expect, it } from 'vitest';
import {
  DECLINE_CODES,
  declineReasonFrom,
  declineReasonOf,
  mostTelling,
} from '../../src/outcome/decline-codes/decline-reasons.ts';
import { NETWORK_DECLINE_CODES } from '../../src/outcome/decline-codes/networks.ts';
import { DECLINE_REASONS } from '../../src/outcome/outcome.ts';
import { PROCESSORS } from '../../src/outcome/processor-event.ts';

/** Codes as documented, and what they must mean: written down here by hand, not taken from the tables. */
const EXPECTED = {
  stripe: {
    authentication_required: 'authentication_failed',
    payment_intent_authentication_failure: 'authentication_failed',
    do_not_honor: 'do_not_honor',
    call_issuer: 'do_not_honor',
    expired_card: 'expired',
    incorrect_cvc: 'incorrect_cvc',
    invalid_cvc: 'incorrect_cvc',
    incorrect_number: 'incorrect_number',
    invalid_number: 'incorrect_number',
    incorrect_zip: 'incorrect_postal_code',
    insufficient_funds: 'insufficient_funds',
    invalid_account: 'invalid_account',
    lost_card: 'lost_card',
    stolen_card: 'reported_stolen',
    fraudulent: 'other',
    highest_risk_level: 'other',
    issuer_not_available: 'processing_error',
    processing_error: 'processing_error',
    try_again_later: 'try_again_later',
    partner_insufficient_funds: 'insufficient_funds',
    partner_expired_card: 'expired',
    partner_processing_error: 'processing_error',
    blocklist: 'other',
    no_such_code: 'other',
  },
  adyen: {
    '2': 'do_not_honor',
    '4': 'processing_error',
    '6': 'expired',
    '8': 'incorrect_number',
    '11': 'authentication_failed',
    '12': 'insufficient_funds',
    '20': 'other',
    '24': 'incorrect_cvc',
    '32': 'incorrect_postal_code',
    'CVC Declined': 'incorrect_cvc',
    'Not enough balance': 'insufficient_funds',
    'Expired Card': 'expired',
    'Invalid Card Number': 'incorrect_number',
    'Authentication required': 'authentication_failed',
    'FRAUD-CANCELLED': 'other',
    'Online PIN required': 'other',
    '99': 'other',
  },
  checkout: {
    '20005': 'do_not_honor',
    '20014': 'incorrect_number',
    '20051': 'insufficient_funds',
    '20054': 'expired',
    '20087': 'incorrect_cvc',
    '20091': 'processing_error',
    '20154': 'authentication_failed',
    '200N7': 'incorrect_cvc',
    '30041': 'lost_card',
    '30043': 'reported_stolen',
    '30046': 'invalid_account',
    '40101': 'other',
    '43301': 'other',
    '44301': 'authentication_failed',
    '10000': 'other',
  },
  hyperswitch: {
    UE_1000: 'other',
    UE_3000: 'processing_error',
    CE_05: 'expired',
    INVALID_CVV: 'incorrect_cvc',
    INSUFFICIENT_FUNDS: 'insufficient_funds',
    ACCOUNT_CLOSED_OR_INVALID: 'invalid_account',
    AUTHENTICATION_FAILED: 'authentication_failed',
    UE_0000: 'other',
  },
  braintree: {
    '2000': 'do_not_honor',
    '2001': 'insufficient_funds',
    '2004': 'expired',
    '2005': 'incorrect_number',
    '2007': 'invalid_account',
    '2010': 'incorrect_cvc',
    '2012': 'lost_card',
    '2013': 'reported_stolen',
    '2014': 'other',
    '2038': 'do_not_honor',
    '2059': 'incorrect_postal_code',
    '2029': 'other',
    '2052': 'processing_error',
    '2061': 'other',
    '2078': 'other',
    '2093': 'expired',
    '2096': 'other',
    '2099': 'authentication_failed',
    '2100': 'processing_error',
    '2105': 'invalid_account',
    '2108': 'invalid_account',
    '2109': 'other',
    '4025': 'invalid_account',
    '3000': 'processing_error',
    '4001': 'do_not_honor',
    cvv: 'incorrect_cvc',
    avs: 'incorrect_postal_code',
    three_d_secure: 'authentication_failed',
    '1000': 'other',
  },
} as const;

describe.each(PROCESSORS)('%s', (processor) => {
  it.each(Object.entries(EXPECTED[processor]))('%s means %s', (code, reason) => {
    expect(declineReasonOf(processor, [code])).toBe(reason);
  });

  it('finds every code of its table, none of them under another reason', () => {
    const wrong = Object.entries(DECLINE_CODES[processor]).filter(
      ([code, reason]) => declineReasonOf(processor, [code]) !== reason,
    );
    expect(wrong).toEqual([]);
  });

  it('gives a canonical word no other meaning', () => {
    const table = DECLINE_CODES[processor];
    const wrong = DECLINE_REASONS.filter((reason) => Object.hasOwn(table, reason) && table[reason] !== reason);
    expect(wrong).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString', '', ' ', '_', 'x'.repeat(10_000)])('does not know %j', (code) => {
    expect(declineReasonOf(processor, [code], code)).toBe('other');
    expect(declineReasonFrom(code, processor)).toBe('other');
  });
});

it('reaches every canonical reason by some table', () => {
  const reached = new Set(Object.values(DECLINE_CODES).flatMap((table) => Object.values(table)));
  expect([...reached].sort()).toEqual([...DECLINE_REASONS].sort());
});

it('weighs nothing of what the banks say of a card under processing_error', () => {
  const ofTheCard = ['04', '05', '07', '14', '41', '43', '51', '54', 'N7'];
  expect(ofTheCard.filter((code) => /processing|later/.test(NETWORK_DECLINE_CODES[code] ?? ''))).toEqual([]);
});

describe('several words for one failure', () => {
  it.each([
    ['the more telling one counts', [null, 'card_declined', 'expired_card'], null, 'expired'],
    ["the bank's code counts where the processor says nothing", ['generic_decline'], '51', 'insufficient_funds'],
    ["the bank's code counts where the processor says a mere no", ['do_not_honor'], 'N7', 'incorrect_cvc'],
    ['a mere no counts before nothing', ['generic_decline'], '05', 'do_not_honor'],
    ["the processor's explanation counts before the bank's", ['lost_card'], '51', 'lost_card'],
    ["the bank's code without its zero", [], '5', 'do_not_honor'],
    ["the bank's code in small letters", [], 'n7', 'incorrect_cvc'],
    ["American Express's three digits", [], '122', 'incorrect_cvc'],
    ['none', [], null, 'other'],
  ] as const)('%s', (_, codes, networkCode, reason) => {
    expect(declineReasonOf('stripe', codes, networkCode)).toBe(reason);
  });

  it('are weighed in their order', () => {
    expect(mostTelling(['other', null, 'do_not_honor', 'expired', 'lost_card'])).toBe('expired');
    expect(mostTelling([])).toBe('other');
  });
});

describe('a word from anywhere', () => {
  it.each(DECLINE_REASONS)('%s is itself, whoever said it', (reason) => {
    for (const processor of [...PROCESSORS, null]) {
      expect(declineReasonFrom(reason, processor)).toBe(reason);
      expect(declineReasonFrom(reason.toUpperCase(), processor)).toBe(reason);
    }
  });

  it.each([
    ['stolen_card', 'stripe', 'reported_stolen'],
    ['24', 'adyen', 'incorrect_cvc'],
    ['24', 'stripe', 'other'],
    ['51', 'stripe', 'insufficient_funds'],
    ['14', 'adyen', 'other'],
    ['14', 'checkout', 'incorrect_number'],
    ['20051', 'checkout', 'insufficient_funds'],
    ['20051', 'braintree', 'other'],
    ['stolen_card', null, 'reported_stolen'],
    ['20087', null, 'incorrect_cvc'],
    ['2010', null, 'incorrect_cvc'],
    ['CVC Declined', null, 'incorrect_cvc'],
    ['51', null, 'insufficient_funds'],
    // Adyen: possible fraud. The networks: no such number.
    ['14', null, 'other'],
    // Adyen: not enough balance. The networks: invalid transaction.
    ['12', null, 'other'],
    ['nobody says so', null, 'other'],
    ['', null, 'other'],
    [null, null, 'other'],
    [null, 'stripe', 'other'],
  ] as const)('%s of %s is %s', (word, processor, reason) => {
    expect(declineReasonFrom(word, processor)).toBe(reason);
  });
});
