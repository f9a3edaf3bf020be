/**
 * Checkout.com's response codes. Source, and when it was compared: docs/decline-codes.md.
 * Their last digits are often the network's own code, but not always with its meaning.
 */
import type { DeclineReason } from '../outcome.ts';

export const CHECKOUT_DECLINE_CODES: Readonly<Record<string, DeclineReason>> = {
  // Soft declines.
  '20001': 'do_not_honor', // refer to card issuer
  '20002': 'do_not_honor', // refer to card issuer, special conditions
  '20003': 'processing_error', // invalid merchant
  '20004': 'lost_card', // card should be captured
  '20005': 'do_not_honor', // do not honour
  '20006': 'processing_error', // invalid request parameters
  '20009': 'try_again_later', // request in progress
  '20010': 'other', // partial value approved
  '20012': 'other', // invalid transaction
  '20013': 'other', // invalid amount
  '20014': 'incorrect_number', // no such number
  '20015': 'processing_error', // cannot be processed through debit network
  '20016': 'invalid_account', // card not initialised
  '20017': 'other', // customer cancellation
  '20018': 'other', // customer dispute
  '20019': 'try_again_later', // re-enter transaction
  '20020': 'processing_error', // invalid response
  '20021': 'do_not_honor', // no action taken
  '20022': 'processing_error', // suspected malfunction
  '20023': 'processing_error', // unacceptable transaction fee
  '20024': 'processing_error', // file update not supported
  '20025': 'processing_error', // unable to locate record
  '20026': 'processing_error', // duplicate file update record
  '20027': 'processing_error', // file update field edit error
  '20028': 'processing_error', // file temporarily unavailable
  '20029': 'processing_error', // file update not successful
  '20030': 'processing_error', // format error
  '20031': 'processing_error', // bank not supported by switch
  '20032': 'other', // completed partially
  '20033': 'processing_error', // previous scheme transaction id invalid
  '20038': 'other', // PIN tries exceeded
  '20039': 'invalid_account', // no credit account
  '20040': 'processing_error', // function not supported
  '20042': 'invalid_account', // no universal account (they write "value/amount")
  '20044': 'invalid_account', // no investment account
  '20045': 'other', // no fallback transactions
  '20046': 'do_not_honor', // bank decline
  '20051': 'insufficient_funds', // insufficient funds
  '20052': 'invalid_account', // no checking account
  '20053': 'invalid_account', // no savings account
  '20054': 'expired', // expired card
  '20055': 'other', // incorrect PIN
  '20056': 'invalid_account', // no card record
  '20057': 'other', // not permitted to cardholder
  '20058': 'processing_error', // not permitted to terminal
  '20059': 'other', // suspected fraud
  '20060': 'do_not_honor', // contact acquirer
  '20061': 'insufficient_funds', // amount limit exceeded
  '20062': 'other', // restricted card
  '20063': 'other', // security violation
  '20064': 'other', // anti-money-laundering
  '20065': 'insufficient_funds', // frequency limit exceeded
  '20066': 'do_not_honor', // call acquirer security
  '20067': 'lost_card', // hard capture, pick up card
  '20068': 'processing_error', // timeout
  '20072': 'invalid_account', // account not yet activated
  '20075': 'other', // PIN tries exceeded
  '20078': 'invalid_account', // blocked at first use
  '20081': 'other', // local use only
  '20082': 'incorrect_cvc', // negative CVV results; PIN cryptographic error
  '20083': 'invalid_account', // no accounts
  '20084': 'processing_error', // no PBF
  '20085': 'processing_error', // PBF update error
  '20086': 'processing_error', // invalid authorization type
  '20087': 'incorrect_cvc', // invalid CVV or expiry date
  '20088': 'processing_error', // unable to process
  '20089': 'processing_error', // administration error
  '20090': 'processing_error', // cut-off in progress
  '20091': 'processing_error', // issuer unavailable
  '20092': 'processing_error', // cannot be routed
  '20093': 'other', // violation of law
  '20094': 'try_again_later', // duplicate transmission
  '20095': 'processing_error', // reconcile error
  '20096': 'processing_error', // system malfunction
  '20097': 'processing_error', // reconciliation totals reset
  '20098': 'processing_error', // MAC error
  '20099': 'other', // unidentified response
  '2005C': 'other', // not supported, blocked by issuer
  '2006P': 'other', // cardholder id verification failed
  '2009G': 'other', // blocked by cardholder
  '200A4': 'processing_error', // transaction with defect
  '200A5': 'processing_error', // original transaction rejected
  '200A6': 'processing_error', // no response from the issuer
  '200E0': 'processing_error', // unauthorised access
  '200E2': 'processing_error', // signature verification failure
  '200E3': 'try_again_later', // system busy
  '200N0': 'processing_error', // force stand-in
  '200N7': 'incorrect_cvc', // CVV2 failure
  '200O5': 'other', // PIN required
  '200P1': 'insufficient_funds', // over daily limit
  '200P9': 'insufficient_funds', // limit exceeded
  '200R1': 'other', // revocation of authorization
  '200R3': 'other', // revocation of all authorizations
  '200S4': 'processing_error', // PTLF full
  '200T2': 'processing_error', // invalid transaction date
  '200T3': 'other', // card not supported
  '200T5': 'other', // CAF status 0 or 9
  '20100': 'expired', // invalid expiry date format
  '20101': 'invalid_account', // no account, token is invalid
  '20102': 'processing_error', // invalid merchant or wallet id
  '20103': 'other', // card type not supported
  '20104': 'processing_error', // gateway reject, invalid transaction
  '20105': 'processing_error', // gateway reject, violation
  '20106': 'other', // unsupported currency
  '20107': 'incorrect_postal_code', // billing address is missing
  '20108': 'invalid_account', // updated cardholder available
  '20109': 'processing_error', // already reversed
  '20110': 'processing_error', // authorization completed
  '20111': 'processing_error', // already reversed
  '20112': 'processing_error', // merchant not enabled for 3-D Secure
  '20113': 'processing_error', // invalid property
  '20114': 'processing_error', // token is incorrect
  '20115': 'processing_error', // invalid lifetime
  '20116': 'processing_error', // invalid encoding
  '20117': 'processing_error', // invalid API version
  '20118': 'processing_error', // transaction pending
  '20119': 'processing_error', // invalid batch data
  '20120': 'processing_error', // invalid customer
  '20121': 'processing_error', // limit of the merchant exceeded
  '20122': 'other', // installments not supported
  '20123': 'incorrect_postal_code', // missing zip or address
  '20124': 'incorrect_cvc', // missing CVV
  '20150': 'authentication_failed', // card not enabled for 3-D Secure
  '20151': 'authentication_failed', // cardholder failed 3-D Secure
  '20152': 'authentication_failed', // 3-D Secure not completed in time
  '20153': 'processing_error', // 3-D Secure malfunction
  '20154': 'authentication_failed', // 3-D Secure required
  '20155': 'authentication_failed', // invalid authentication result
  '20156': 'processing_error', // not supported by the acquirer
  '20157': 'processing_error', // invalid merchant configuration
  '20158': 'processing_error', // refund period over
  '20159': 'processing_error', // ACS malfunction
  '20179': 'invalid_account', // life cycle: invalid card data
  '20182': 'other', // policy
  '20183': 'other', // security
  '20193': 'processing_error', // invalid country code
  '20197': 'processing_error', // terminal not registered
  // Hard declines.
  '30004': 'lost_card', // pick up, no fraud
  '30007': 'reported_stolen', // pick up, special conditions
  '30015': 'incorrect_number', // no such issuer
  '30016': 'other', // no gambling payout
  '30017': 'other', // no original credit transaction
  '30018': 'other', // no money transfer payout
  '30019': 'other', // no other payout
  '30020': 'other', // invalid amount
  '30021': 'insufficient_funds', // total amount limit reached
  '30022': 'insufficient_funds', // total count limit reached
  '30033': 'expired', // expired card, pick up
  '30034': 'other', // suspected fraud, pick up
  '30035': 'do_not_honor', // contact acquirer, pick up
  '30036': 'other', // restricted card, pick up
  '30037': 'do_not_honor', // call acquirer security, pick up
  '30038': 'other', // PIN tries exceeded, pick up
  '30041': 'lost_card', // lost card
  '30043': 'reported_stolen', // stolen card
  '30044': 'other', // anti-money-laundering, anonymous prepaid card
  '30045': 'processing_error', // invalid fund transfer type
  '30046': 'invalid_account', // closed account
  // Risk responses: Checkout.com's own rules, not the bank's.
  '40101': 'other', // risk blocked
  '40201': 'other', // card number on the block list
  '40202': 'other', // IP address on the block list
  '40203': 'other', // email on the block list
  '40204': 'other', // phone number on the block list
  '40205': 'other', // BIN on the block list
  // In beta 41xxx (the shop's rules), 42xxx (an entity's) and 43xxx (their own) say the same in more words: `other`.
  '44301': 'authentication_failed', // 3-D Secure required
};
