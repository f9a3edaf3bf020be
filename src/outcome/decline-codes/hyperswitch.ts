/**
 * Hyperswitch's own words; `error_code` itself is the connector's, for which see its table. Sources, and when they were
 * compared: docs/decline-codes.md.
 */
import type { DeclineReason } from '../outcome.ts';

export const HYPERSWITCH_DECLINE_CODES: Readonly<Record<string, DeclineReason>> = {
  // Unified codes: vague, so a more telling code beside them wins.
  UE_1000: 'other', // issue with payment method details
  UE_2000: 'processing_error', // issue with configurations
  UE_3000: 'processing_error', // technical issue with the processor
  UE_4000: 'processing_error', // issue in the integration
  UE_9000: 'other', // something went wrong
  // Error codes.
  CE_00: 'other', // whatever the connector said
  CE_01: 'other', // failed during authorization
  CE_02: 'authentication_failed', // failed during authentication
  CE_03: 'processing_error', // failed during capture
  CE_04: 'incorrect_number', // card data is invalid
  CE_05: 'expired', // card is expired
  CE_06: 'processing_error', // refund failed
  CE_07: 'other', // verification failed
  CE_08: 'processing_error', // dispute failed
  HE_00: 'processing_error', // something went wrong
  HE_01: 'try_again_later', // duplicate request
  IR_16: 'other', // precondition failed, the card testing guard among them
  // Standardised codes, in `error_details.unified_details`.
  account_closed_or_invalid: 'invalid_account',
  authentication_failed: 'authentication_failed',
  authentication_required: 'authentication_failed',
  authorization_missing_or_revoked: 'other',
  card_lost_or_stolen: 'lost_card',
  card_not_supported_restricted: 'other',
  compliance_or_sanctions_restriction: 'other',
  configuration_error: 'processing_error',
  connector_configuration_error: 'processing_error',
  connector_not_implemented: 'processing_error',
  connector_unauthorized: 'processing_error',
  credit_limit_exceeded: 'insufficient_funds',
  do_not_honor: 'do_not_honor',
  downstream_technical_issue: 'processing_error',
  incorrect_authentication_code: 'authentication_failed',
  insufficient_funds: 'insufficient_funds',
  invalid_card_number: 'incorrect_number',
  invalid_cvv: 'incorrect_cvc',
  invalid_data_format: 'processing_error',
  invalid_expiry_date: 'expired',
  issuer_unavailable: 'processing_error',
  missing_required_field: 'processing_error',
  payment_cancelled_by_user: 'try_again_later',
  payment_method_issue: 'other',
  payment_session_timeout: 'try_again_later',
  pm_tokenisation_issue: 'processing_error',
  psp_fraud_engine_decline: 'other',
  refund_failed: 'processing_error',
  suspected_fraud: 'other',
  transaction_not_permitted: 'other',
  transaction_timedout: 'processing_error',
};
