/**
 * Braintree's processor responses, settlement responses and gateway rejections. Sources, and when they were compared:
 * docs/decline-codes.md.
 */
import type { DeclineReason } from '../outcome.ts';

export const BRAINTREE_DECLINE_CODES: Readonly<Record<string, DeclineReason>> = {
  // Authorisation.
  '2000': 'do_not_honor', // do not honor
  '2001': 'insufficient_funds', // insufficient funds
  '2002': 'insufficient_funds', // limit exceeded
  '2003': 'insufficient_funds', // activity limit exceeded
  '2004': 'expired', // expired card
  '2005': 'incorrect_number', // invalid card number
  '2006': 'expired', // invalid expiration date
  '2007': 'invalid_account', // no account
  '2008': 'incorrect_number', // card account length error
  '2009': 'incorrect_number', // no such issuer
  '2010': 'incorrect_cvc', // issuer declined CVV
  '2011': 'do_not_honor', // voice authorization required
  '2012': 'lost_card', // possible lost card
  '2013': 'reported_stolen', // possible stolen card
  '2014': 'other', // fraud suspected
  '2015': 'other', // transaction not allowed
  '2016': 'try_again_later', // duplicate transaction
  '2017': 'other', // cardholder stopped billing
  '2018': 'other', // cardholder stopped all billing
  '2019': 'other', // invalid transaction
  '2020': 'other', // violation
  '2021': 'other', // security violation
  '2022': 'invalid_account', // updated cardholder available
  '2023': 'processing_error', // feature not supported
  '2024': 'other', // card type not enabled
  '2025': 'processing_error', // set-up error: merchant
  '2026': 'other', // invalid merchant id: "typically because the card does not support this type of transaction"
  '2027': 'processing_error', // set-up error: amount
  '2028': 'processing_error', // set-up error: hierarchy
  '2029': 'other', // set-up error: card, "a problem with the submitted card"
  '2030': 'processing_error', // set-up error: terminal
  '2031': 'processing_error', // encryption error: the bank takes no verification of 0.00
  '2032': 'other', // surcharge not permitted
  '2033': 'processing_error', // inconsistent data
  '2034': 'do_not_honor', // no action taken
  '2035': 'other', // partial approval
  '2036': 'processing_error', // authorization could not be found
  '2037': 'processing_error', // already reversed
  '2038': 'do_not_honor', // processor declined
  '2039': 'processing_error', // invalid authorization code
  '2040': 'processing_error', // invalid store
  '2041': 'do_not_honor', // call for approval
  '2042': 'processing_error', // invalid client id
  '2043': 'do_not_honor', // do not retry, call issuer
  '2044': 'do_not_honor', // call issuer
  '2045': 'processing_error', // invalid merchant number
  '2046': 'do_not_honor', // declined
  '2047': 'lost_card', // call issuer, pick up card
  '2048': 'other', // invalid amount
  '2049': 'processing_error', // invalid SKU number
  '2050': 'other', // invalid credit plan: the card, or the bank
  '2051': 'incorrect_number', // number does not match method of payment
  '2052': 'processing_error', // invalid level III data
  '2053': 'reported_stolen', // reported lost or stolen
  '2054': 'processing_error', // reversal amount does not match
  '2055': 'processing_error', // invalid division number
  '2056': 'processing_error', // division limit exceeded
  '2057': 'other', // restriction on the card
  '2058': 'processing_error', // merchant not enabled for 3-D Secure
  '2059': 'incorrect_postal_code', // address verification failed
  '2060': 'incorrect_cvc', // address and CVV failed
  '2061': 'other', // invalid transaction data: the card, or the bank
  '2062': 'other', // invalid tax amount: the card, or the bank
  '2063': 'other', // PayPal: preference of the business
  '2064': 'processing_error', // invalid currency code
  '2065': 'processing_error', // refund time limit exceeded
  '2066': 'processing_error', // PayPal: business restricted
  '2067': 'processing_error', // authorization expired
  '2068': 'processing_error', // PayPal: business locked or closed
  '2069': 'try_again_later', // PayPal: duplicate order id
  '2070': 'other', // PayPal: buyer revoked authorization
  '2071': 'processing_error', // PayPal: payee invalid
  '2072': 'processing_error', // PayPal: payee email invalid
  '2073': 'processing_error', // PayPal: validation error
  '2074': 'do_not_honor', // PayPal: funding instrument declined
  '2075': 'invalid_account', // PayPal: payer locked or closed
  '2076': 'other', // PayPal: payer cannot pay
  '2077': 'other', // PayPal: risk model
  '2078': 'other', // invalid secure payment data: PIN cryptographic error
  '2079': 'processing_error', // PayPal: merchant configuration
  '2080': 'authentication_failed', // invalid user credentials
  '2081': 'processing_error', // PayPal: pending payments not supported
  '2082': 'other', // PayPal: domestic transaction required
  '2083': 'other', // PayPal: phone number required
  '2084': 'other', // PayPal: tax info required
  '2085': 'other', // PayPal: payee blocked transaction
  '2086': 'insufficient_funds', // PayPal: transaction limit exceeded
  '2087': 'processing_error', // PayPal: reference transactions not enabled
  '2088': 'processing_error', // currency not enabled
  '2089': 'processing_error', // PayPal: payee email permission denied
  '2090': 'processing_error', // PayPal: refund above settled amount
  '2091': 'processing_error', // PayPal: currency must match
  '2092': 'other', // bank account: no data found
  '2093': 'expired', // PayPal: payment method expired or cancelled
  '2094': 'processing_error', // PayPal: payment already completed
  '2095': 'processing_error', // PayPal: full refund after a partial one
  '2096': 'other', // PayPal: buyer and seller are one
  '2097': 'processing_error', // PayPal: authorization amount above the order
  '2098': 'processing_error', // PayPal: too many authorizations of the order
  '2099': 'authentication_failed', // cardholder authentication required
  '2100': 'processing_error', // PayPal: channel initiated billing not enabled
  '2101': 'authentication_failed', // additional authorization required: insert the chip
  '2102': 'other', // incorrect PIN
  '2103': 'other', // PIN tries exceeded
  '2104': 'do_not_honor', // offline issuer declined
  '2105': 'invalid_account', // life cycle: "refused due to invalid card data"
  '2106': 'other', // policy
  '2107': 'invalid_account', // card not activated
  '2108': 'invalid_account', // closed card
  // 2109 to 2999 are "processor declined": `other`, which weighs the same.
  '3000': 'processing_error', // processor network unavailable
  // Settlement.
  '4001': 'do_not_honor', // settlement declined
  '4003': 'processing_error', // already captured
  '4004': 'processing_error', // already refunded
  '4005': 'other', // PayPal risk rejected
  '4006': 'processing_error', // capture amount exceeded
  '4018': 'processing_error', // PayPal pending payments not supported
  '4019': 'processing_error', // refunds, to 4026
  '4020': 'processing_error',
  '4021': 'processing_error',
  '4022': 'processing_error',
  '4023': 'processing_error',
  '4024': 'processing_error',
  '4025': 'invalid_account', // PayPal: payer locked or closed
  '4026': 'processing_error',
  // Gateway rejections: rules of the merchant, most of them after the bank has answered.
  application_incomplete: 'processing_error',
  avs: 'incorrect_postal_code',
  avs_and_cvv: 'incorrect_cvc',
  cvv: 'incorrect_cvc',
  duplicate: 'try_again_later',
  excessive_retry: 'other',
  fraud: 'other',
  payment_method_blocked: 'other',
  risk_threshold: 'other',
  three_d_secure: 'authentication_failed',
  token_issuance: 'processing_error',
};
