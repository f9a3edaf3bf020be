/**
 * The providers that Cordon can ask, by name.
 */
import type { ProviderApi, ProviderName } from '../provider-api.ts';
import { ABUSEIPDB } from './abuseipdb.ts';
import { IPQUALITYSCORE } from './ipqualityscore.ts';

export const PROVIDER_APIS: Readonly<Record<ProviderName, ProviderApi>> = {
  abuseipdb: ABUSEIPDB,
  ipqualityscore: IPQUALITYSCORE,
};
