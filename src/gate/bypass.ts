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
export function latestOf(words: readonly (Bypass | null | undefined)[]): Bypass | null {
  const known = words.filter((word): word is Bypass => word !== null && word !== undefined);
  return known.reduce<Bypass | null>((last, word) => (last === null || word.at > last.at ? word : last), null);
}
