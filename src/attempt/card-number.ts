/**
 * Card numbers: reading one as it is typed, and telling whether some text holds one.
 * Nothing here keeps, logs or returns more of a number than its caller asked for.
 */
import { lengthsOfScheme } from './card-schemes.ts';

const TYPED_NUMBER = /^\d(?:[ -]?\d){11,18}$/;
const BIN_DIGITS = 6;
/** ISO/IEC 7812-1:2017 made issuers' numbers eight digits long. */
const ISSUER_DIGITS = 8;
const LENGTHS = { shortest: 12, longest: 19 } as const;
// Barcodes (GTIN-13), phone numbers and times in milliseconds have 12 or 13 digits, and one in ten passes the check
// digit; hardly a living card has so few. Such a run counts as a card only where its name says so.
const UNMISTAKABLE_DIGITS = 14;
const CARD_NAME = /[Cc]ard|CARD|(?<![A-Za-z])(?:[Pp]an|PAN|[Cc]c|CC)(?![a-z])/;
const OTHER_NAME = /phone|tel|mobile|fax|document|tax|vat|token|id$/i;
const NUMBER_NAME = /number|(?<![a-z])(?:no|nr)(?![a-z])/i;
/** How a printed IBAN (ISO 13616) begins. The groups that follow are an account, and one in ten fits a card's check. */
const IBAN_START = /^[A-Z]{2}\d{2}$/;
const INDEX = /^\d+$/;
/** Twelve digits, whatever is between them: without them nothing below finds a card. */
const DIGITS_OF_A_CARD = /^(?:\D*\d){12}/;
const WORD = /[0-9A-Za-z]+/g;
/** What people and lenient readers put between groups of digits, and how long such a group is at most. */
const JOINT = /^[\s._\p{Pd}]{1,3}$/u;
const LONGEST_GROUP = 6;

/** The digits of a card number typed with or without single spaces or hyphens; null for anything but 12 to 19 of them. */
export function parseCardNumber(typed: string): string | null {
  return TYPED_NUMBER.test(typed) ? typed.replaceAll(/[ -]/g, '') : null;
}

/** The first six digits: the issuer, which may be kept and logged (PCI DSS 3.4.1). */
export function binOf(digits: string): string {
  return digits.slice(0, BIN_DIGITS);
}

/** As much of a number as tells its issuer: for a look-up in memory, and to be kept nowhere. */
export function issuerDigitsOf(digits: string): string {
  return digits.slice(0, ISSUER_DIGITS);
}

/** ISO/IEC 7812-1 check digit. */
export function isLuhnValid(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/**
 * Whether a text holds what any reader would take for a card number, alone or inside other text. `pointer` is where
 * it stands: its last name tells how likely that is.
 */
export function holdsCardNumber(text: string, pointer: string): boolean {
  const ascii = plain(text);
  if (!DIGITS_OF_A_CARD.test(ascii)) return false;
  const name = lastNameOf(pointer);
  const isCardName = CARD_NAME.test(name) && !OTHER_NAME.test(name);
  const shortest = isCardName ? LENGTHS.shortest : UNMISTAKABLE_DIGITS;
  return ((isCardName || NUMBER_NAME.test(name)) && isCardOnceStripped(ascii, shortest)) || holdsRun(ascii, shortest);
}

/** The last name of a pointer, with the indexes behind it. No expression: it would take quadratic time over a long name. */
function lastNameOf(pointer: string): string {
  for (let end = pointer.length; ; ) {
    const slash = pointer.lastIndexOf('/', end - 1);
    if (slash <= 0 || !INDEX.test(pointer.slice(slash + 1, end))) return pointer.slice(slash + 1);
    end = slash;
  }
}

/** Under a telling name a reader may well throw away whatever is no digit. */
function isCardOnceStripped(text: string, shortest: number): boolean {
  const digits = /[A-Za-z]|^\s*\+/.test(text) ? '' : text.replaceAll(/\D/g, '');
  // No scheme's lengths where 12 or 13 digits are looked at: an unusual length may be read as a card too.
  const isPossible = digits.length >= shortest && digits.length <= LENGTHS.longest && isLuhnValid(digits);
  return isPossible && (shortest === LENGTHS.shortest ? lengthsOfScheme(digits).length > 0 : hasScheme(digits));
}

/** Looks at every run of groups of digits that has the length of a card. */
function holdsRun(text: string, shortest: number): boolean {
  let groups: string[] = [];
  let isIban = false;
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const isJoined = JOINT.test(text.slice(end, index));
    end = index + word.length;
    isIban = IBAN_START.test(word) || (isIban && isJoined);
    if (isIban || /\D/.test(word)) groups = [];
    else if (isJoined) groups.push(word);
    else groups = [word];
    for (const digits of endings(groups, shortest)) {
      if (isLuhnValid(digits) && hasScheme(digits)) return true;
    }
  }
  return false;
}

/** The last group of digits alone, and with those before it, where they have a card's length together. */
function endings(groups: readonly string[], shortest: number): readonly string[] {
  const found: string[] = [];
  let digits = '';
  for (let i = groups.length - 1; i >= 0; i--) {
    digits = `${groups[i]}${digits}`;
    if (digits.length > LENGTHS.longest) break;
    if (digits.length >= shortest) found.push(digits);
    if ((groups[i]?.length ?? 0) > LONGEST_GROUP) break;
  }
  return found;
}

// Some origins read other scripts' digits as digits, and pass over characters that nobody sees.
function plain(text: string): string {
  if (isAscii(text)) return text;
  const visible = text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  return visible.replaceAll(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

// Unicode keeps each script's ten digits in a row (The Unicode Standard, 4.6): count back to its zero.
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return value;
}

// Until 2028 an order number YYMMDDhhmmss… begins like a card of Mastercard's second series (2221 to 2720).
const TIME_LIKE = /^2[2-7](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d/;

function hasScheme(digits: string): boolean {
  if (TIME_LIKE.test(digits)) return false;
  return lengthsOfScheme(digits).includes(digits.length);
}

function isAscii(text: string): boolean {
  return !/[^ -~\s]/.test(text);
}
