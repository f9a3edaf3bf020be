/**
 * The limit before the gate: the platform's own binding, per location and approximate. It sheds floods; it counts
 * nothing that matters, so when it fails the gate still judges every attempt.
 */
import type { Whence } from '../attempt/attempt.ts';
import type { Environment } from '../config/environment.ts';
import { log } from '../journal/log.ts';

/** The longest period that the binding knows in this deployment (wrangler.toml). */
export const SHED_RETRY_SECONDS = 10;

/** Whether this attempt is one too many for its address or for the whole merchant. */
export function isShed(environment: Environment, merchant: string, { ip }: Whence): Promise<boolean> {
  const { addressLimit, merchantLimit } = environment;
  const ofAddress = isOver(addressLimit, `${merchant}|${ip.counted}`);
  if (merchantLimit === null) return ofAddress;
  const both = Promise.all([ofAddress, isOver(merchantLimit, merchant)]);
  return both.then(([isAddressOver, isMerchantOver]) => isAddressOver || isMerchantOver);
}

async function isOver(limit: RateLimit, key: string): Promise<boolean> {
  try {
    return !(await limit.limit({ key })).success;
  } catch {
    log({ event: 'rate_limit_unavailable' });
    return false;
  }
}
