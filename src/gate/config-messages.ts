/**
 * What is said to the gate, and by it, about who wrote which configuration.
 */
import type { KeptConfig } from './gate-messages.ts';

/** `who`: `admin`, or `key:` and the key's id. `restores`: the version that was written again. */
export interface Authorship {
  readonly who: string;
  readonly restores?: string | undefined;
}

/** Who wrote what is offered; `isWrite` where the writer himself says so, and not an isolate that read it in KV. */
export interface Origin extends Authorship {
  readonly isWrite?: true;
}

/** A configuration that came into force, or the merchant's deletion. */
export interface ConfigVersion {
  /** When, ms since the epoch; also its place in the history. */
  readonly at: number;
  /** Null: the merchant was deleted. */
  readonly version: string | null;
  /** As the API wrote it, ms since the epoch; 0 for a raw write. */
  readonly writtenAt: number;
  /** `kv`: a raw write. `unknown`: it was in force before there was a history. */
  readonly who: string;
  readonly restores: string | null;
  readonly bytes: number;
  readonly isInForce: boolean;
}

/** A write asks for its time: whoever has the later one is in force. `now` in ms since the epoch. */
export interface TurnRequest {
  readonly now: number;
  /** Only while this is kept, and nobody else is writing. Null: while nothing is. */
  readonly onlyIf?: Pick<KeptConfig, 'hash' | 'writtenAt'> | null | undefined;
}

/** `taken`: the time to write under. `overtaken`: what is kept is another, or somebody is writing at this moment. */
export type Turn = { readonly kind: 'taken'; readonly writtenAt: number } | { readonly kind: 'overtaken' };

/** A raw write that nobody has put on record yet, and what was in force before it. */
export interface RawWrite {
  readonly before: string | null;
}
