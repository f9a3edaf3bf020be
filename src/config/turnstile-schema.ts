/**
 * Cloudflare Turnstile as it is written, and compiled. Its secret goes to Cloudflare alone, and keys for tests are none in
 * production.
 */
import * as z from 'zod';
import type { TurnstileSettings } from '../step-up/settings.ts';
import { isTestKey, TURNSTILE_HOME } from '../step-up/turnstile-keys.ts';
import { type Environment, TURNSTILE_SECRET_NAME } from './environment.ts';
import type { Fault } from './faults.ts';
import { checkHome } from './outbound-url.ts';
import { NO_SUCH_SECRET, secretName } from './secret-names.ts';

const HOSTNAMES_LIMIT = 8;

export const turnstileSchema = z.strictObject({
  // It stands in a page.
  site_key: z.string().regex(/^[\w-]{1,128}$/, 'must be a site key of Turnstile'),
  secret_name: secretName(TURNSTILE_SECRET_NAME),
  hostnames: z
    .array(z.string().regex(/^[a-z0-9.-]{1,253}$/, 'must be the name of a host, in lower case'))
    .max(HOSTNAMES_LIMIT)
    .default([]),
  api_url: z.url().default(TURNSTILE_HOME),
});

export type TurnstileConfig = z.output<typeof turnstileSchema>;

export function compileTurnstile({ site_key, secret_name, hostnames, api_url }: TurnstileConfig): TurnstileSettings {
  return { siteKey: site_key, secretName: secret_name, hostnames, apiUrl: new URL(api_url) };
}

/** What this deployment has and allows. */
export function checkTurnstile(
  { site_key, secret_name, api_url }: TurnstileConfig,
  { kind, sharedSecret }: Environment,
): readonly Fault[] {
  const secret = sharedSecret(secret_name);
  const url = checkHome(new URL(api_url), TURNSTILE_HOME, kind);
  const isTest = (key: string) => kind === 'production' && isTestKey(key);
  return [
    ...(isTest(site_key) ? [{ path: '/site_key', message: TEST_KEY }] : []),
    ...(secret === null ? [{ path: '/secret_name', message: NO_SUCH_SECRET }] : []),
    ...(secret !== null && isTest(secret) ? [{ path: '/secret_name', message: `names one that ${TEST_KEY}` }] : []),
    ...(url === null ? [] : [{ path: '/api_url', message: url }]),
  ];
}

const TEST_KEY = 'is a key for tests, by which anybody passes: not in production';
