/**
 * Whether one of a merchant's servers is left alone, and how it comes back. Pure: `(health, event, now) → health`, times
 * in ms since the epoch. A place falls at once and returns slowly, and the more slowly the oftener it fell of late.
 */

/** What is known of a place; of one that is well and always was, nothing. */
export interface PlaceHealth {
  /** Its host, with the port where it is not the scheme's own. */
  readonly place: string;
  readonly isDown: boolean;
  /** When it became what it is. */
  readonly since: number;
  /** How often it fell, until it was up long enough. */
  readonly falls: number;
  /** While it is down: good checks in a row. */
  readonly passed: number;
  /** While it is down: not to be checked before. */
  readonly checkAt: number;
  /** In Cordon's own words. */
  readonly why: PlaceFault;
}

/** `refused`: known not to have taken the request. `lost`: the connection broke. `broken`: 502, 503, 504 and the like. */
export const PLACE_FAULTS = ['refused', 'lost', 'slow', 'broken'] as const;
export type PlaceFault = (typeof PLACE_FAULTS)[number];

/** `failed`: somebody is sure that it is down. `passed`, `missed`: how a check ended. */
export type PlaceEvent =
  | { readonly kind: 'failed'; readonly place: string; readonly why: PlaceFault }
  | { readonly kind: 'passed'; readonly place: string }
  | { readonly kind: 'missed'; readonly place: string; readonly why: PlaceFault };

/** Between a fall, or a check that it did not pass, and the next check. */
export const REST_MS = 5_000;
/** Between checks that it passes. */
export const BETWEEN_CHECKS_MS = 2_000;
/** Whoever was given a check has made it by then. */
export const CHECK_CLAIM_MS = 10_000;
/** Good checks in a row after the first fall; each further fall doubles them. */
export const CHECKS_TO_RETURN = 3;
const MOST_CHECKS_TO_RETURN = 48;
/** Up for so long, its falls are forgotten. */
export const FALLS_FORGOTTEN_MS = 600_000;

export function stepPlace(health: PlaceHealth | null, event: PlaceEvent, now: number): PlaceHealth | null {
  switch (event.kind) {
    case 'failed':
      return health?.isDown === true ? health : fallen(health, event, now);
    case 'passed':
      return health?.isDown === true ? afterGoodCheck(health, now) : health;
    case 'missed':
      if (health?.isDown !== true) return fallen(health, event, now);
      return { ...health, passed: 0, checkAt: now + REST_MS, why: event.why };
  }
}

/** Somebody goes to look: nobody else need for a while. */
export function claimed(health: PlaceHealth, now: number): PlaceHealth {
  return { ...health, checkAt: now + CHECK_CLAIM_MS };
}

export function isCheckDue({ isDown, checkAt }: PlaceHealth, now: number): boolean {
  return isDown && now >= checkAt;
}

/** Whether nothing of it need be remembered any more. */
export function isForgotten({ isDown, since }: PlaceHealth, now: number): boolean {
  return !isDown && now - since >= FALLS_FORGOTTEN_MS;
}

export function checksToReturn({ falls }: Pick<PlaceHealth, 'falls'>): number {
  return Math.min(CHECKS_TO_RETURN * 2 ** (falls - 1), MOST_CHECKS_TO_RETURN);
}

function fallen(
  health: PlaceHealth | null,
  { place, why }: Extract<PlaceEvent, { why: PlaceFault }>,
  now: number,
): PlaceHealth {
  const falls = health === null || isForgotten(health, now) ? 1 : health.falls + 1;
  return { place, isDown: true, since: now, falls, passed: 0, checkAt: now + REST_MS, why };
}

function afterGoodCheck(health: PlaceHealth, now: number): PlaceHealth {
  const passed = health.passed + 1;
  if (passed < checksToReturn(health)) return { ...health, passed, checkAt: now + BETWEEN_CHECKS_MS };
  return { ...health, isDown: false, since: now, passed: 0, checkAt: 0 };
}
