/**
 * One turn of an alerts object's clock: what is looked after, with what, and when.
 */
import type { Environment } from '../config/environment.ts';
import type { Watch } from './watch.ts';

export interface Round {
  readonly watch: Watch;
  readonly environment: Environment;
  /** ms since the epoch. */
  readonly now: number;
}
