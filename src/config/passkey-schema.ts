/**
 * Passkeys as they are written: what they are for, and when they begin to prove something.
 */
import * as z from 'zod';
import type { MethodName } from '../step-up/method-name.ts';
import { isWithin } from '../step-up/passkey-site.ts';
import type { PasskeySettings } from '../step-up/settings.ts';
import type { Fault } from './faults.ts';

const DAY_SECONDS = 86_400;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

export const passkeySchema = z.strictObject({
  rp_id: z.string().regex(DOMAIN, 'must be a lower-case domain').optional(),
  rp_name: z.string().min(1).max(64).optional(),
  min_age_seconds: z
    .int()
    .min(0)
    .max(90 * DAY_SECONDS)
    .default(3 * DAY_SECONDS),
  max_per_customer: z.int().min(1).max(20).default(5),
});

export type PasskeyConfig = z.output<typeof passkeySchema>;

export interface PasskeysWritten {
  readonly methods: readonly MethodName[];
  readonly by_risk: readonly { readonly methods: readonly MethodName[] }[];
  readonly passkey?: PasskeyConfig | undefined;
}

/** What is written, or meant by the method's name alone; undefined where nobody is to have any. */
export function passkeyConfigOf({ methods, by_risk, passkey }: PasskeysWritten): PasskeyConfig | undefined {
  const isNamed = [{ methods }, ...by_risk].some((one) => one.methods.includes('passkey'));
  return passkey ?? (isNamed ? passkeySchema.parse({}) : undefined);
}

export function passkeySettings(config: PasskeyConfig, merchant: string): PasskeySettings {
  const { rp_id: relyingParty = null, rp_name: relyingPartyName = merchant } = config;
  const { min_age_seconds: minAgeSeconds, max_per_customer: mostPerCustomer } = config;
  return { relyingParty, relyingPartyName, minAgeMs: minAgeSeconds * 1000, mostPerCustomer };
}

/** A browser makes no passkey for a domain that its page is not in. */
export function checkPasskeys(config: PasskeyConfig | undefined, hosts: readonly string[]): readonly Fault[] {
  const domain = config?.rp_id;
  if (domain === undefined) return [];
  const outside = hosts.filter((host) => !isWithin(host, domain));
  const path = '/step_up/passkey/rp_id';
  return outside.map((host) => ({ path, message: `must be ${host}, or a domain that it is in` }));
}
