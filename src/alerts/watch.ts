/**
 * What the alerts object knows of its merchant: who is to be told, and what there is to look after.
 */
import type { GateLocation } from '../gate/gate-client.ts';
import type { Need } from '../network/tables.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { AlertKind } from './alert-kinds.ts';

export interface Watch {
  readonly merchant: string;
  readonly receiver: Receiver;
  /** Which text of the configuration says so. */
  readonly version: { readonly hash: string; readonly writtenAt: number };
  readonly gate: GateLocation;
  readonly reservationMs: number;
  /** Those that report to Cordon. */
  readonly processors: readonly Processor[];
  /** Which imported lists are asked; null: none. */
  readonly tables: Need | null;
  /** Whether attack mode is watched, or can be turned by hand. Absent: no; an object of an earlier release wrote none. */
  readonly isAttackWatched?: boolean;
  /** Hosts of servers that can be known to be down: several, or one that is checked. Absent: none. */
  readonly servers?: readonly string[];
}

export interface Receiver {
  readonly url: string;
  /** By all of them each message is signed. */
  readonly secretNames: readonly string[];
  readonly kinds: readonly AlertKind[];
}
