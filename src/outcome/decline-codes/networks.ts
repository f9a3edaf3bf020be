/**
 * What the networks answer themselves (ISO 8583, field 39, as Visa and Mastercard use it), for processors that pass it
 * on; three digits are American Express's. Where two networks give a code different meanings (65, 70, 82) the milder or
 * vaguer one stands here. Sources, and when they were compared: docs/decline-codes.md.
 */
import type { DeclineReason } from '../outcome.ts';

export const NETWORK_DECLINE_CODES: Readonly<Record<string, DeclineReason>> = {
  '01': 'do_not_honor', // refer to card issuer
  '02': 'do_not_honor', // refer to card issuer, special condition
  '03': 'processing_error', // invalid merchant
  '04': 'lost_card', // pick up card
  '05': 'do_not_honor', // do not honor
  '06': 'processing_error', // error
  '07': 'reported_stolen', // pick up card, special condition
  '08': 'do_not_honor', // honor with identification
  '09': 'try_again_later', // request in progress
  '10': 'other', // partial approval
  '12': 'other', // invalid transaction
  '13': 'other', // invalid amount
  '14': 'incorrect_number', // no such number
  '15': 'incorrect_number', // no such issuer
  '17': 'other', // customer cancellation
  '19': 'try_again_later', // re-enter transaction
  '21': 'do_not_honor', // no action taken
  '25': 'processing_error', // unable to locate record
  '28': 'processing_error', // file temporarily unavailable
  '30': 'processing_error', // format error
  '31': 'processing_error', // bank not supported by switch
  '33': 'expired', // expired card, pick up
  '34': 'other', // suspected fraud, pick up
  '36': 'other', // restricted card, pick up
  '38': 'other', // PIN tries exceeded, pick up
  '39': 'invalid_account', // no credit account
  '40': 'processing_error', // function not supported
  '41': 'lost_card', // lost card
  '42': 'invalid_account', // no universal account
  '43': 'reported_stolen', // stolen card
  '46': 'invalid_account', // closed account
  '51': 'insufficient_funds', // not sufficient funds
  '52': 'invalid_account', // no checking account
  '53': 'invalid_account', // no savings account
  '54': 'expired', // expired card
  '55': 'other', // incorrect PIN
  '56': 'invalid_account', // no card record
  '57': 'other', // not permitted to cardholder
  '58': 'processing_error', // not permitted to terminal
  '59': 'other', // suspected fraud
  '61': 'insufficient_funds', // exceeds amount limit
  '62': 'other', // restricted card
  '63': 'other', // security violation
  '64': 'other', // original amount incorrect, or anti-money-laundering
  '65': 'insufficient_funds', // exceeds count limit; at Mastercard in Europe: authentication required
  '68': 'processing_error', // response received too late
  '70': 'authentication_failed', // PIN data required (Visa); contact card issuer (Mastercard)
  '71': 'other', // PIN not changed
  '72': 'invalid_account', // account not yet activated
  '75': 'other', // PIN tries exceeded
  '76': 'invalid_account', // invalid or nonexistent "to account"
  '77': 'invalid_account', // invalid or nonexistent "from account"
  '78': 'invalid_account', // invalid or nonexistent account; blocked, first used
  '79': 'other', // life cycle (Mastercard)
  '80': 'processing_error', // system not available
  '81': 'other', // PIN cryptographic error
  '82': 'other', // negative CVV result (Visa), policy (Mastercard)
  '83': 'other', // fraud or security (Mastercard)
  '84': 'processing_error', // invalid authorization life cycle
  '85': 'other', // no reason to decline
  '86': 'other', // cannot verify PIN
  '87': 'other', // purchase amount only, no cash back
  '88': 'processing_error', // cryptographic failure
  '89': 'processing_error', // unacceptable terminal
  '91': 'processing_error', // issuer unavailable
  '92': 'processing_error', // cannot be routed
  '93': 'other', // violation of law
  '94': 'try_again_later', // duplicate transmission
  '96': 'processing_error', // system malfunction
  '1A': 'authentication_failed', // additional customer authentication required
  '5C': 'other', // not supported, blocked by issuer
  '6P': 'other', // verification data failed
  '9G': 'other', // blocked by cardholder
  B1: 'other', // surcharge not permitted
  B2: 'other', // surcharge not supported
  N0: 'processing_error', // force stand-in
  N3: 'other', // cash service not available
  N4: 'other', // cash request exceeds limit
  N5: 'other', // submitted again too late
  N7: 'incorrect_cvc', // CVV2 failure
  N8: 'other', // amount above what was authorised
  P2: 'processing_error', // invalid biller information
  P5: 'other', // PIN change declined
  P6: 'other', // unsafe PIN
  Q1: 'authentication_failed', // card authentication failed
  R0: 'other', // stop payment order
  R1: 'other', // revocation of authorization
  R3: 'other', // revocation of all authorizations
  Z3: 'processing_error', // unable to go online
  // American Express.
  '100': 'do_not_honor', // deny
  '101': 'expired', // expired card, invalid expiration date
  '106': 'other', // PIN tries exceeded
  '107': 'do_not_honor', // call issuer
  '109': 'processing_error', // invalid merchant
  '110': 'other', // invalid amount
  '111': 'invalid_account', // invalid account
  '115': 'processing_error', // function not supported
  '117': 'other', // invalid PIN
  '119': 'other', // not permitted
  '122': 'incorrect_cvc', // invalid card security code
  '125': 'other', // invalid effective date
  '181': 'processing_error', // format error
  '183': 'other', // invalid currency
  '187': 'invalid_account', // new card issued
  '189': 'processing_error', // merchant closed
  '200': 'lost_card', // pick up card
  '909': 'processing_error', // system malfunction
  '912': 'processing_error', // issuer not available
};
