/**
 * Stripe Identity as it is written, and compiled. Its key goes to Stripe alone, and keys for tests are none in production.
 */
import * as z from 'zod';
import { isTestKey, STRIPE_HOME } from '../step-up/identity-keys.ts';
import type { IdentitySettings } from '../step-up/settings.ts';
import { type Environment, IDENTITY_KEY_NAME, WEBHOOK_SECRET_NAME } from './environment.ts';
import type { Fault } from './faults.ts';
import { checkHome } from './outbound-url.ts';
import { NO_SUCH_SECRET, secretName } from './secret-names.ts';

export const identitySchema = z.strictObject({
  secret_name: secretName(IDENTITY_KEY_NAME),
  webhook_secret_name: secretName(WEBHOOK_SECRET_NAME),
  // Each is somebody's money.
  daily_budget: z.int().min(1).max(100_000).default(100),
  api_url: z.url().default(STRIPE_HOME),
});

export type IdentityConfig = z.output<typeof identitySchema>;

export function compileIdentity(config: IdentityConfig): IdentitySettings {
  const { secret_name: secretName, webhook_secret_name: webhookSecretName, daily_budget, api_url } = config;
  return { secretName, webhookSecretName, dailyBudget: daily_budget, apiUrl: new URL(api_url) };
}

/** What this deployment has and allows. */
export function checkIdentity(
  { secret_name, webhook_secret_name, api_url }: IdentityConfig,
  { kind, sharedSecret }: Environment,
): readonly Fault[] {
  const key = sharedSecret(secret_name);
  const url = checkHome(new URL(api_url), STRIPE_HOME, kind);
  const isTest = kind === 'production' && key !== null && isTestKey(key);
  return [
    ...(key === null ? [{ path: '/secret_name', message: NO_SUCH_SECRET }] : []),
    ...(isTest ? [{ path: '/secret_name', message: TEST_KEY }] : []),
    ...(sharedSecret(webhook_secret_name) === null ? [{ path: '/webhook_secret_name', message: NO_SUCH_SECRET }] : []),
    ...(url === null ? [] : [{ path: '/api_url', message: url }]),
  ];
}

const TEST_KEY = 'names a key for tests, by which nobody is looked at: not in production';
