/**
 * Card numbers for tests, with their check digits.
 */
/** Luhn-valid numbers, each another card, all of one BIN. */
export function cards(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => withCheckDigit(`424242${String(index).padStart(9, '0')}`));
}

export function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
