/**
 * Where Turnstile is, and which of its keys are for tests alone: with one of those anybody passes, or nobody.
 * Source: developers.cloudflare.com/turnstile/troubleshooting/testing, "Test sitekeys", "Test secret keys".
 */

export const TURNSTILE_HOME = 'https://challenges.cloudflare.com';

/** Theirs are a digit, an x, zeros and two letters; a real one begins with `0x4`. */
const TEST_KEY = /^\dx0+[A-Z]{2}$/;

/** A site key or a secret key. */
export function isTestKey(key: string): boolean {
  return TEST_KEY.test(key.trim());
}
