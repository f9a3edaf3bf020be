/**
 * Currencies as ISO 4217 has them: three letters that a stranger makes up are none, or the record would have a total for
 * each of 17,576. Pure.
 */
let known: ReadonlySet<string> | null = null;

/** In upper case; null for what is no currency. The list is the platform's own (ECMA-402), read when it is first asked for. */
export function currencyOf(code: string | null | undefined): string | null {
  if (code === null || code === undefined) return null;
  known ??= new Set(Intl.supportedValuesOf('currency'));
  const upper = code.toUpperCase();
  return code.length === 3 && known.has(upper) ? upper : null;
}
