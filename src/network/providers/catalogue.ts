/**
 * The providers that Cordon can ask, by name.
 */
import type { Provider, ProviderName } from '../provider.ts';
import { ABUSEIPDB } from './abuseipdb.ts';
import { IPQUALITYSCORE } from './ipqualityscore.ts';

export const PROVIDERS: Readonly<Record<ProviderName, Provider>> = {
  abuseipdb: ABUSEIPDB,
  ipqualityscore: IPQUALITYSCORE,
};
