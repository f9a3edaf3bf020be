// Which card numbers are issued, and with which CVC, as far as the pretend banks are concerned.
// Both follow from the number alone, so that the shop and the attack command agree without sharing a list.
// Pure; not cryptography: anyone who reads this file knows every card.

const liveOneIn = 20;
const cvcCount = 1000;

/** The check digit of ISO/IEC 7812-1, annex B. `number` holds digits only. */
export function isLuhnValid(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, place) => total + weigh(Number(digit), place), 0);
  return sum % 10 === 0;
}

/** The digit that makes `digits` + digit Luhn-valid. */
export function checkDigitOf(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, place) => total + weigh(Number(digit), place + 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** True for about one Luhn-valid number in twenty, always the same ones. */
export function isLive(number: string): boolean {
  return isLuhnValid(number) && hashOf(`live:${number}`) % liveOneIn === 0;
}

/** The three digits on the back. */
export function cvcOf(number: string): string {
  return String(hashOf(`cvc:${number}`) % cvcCount).padStart(3, '0');
}

/** Banks word a refusal of an unknown number in one of two ways; a number always gets the same. */
export function isKnownAsIncorrect(number: string): boolean {
  return hashOf(`wording:${number}`) % 2 === 0;
}

function weigh(digit: number, place: number): number {
  const weighted = place % 2 === 0 ? digit : digit * 2;
  return weighted > 9 ? weighted - 9 : weighted;
}

// FNV-1a, finished with the mixer of MurmurHash3: FNV alone leaves similar numbers with similar hashes.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
