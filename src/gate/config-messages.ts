/**
 * What is said to the gate, and by it, about who wrote which configuration.
 */
import type { Bypass } from './bypass.ts';
import type { ListsWord } from './list-messages.ts';
import type { OriginWord } from './origin-messages.ts';

/** Which configuration the Worker decides by. `staleForMs`: how long KV may still show what a newer one replaced. */
export interface KnownConfig {
  readonly hash: string;
  readonly writtenAt: number;
  readonly staleForMs: number;
  /** When the last word about a bypass was said that it knows of; absent where it knows of none. */
  readonly bypassAt?: number;
  /** Of when the word about the lists is that it knows; absent where it knows of none. */
  readonly listsAt?: number;
  /** Of when the last drain is that it knows, 0 where it knows of none; absent for who sends nothing to an origin of several. */
  readonly drainsAt?: number;
}

export interface KeptConfig {
  readonly hash: string;
  readonly writtenAt: number;
  /** The configuration's JSON; null once the merchant was deleted. */
  readonly json: string | null;
  /** The last word about a bypass; absent where there was none. */
  readonly bypass?: Bypass;
  /** What the deny and allow lists hold; absent where there never was anything. */
  readonly lists?: ListsWord;
  /** What is known of the merchant's servers; absent where there never was anything. */
  readonly origin?: OriginWord;
}

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
