// The configurations of the table: the set that ships, by the methods that its payers are asked by; the classic four;
// no guard at all.

import type { Policy } from '../../src/config/policy.ts';
import { readPolicy } from '../../src/replay/policy-text.ts';

const enabled = 'enabled';
const classic = {
  card_ip_blocking_status: enabled,
  guest_user_card_blocking_status: enabled,
  customer_id_blocking_status: enabled,
  guest_ip_blocking_status: enabled,
};
const turnstile = { site_key: 'made-up', secret_name: 'CORDON_TURNSTILE_MADE_UP' };

/** As a merchant would switch it on. */
const recommended = { velocity: 'recommended', attack_mode: { mode: 'auto' }, clean_history: {} };

export const contenders = {
  recommended: { ...recommended, step_up: { methods: ['turnstile', 'passkey'], turnstile, passkey: {} } },
  proof_of_work: { ...recommended, step_up: { methods: ['proof_of_work'] } },
  classic: { card_testing_guard_config: classic },
  none: {},
} as const satisfies Readonly<Record<string, object>>;
export type Contender = keyof typeof contenders;
export const contenderNames = Object.keys(contenders) as Contender[];

/** In the order of `contenderNames`. */
export async function compileContenders(): Promise<readonly Policy[]> {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(32), 'HKDF', false, ['deriveKey']);
  return Promise.all(
    contenderNames.map(async (name) => {
      const read = await readPolicy(JSON.stringify({ id: 'simulated', ...contenders[name] }), key);
      if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.faults)}`);
      return read.policy;
    }),
  );
}
