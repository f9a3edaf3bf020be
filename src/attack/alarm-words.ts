/**
 * An attacked segment in Cordon's own words: they name no payer, for a segment holds none.
 */
import type { Alarm } from './attacked.ts';

/** Such as `bin:424242 is under attack: 31 of 47 failed, 11% are usual`. */
export function wordsOfAlarm({ segment, level, found }: Pick<Alarm, 'segment' | 'level' | 'found'>): string {
  const told =
    found === null
      ? 'by hand'
      : `${found.failures} of ${found.attempts} failed, ${Math.round(found.usualShare * 100)}% are usual`;
  return `${segment} is ${level === 'elevated' ? 'suspicious' : 'under attack'}: ${told}`;
}
