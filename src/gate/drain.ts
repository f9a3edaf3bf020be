/**
 * A drain: an operator's word that nothing goes to a place, or to a country, until a time or until he says so. Pure.
 * Times are ms since the epoch.
 */
export interface Drain {
  readonly kind: 'country' | 'place';
  /** A country's code, or a place's host. */
  readonly name: string;
  readonly at: number;
  /** Null: until somebody lifts it. Of one that was lifted, when. */
  readonly until: number | null;
  readonly reason: string;
  /** `admin`, or `key:` and a key's id. */
  readonly by: string;
}

export function isDrainInForce({ until }: Drain, now: number): boolean {
  return until === null || now < until;
}

/** Whether one of them keeps traffic away from a place. */
export function isDrained(
  { host, country }: { readonly host: string; readonly country: string | null },
  drains: readonly Drain[],
  now: number,
): boolean {
  return drains.some((drain) => {
    return isDrainInForce(drain, now) && drain.name === (drain.kind === 'place' ? host : country);
  });
}
