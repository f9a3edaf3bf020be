/**
 * How far beyond the usual is far, by what is looked at. Pure.
 */
import type { Threshold } from './suspicion.ts';

/** What testing looks like is seen sooner than what merely has a name, such as a bank. */
const SIGN = { deviation: 0.58, excess: 0.65 } as const;
const AGAIN = 0.6;
const PLAIN = 2.3;

/** `isSign`: of a segment that names what testing looks like (traits.ts). */
export function thresholdFor({ isSign }: { readonly isSign: boolean }, threshold: Threshold): Threshold {
  return isSign ? keenest(threshold) : threshold;
}

/** The least that is asked for of any segment. */
export function keenest({ deviation, excess, share }: Threshold): Threshold {
  return { deviation: deviation * SIGN.deviation, excess: excess * SIGN.excess, share };
}

/** Who attacked comes back: less is needed to see him. */
export function lowered({ deviation, excess, share }: Threshold): Threshold {
  return { deviation: deviation * AGAIN, excess: excess * AGAIN, share };
}

/** Where most would be asked it must be plain. */
export function clearer({ deviation, excess, share }: Threshold): Threshold {
  return { deviation: deviation * PLAIN, excess: excess * PLAIN, share };
}
