/**
 * Batches of Adyen as its documentation shows them: https://docs.adyen.com/api-explorer/Webhooks/1/post/AUTHORISATION.
 * Signed with the validator of the official library.
 */
import HmacValidator from '@adyen/api-library/lib/src/utils/hmacValidator.js';
import type { Change } from './stripe-events.ts';
import { EVALUATION } from './stripe-events.ts';

export const ADYEN_KEY = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';

export interface Item {
  readonly additionalData: Readonly<Record<string, string>>;
  readonly amount: { readonly currency: string; readonly value: number };
  readonly eventCode: string;
  readonly eventDate: string;
  readonly merchantAccountCode: string;
  readonly merchantReference: string;
  readonly originalReference?: string;
  readonly operations?: readonly string[];
  readonly paymentMethod: string;
  readonly pspReference: string;
  readonly reason: string;
  readonly success: string;
}

const REFUSED_DATA: Readonly<Record<string, string>> = {
  alias: 'H167852639363479',
  aliasType: 'Default',
  authenticationType: '',
  avsResult: '4 AVS not supported for this card type',
  cardBin: '411111',
  cardHolderName: 'A. Buyer',
  cardIssuingCountry: 'NL',
  cardPaymentMethod: 'visa',
  cardSummary: '1111',
  checkoutSessionId: 'CS451F2AB1ED897A94',
  cvcResult: '2 Doesn’t match',
  cvcResultRaw: 'N',
  expiryDate: '03/2030',
  fundingSource: 'CREDIT',
  issuerCountry: 'NL',
  'metadata.cordon_evaluation': EVALUATION,
  'metadata.order': '6735',
  refusalReasonRaw: '51 : Insufficient funds',
  shopperCountry: 'NL',
  shopperIP: '203.0.113.9',
  shopperInteraction: 'Ecommerce',
};

/** A refused authorisation, or what the change makes of it. */
export function item(change: Partial<Item> = {}): Item {
  return {
    additionalData: REFUSED_DATA,
    amount: { currency: 'EUR', value: 1130 },
    eventCode: 'AUTHORISATION',
    eventDate: '2026-11-20T18:24:50+01:00',
    merchantAccountCode: 'AcmeECOM',
    merchantReference: 'order-6735',
    paymentMethod: 'visa',
    pspReference: 'QFQTPCQ8HXSKGK82',
    reason: 'Not enough balance',
    success: 'false',
    ...change,
  };
}

export const APPROVED: Partial<Item> = {
  additionalData: { ...REFUSED_DATA, authCode: '021614', refusalReasonRaw: 'APPROVED' },
  operations: ['CANCEL', 'CAPTURE', 'REFUND'],
  reason: '021614:1111:03/2030',
  success: 'true',
};

export const CHARGEBACK: Partial<Item> = {
  additionalData: {
    chargebackReasonCode: '10.4',
    chargebackSchemeCode: 'visa',
    defendable: 'true',
    defensePeriodEndsAt: '2026-12-14T18:24:50+01:00',
    disputeStatus: 'Undefended',
    modificationMerchantReferences: '',
  },
  eventCode: 'CHARGEBACK',
  originalReference: 'QFQTPCQ8HXSKGK82',
  pspReference: '9915555555555555',
  reason: 'Other Fraud-Card Absent Environment',
  success: 'true',
};

const validator = new HmacValidator();

/** The signature that Adyen's library makes. */
export function adyenSignature(unsigned: Item, key = ADYEN_KEY): string {
  return validator.calculateHmac(unsigned as unknown as Parameters<typeof validator.calculateHmac>[0], key);
}

export function signedItem(change: Partial<Item> = {}, key = ADYEN_KEY): Item {
  const unsigned = item(change);
  const hmacSignature = adyenSignature(unsigned, key);
  return { ...unsigned, additionalData: { ...unsigned.additionalData, hmacSignature } };
}

export function batch(...items: readonly (Item | Change)[]): string {
  return JSON.stringify({ live: 'false', notificationItems: items.map((it) => ({ NotificationRequestItem: it })) });
}
