/**
 * Card numbers: reading one as it is typed, and telling whether some text holds one.
 * Nothing here keeps, logs or returns more of a number than its caller asked for.
 */
import creditCardType from 'credit-card-type';

const TYPED_NUMBER = /^\d(?:[ -]?\d){11,18}$/;
const BIN_DIGITS = 6;
const WHOLE_NUMBER_SOMEWHERE = /(?<![0-9A-Za-z])\d(?:[ .-]?\d){11,18}(?![0-9A-Za-z])/g;
// Barcodes (GTIN-13), phone numbers and millisecond times have 12 or 13 digits, and one in ten passes the check digit;
// hardly a living card has so few. Such a run counts as a card only where its name says so.
const UNMISTAKABLE_DIGITS = 14;
const CARD_NAME = /card|pan|number|account|cc/i;

/** The digits of a card number typed with or without single spaces or hyphens; null for anything but 12 to 19 of them. */
export function parseCardNumber(typed: string): string | null {
  return TYPED_NUMBER.test(typed) ? typed.replaceAll(/[ -]/g, '') : null;
}

/** The first six digits: the issuer, which may be kept and logged (PCI DSS 3.4.1). */
export function binOf(digits: string): string {
  return digits.slice(0, BIN_DIGITS);
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

/** Whether a text field called `name` holds what any reader would take for a card number, alone or inside other text. */
export function holdsCardNumber(text: string, name: string): boolean {
  for (const [run] of plain(text).matchAll(WHOLE_NUMBER_SOMEWHERE)) {
    const digits = run.replaceAll(/\D/g, '');
    const likely = digits.length >= UNMISTAKABLE_DIGITS || CARD_NAME.test(name);
    if (likely && isLuhnValid(digits) && hasScheme(digits)) return true;
  }
  return false;
}

// Full-width and other Unicode digits become ASCII: some origins read them as digits.
function plain(text: string): string {
  return isAscii(text) ? text : text.normalize('NFKC');
}

function hasScheme(digits: string): boolean {
  return creditCardType(digits).length > 0;
}

function isAscii(text: string): boolean {
  return !/[^ -~\s]/.test(text);
}
