/**
 * One of the things that a request tries, as it was read: what it is, its card as it was written, and where the answer
 * will tell what became of it.
 */
import type { AttemptKind } from '../attempt/attempt.ts';
import type { AttemptReading } from '../attempt/attempt-reading.ts';
import type { Seal } from '../gate/nonce-messages.ts';
import type { Told } from './answer-outcomes.ts';

export interface Trial {
  readonly kind: AttemptKind;
  readonly reading: AttemptReading;
  readonly told: Told;
  /** Of a body that came sealed: its id. */
  readonly seal?: Seal;
}
