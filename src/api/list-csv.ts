/**
 * The CSV of an import, line by line: a record is one line, so that what is wrong with one spoils no other. Papa Parse
 * reads the cells. Nothing here repeats what was written.
 */
import Papa from 'papaparse';

export const COLUMNS = ['type', 'value', 'reason', 'expires_at'] as const;
export type Column = (typeof COLUMNS)[number];

/** Longer than any line of good cells, quoted. */
const LINE_LIMIT = 2_000;
const NEEDED: readonly Column[] = ['type', 'value'];
const ESCAPE_BOM = '\ufeff';

export type Row =
  | { readonly line: number; readonly ok: true; readonly cells: Readonly<Partial<Record<Column, string>>> }
  | { readonly line: number; readonly ok: false; readonly message: string };

export type Header =
  | { readonly ok: true; readonly columns: readonly Column[]; readonly delimiter: string }
  | { readonly ok: false; readonly message: string };

/** Lines are numbered from 1, as editors do; the header is the first. */
export function linesOf(text: string): readonly string[] {
  const plain = text.startsWith(ESCAPE_BOM) ? text.slice(1) : text;
  return plain.split(/\r\n|\n|\r/);
}

export function readHeader(line: string): Header {
  const delimiter = line.includes(',') ? ',' : ';';
  const cells = line.length > LINE_LIMIT ? [] : (cellsIn(line, delimiter) ?? []);
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const columns = names.filter((name): name is Column => COLUMNS.some((column) => column === name));
  const message = `the first line must name the columns: ${NEEDED.join(', ')}, and reason and expires_at where they are told`;
  if (columns.length < names.length || new Set(columns).size < columns.length) return { ok: false, message };
  return NEEDED.every((name) => columns.includes(name)) ? { ok: true, columns, delimiter } : { ok: false, message };
}

/** Null for an empty line. */
export function readRow(text: string, line: number, { columns, delimiter }: Extract<Header, { ok: true }>): Row | null {
  if (text.trim() === '') return null;
  if (text.length > LINE_LIMIT) return { line, ok: false, message: `is longer than ${LINE_LIMIT} characters` };
  const cells = cellsIn(text, delimiter);
  if (cells === null) return { line, ok: false, message: 'has quotes that do not match; a record is one line' };
  if (cells.length !== columns.length) {
    return { line, ok: false, message: `has ${cells.length} cells, where the first line has ${columns.length}` };
  }
  return { line, ok: true, cells: Object.fromEntries(columns.map((name, at) => [name, cells[at]?.trim()])) };
}

function cellsIn(line: string, delimiter: string): readonly string[] | null {
  const { data, errors } = Papa.parse<string[]>(line, { delimiter, newline: '\n' });
  return errors.length > 0 || data.length !== 1 ? null : (data[0] ?? null);
}
