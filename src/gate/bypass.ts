/**
 * A bypass: for a while a merchant's payments go on unjudged. It ends by itself, for whoever knows of it knows until when;
 * of two words about it the later one counts. Pure. Times are ms since the epoch.
 */
export interface Bypass {
  /** When it was said. */
  readonly at: number;
  /** In force until then; of one that was ended, when it was. */
  readonly until: number;
  readonly reason: string;
  /** `admin`, `key:` and a key's id, or `kv` for what somebody wrote there by hand. */
  readonly by: string;
}

export const BYPASS_LIMIT_MS = 86_400_000;

export function isInForce(bypass: Bypass | null, now: number): bypass is Bypass {
  return bypass !== null && now < bypass.until;
}

/** The latest word of all. */
export function latestOf<T extends Pick<Bypass, 'at'>>(words: readonly (T | null | undefined)[]): T | null {
  const known = words.filter((word): word is T => word !== null && word !== undefined);
  return known.reduce<T | null>((last, word) => (last === null || word.at > last.at ? word : last), null);
}
