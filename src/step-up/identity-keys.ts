/**
 * Where Stripe Identity is, and which of its keys are for tests alone.
 * Source: docs.stripe.com/keys, "Secret and publishable keys".
 */
export const STRIPE_HOME = 'https://api.stripe.com';

/** A secret or a restricted key of test mode or of a sandbox. */
export function isTestKey(key: string): boolean {
  return /^(?:sk|rk)_test_/.test(key.trim());
}
