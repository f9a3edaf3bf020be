/**
 * CSV (RFC 4180) that a spreadsheet shows and never runs: a cell that it could take for a formula gets an apostrophe, and
 * characters that are not to be seen become `�`. What was recorded to the character is in JSON and NDJSON.
 */
import { inertText } from './inert-text.ts';

export type Cell = string | number | boolean | null;

/**
 * Where a spreadsheet may see a cell begin: at its start, and behind a `;`, where that is its separator (a quote in the
 * middle of what it takes for a cell protects nothing). East Asian ones take the wide signs too (OWASP, CSV injection).
 */
const FORMULA = /(^|;)(?=["'\s]*[=+\-@＝＋－＠])/gu;
const NEEDS_QUOTES = /[",;'\s]/;

/** One record with its line end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const inert = inertText(cell).replaceAll(FORMULA, "$1'");
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
