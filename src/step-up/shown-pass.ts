/**
 * A pass as an attempt comes with it: good for this one, or as good as none. Whether it was used the gate alone knows.
 */
import type { Attempt, Card } from '../attempt/attempt.ts';
import { boundOf } from './binding.ts';
import { METHOD_STRENGTHS, type MethodName } from './method-name.ts';
import { type Pass, type PassReading, readPass } from './pass.ts';

/** What is wrong with a token by itself, or for this attempt. `too_weak`: it was won where less is asked for. */
type ReadFault = Exclude<PassReading['kind'], 'good'> | 'other_attempt' | 'too_weak';
/** `used`: it has admitted somebody. `unproven`: the gate did not say. */
export type PassFault = ReadFault | 'used' | 'unproven';

export type ShownPass = { readonly kind: 'good'; readonly pass: Pass } | { readonly kind: ReadFault };

interface Keys {
  readonly passKey: CryptoKey;
  readonly digestKey: CryptoKey;
  /** ms since the epoch. */
  readonly now: number;
}

/** `others`: as in boundOf. `asked`: what the payer would be asked for without it. */
export async function readShownPass(
  token: string,
  { attempt, others, asked }: Shown,
  { passKey, digestKey, now }: Keys,
): Promise<ShownPass> {
  const read = await readPass(token, passKey, now);
  if (read.kind !== 'good') return read;
  const isSame = read.pass.bound === (await boundOf(attempt, others, digestKey));
  if (!isSame) return { kind: 'other_attempt' };
  return isWorth(read.pass, asked) ? read : { kind: 'too_weak' };
}

interface Shown {
  readonly attempt: Attempt;
  readonly others: readonly Card[];
  readonly asked: readonly MethodName[];
}

/** By route and risk different methods are asked for: what was won by another is as good if it is as strong. */
function isWorth({ method, strength, instead }: Pass, asked: readonly MethodName[]): boolean {
  if (method === 'unreachable') return asked.every((name) => instead.includes(name));
  return asked.length === 0 || asked.some((name) => METHOD_STRENGTHS[name] <= strength);
}
