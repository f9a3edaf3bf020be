/**
 * Adyen's refusal reasons, by code and by text: a webhook holds the text in `reason`. Raw responses ("05 : Do not
 * honor") are the networks' own codes, see networks.ts. Sources, and when they were compared: docs/decline-codes.md.
 */
import type { DeclineReason } from '../outcome.ts';

export const ADYEN_DECLINE_CODES: Readonly<Record<string, DeclineReason>> = {
  '2': 'do_not_honor', // Refused
  '3': 'do_not_honor', // Referral
  '4': 'processing_error', // Acquirer Error
  '5': 'other', // Blocked Card
  '6': 'expired', // Expired Card
  '7': 'other', // Invalid Amount
  '8': 'incorrect_number', // Invalid Card Number
  '9': 'processing_error', // Issuer Unavailable
  '10': 'other', // Not supported
  '11': 'authentication_failed', // 3D Not Authenticated
  '12': 'insufficient_funds', // Not enough balance
  '14': 'other', // Acquirer Fraud
  '15': 'try_again_later', // Cancelled
  '16': 'try_again_later', // Shopper Cancelled
  '17': 'other', // Invalid Pin
  '18': 'other', // Pin tries exceeded
  '19': 'processing_error', // Pin validation not possible
  '20': 'other', // FRAUD
  '21': 'processing_error', // Not Submitted
  '22': 'other', // FRAUD-CANCELLED
  '23': 'other', // Transaction Not Permitted
  '24': 'incorrect_cvc', // CVC Declined
  '25': 'other', // Restricted Card
  '26': 'other', // Revocation Of Auth
  '27': 'do_not_honor', // Declined Non Generic
  '28': 'insufficient_funds', // Withdrawal amount exceeded
  '29': 'insufficient_funds', // Withdrawal count exceeded
  '31': 'other', // Issuer Suspected Fraud
  '32': 'incorrect_postal_code', // AVS Declined
  '33': 'other', // Card requires online pin
  '34': 'invalid_account', // No checking account available on Card
  '35': 'invalid_account', // No savings account available on Card
  '36': 'authentication_failed', // Mobile pin required
  '37': 'try_again_later', // Contactless fallback
  '38': 'authentication_failed', // Authentication required
  '39': 'authentication_failed', // RReq not received from DS
  '40': 'processing_error', // Current AID is in Penalty Box
  '41': 'try_again_later', // CVM Required Restart Payment
  '42': 'authentication_failed', // 3DS Authentication Error
  '43': 'other', // Online PIN required
  '44': 'try_again_later', // Try another interface
  '45': 'other', // Chip downgrade mode
  '46': 'other', // Transaction blocked by Adyen to prevent excessive retry fees
  // The same as text.
  Refused: 'do_not_honor',
  Referral: 'do_not_honor',
  'Acquirer Error': 'processing_error',
  'Blocked Card': 'other',
  'Expired Card': 'expired',
  'Invalid Amount': 'other',
  'Invalid Card Number': 'incorrect_number',
  'Issuer Unavailable': 'processing_error',
  'Not supported': 'other',
  '3D Not Authenticated': 'authentication_failed',
  'Not enough balance': 'insufficient_funds',
  'Acquirer Fraud': 'other',
  Cancelled: 'try_again_later',
  'Shopper Cancelled': 'try_again_later',
  'Invalid Pin': 'other',
  'Pin tries exceeded': 'other',
  'Pin validation not possible': 'processing_error',
  FRAUD: 'other',
  'Not Submitted': 'processing_error',
  'FRAUD-CANCELLED': 'other',
  'Transaction Not Permitted': 'other',
  'CVC Declined': 'incorrect_cvc',
  'Restricted Card': 'other',
  'Revocation Of Auth': 'other',
  'Declined Non Generic': 'do_not_honor',
  'Withdrawal amount exceeded': 'insufficient_funds',
  'Withdrawal count exceeded': 'insufficient_funds',
  'Issuer Suspected Fraud': 'other',
  'AVS Declined': 'incorrect_postal_code',
  'Card requires online pin': 'other',
  'No checking account available on Card': 'invalid_account',
  'No savings account available on Card': 'invalid_account',
  'Mobile pin required': 'authentication_failed',
  'Contactless fallback': 'try_again_later',
  'Authentication required': 'authentication_failed',
  'RReq not received from DS': 'authentication_failed',
  'Current AID is in Penalty Box': 'processing_error',
  'CVM Required Restart Payment': 'try_again_later',
  '3DS Authentication Error': 'authentication_failed',
  'Online PIN required': 'other',
  'Try another interface': 'try_again_later',
  'Chip downgrade mode': 'other',
  'Transaction blocked by Adyen to prevent excessive retry fees': 'other',
};
