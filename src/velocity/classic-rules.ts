/**
 * Hyperswitch's card testing guard as velocity rules, in its order of checking. Its configuration is taken as it is.
 * Source: juspay/hyperswitch, router/src/core/card_testing_guard and services/card_testing_guard.rs.
 */
import type { Audience, Dimension, Mode, VelocityRule } from './rule.ts';

export type ClassicStatus = 'enabled' | 'shadow' | 'disabled';

/** Its names; `guest_ip_*` may be absent, as it is in configurations older than that rule. */
export interface CardTestingGuardConfig {
  readonly card_ip_blocking_status: ClassicStatus;
  readonly card_ip_blocking_threshold: number;
  readonly guest_user_card_blocking_status: ClassicStatus;
  readonly guest_user_card_blocking_threshold: number;
  readonly customer_id_blocking_status: ClassicStatus;
  readonly customer_id_blocking_threshold: number;
  readonly guest_ip_blocking_status: ClassicStatus;
  readonly guest_ip_blocking_threshold: number;
  readonly card_testing_guard_expiry: number;
}

interface Classic {
  readonly name: string;
  readonly prefix: 'card_ip' | 'guest_user_card' | 'customer_id' | 'guest_ip';
  readonly by: readonly Dimension[];
  readonly audience: Audience;
}

const CLASSICS: readonly Classic[] = [
  { name: 'card_ip', prefix: 'card_ip', by: ['card', 'ip'], audience: 'all' },
  { name: 'guest_card', prefix: 'guest_user_card', by: ['card'], audience: 'guests_refused' },
  { name: 'customer', prefix: 'customer_id', by: ['customer'], audience: 'all' },
  { name: 'guest_ip', prefix: 'guest_ip', by: ['ip'], audience: 'guests' },
];

export const CLASSIC_NAMES: readonly string[] = CLASSICS.map(({ name }) => name);

const MODE_OF_STATUS: Readonly<Record<ClassicStatus, Mode>> = { enabled: 'enforce', shadow: 'shadow', disabled: 'off' };

/** The rules that are switched on, first the one whose breach answers first. */
export function classicRules(config: CardTestingGuardConfig): readonly VelocityRule[] {
  return CLASSICS.flatMap(({ name, prefix, by, audience }) => {
    const mode = MODE_OF_STATUS[config[`${prefix}_blocking_status`]];
    if (mode === 'off') return [];
    const limit = config[`${prefix}_blocking_threshold`];
    return [{ name, by, audience, mode, limit, windowSeconds: config.card_testing_guard_expiry }];
  });
}
