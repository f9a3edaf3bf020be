/**
 * A pass as an attempt comes with it: good for this one, or as good as none. Whether it was used the gate alone knows.
 */
import type { Attempt, Card } from '../attempt/attempt.ts';
import { boundOf } from './binding.ts';
import { type Pass, type PassReading, readPass } from './pass.ts';

/** What a token by itself can be wrong with. */
type ReadFault = Exclude<PassReading['kind'], 'good'> | 'other_attempt';
/** `used`: it has admitted somebody. `unproven`: the gate did not say. */
export type PassFault = ReadFault | 'used' | 'unproven';

export type ShownPass = { readonly kind: 'good'; readonly pass: Pass } | { readonly kind: ReadFault };

interface Keys {
  readonly passKey: CryptoKey;
  readonly digestKey: CryptoKey;
  /** ms since the epoch. */
  readonly now: number;
}

/** `others`: as in boundOf. */
export async function readShownPass(
  token: string,
  { attempt, others }: { readonly attempt: Attempt; readonly others: readonly Card[] },
  { passKey, digestKey, now }: Keys,
): Promise<ShownPass> {
  const read = await readPass(token, passKey, now);
  if (read.kind !== 'good') return read;
  const isSame = read.pass.bound === (await boundOf(attempt, others, digestKey));
  return isSame ? read : { kind: 'other_attempt' };
}
