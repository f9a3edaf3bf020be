/**
 * One line for each change that somebody made: who, what, at whose merchant. No secret and no number is ever in it.
 */
import { log } from './log.ts';

export interface Change {
  /** `admin`, or `key:` and the key's id. */
  readonly who: string;
  readonly what: string;
  readonly merchant: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export function logChange(change: Change): void {
  log({ event: 'audit', ...change });
}
