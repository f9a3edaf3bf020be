/**
 * Whose passkeys are dealt with, by whom, and on which page: settled before anything is done with them.
 */
import type { Environment } from '../config/environment.ts';
import type { PasskeyPolicy } from '../config/passkey-policy.ts';
import type { Policy } from '../config/policy.ts';
import { passkeyShelf } from '../gate/passkey-shelf.ts';
import { digestOfCustomer } from '../step-up/binding.ts';
import type { PasskeyShelf } from '../step-up/passkey-record.ts';

/** A merchant whose customers may have passkeys. */
export type Keeper = Policy & { readonly passkeys: PasskeyPolicy };

export interface Holder {
  readonly keeper: Keeper;
  /** A keyed digest of the verified customer's id. */
  readonly customer: string;
  readonly shelf: PasskeyShelf;
  /** `customer`, `admin` or `key:{id}`. */
  readonly by: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** Null where nobody is to have any. */
export function keeperOf(policy: Policy): Keeper | null {
  const { passkeys } = policy;
  return passkeys === null || policy.mode === 'off' ? null : { ...policy, passkeys };
}

/** `id`: as the shop knows the customer. */
export async function holderOf(
  keeper: Keeper,
  { gates }: Pick<Environment, 'gates'>,
  { id, by, now }: { readonly id: string; readonly by: string; readonly now: number },
): Promise<Holder> {
  const customer = await digestOfCustomer(id, keeper.digestKey);
  return { keeper, customer, shelf: passkeyShelf(gates, keeper), by, now };
}
