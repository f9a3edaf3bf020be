// A row of somebody's CSV file, by the names of its columns: as they are spelled today, and as they were.

import { holdsCardNumber } from '../../../src/attempt/card-number.ts';

/** What is wrong with a row. It names columns, never what stands in them. */
export class BadRow extends Error {}

export class Row {
  readonly #cells: Readonly<Record<string, string>>;

  /** Names of columns in lower case. */
  constructor(cells: Readonly<Record<string, string>>) {
    this.#cells = cells;
  }

  /** The first of these columns that has something in it. */
  get(...columns: readonly string[]): string | undefined {
    for (const column of columns) {
      const cell = this.#cells[column.toLowerCase()]?.trim();
      if (cell !== undefined && cell !== '') return cell;
    }
    return undefined;
  }

  /** The same, where it must be there. */
  need(...columns: readonly string[]): string {
    const cell = this.get(...columns);
    if (cell === undefined) throw new BadRow(`has no ${columns[0]}`);
    return cell;
  }

  /** The same, for what goes on into a file: a card number never does, wherever it stands. */
  identity(...columns: readonly string[]): string | undefined {
    const cell = this.get(...columns);
    if (cell !== undefined && holdsCardNumber(cell, '/card'))
      throw new BadRow(`${columns[0]} looks like a card number`);
    return cell;
  }

  /** ISO 3166-1 alpha-2. */
  country(...columns: readonly string[]): string | undefined {
    const cell = this.get(...columns)?.toUpperCase();
    return cell !== undefined && /^[A-Z]{2}$/.test(cell) ? cell : undefined;
  }
}

/** `20.00`, `1,234.50` or `20,00` in the currency's minor unit, by as many digits as ISO 4217 gives it. */
export function minorAmount(text: string, currency: string): number {
  const plain = /,\d{1,2}$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  if (!/^\d+(?:\.\d+)?$/.test(plain)) throw new BadRow('has an amount that is none');
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return Math.round(Number(plain) * 10 ** digits);
}

/** An ISO 4217 code, in whichever case. */
export function currencyOf(text: string): string {
  const currency = text.toUpperCase();
  if (!/^[A-Z]{3}$/.test(currency)) throw new BadRow('has a currency that is none');
  return currency;
}

const written = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$/;

/** A time as it is written in a file, in RFC 3339. `offset`, `Z` or `+01:00`, is of one that tells none itself. */
export function timeOf(text: string, offset: string): string {
  const [, day, minutes, seconds = ':00', own = offset] = written.exec(text) ?? [];
  // V8 reads nearly any text as some time.
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${minutes}${seconds}${own}`);
  if (Number.isNaN(at)) throw new BadRow('has a time that is none');
  return new Date(at).toISOString();
}
