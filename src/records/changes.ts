/**
 * Who changed what, as the record tells it: the newest first, a page at a time, and as a stream of any length that holds
 * one page in memory.
 */
import { csvLine } from './csv.ts';
import type { Statement } from './decision-statement.ts';
import { inertJson } from './inert-text.ts';
import type { AskRecords, RecordsAnswer } from './records.ts';

/** Times are ms since the epoch. */
export interface ChangeFilter {
  /** Absent: of all merchants, and of the deployment. */
  readonly merchant?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly who?: string | undefined;
  /** `key.create`, or `key` for all that begin so. */
  readonly what?: string | undefined;
}

/** The last row of a page: the next one begins behind it. */
export interface ChangePlace {
  readonly at: number;
  readonly id: string;
}

export interface ChangePage {
  readonly filter: ChangeFilter;
  readonly after: ChangePlace | null;
  readonly limit: number;
}

/** A change as the API tells it; `merchant` is null for what concerns the whole deployment. */
export interface ToldChange {
  readonly id: string;
  readonly at: string;
  readonly merchant: string | null;
  readonly who: string;
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface ToldChanges {
  readonly changes: readonly ToldChange[];
  readonly next_cursor: string | null;
}

interface Row {
  readonly id: string;
  readonly merchant: string;
  readonly at: number;
  readonly who: string;
  readonly what: string;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
}

/** One row more than the page holds is asked for: it tells whether there is another page. */
export async function readChanges(ask: AskRecords, page: ChangePage): Promise<RecordsAnswer<ToldChanges>> {
  return ask(async (query) => {
    const [rows] = await query<[Row]>([changesStatement({ ...page, limit: page.limit + 1 })]);
    const shown = rows.slice(0, page.limit);
    const last = rows.length > page.limit ? shown.at(-1) : undefined;
    return { changes: shown.map(toldOf), next_cursor: last === undefined ? null : writeChangeCursor(last) };
  });
}

/** Looks ahead, so that whoever gets a file is told before its first line where the rest is; null where it is all. */
export async function endingOf(ask: AskRecords, page: ChangePage): Promise<RecordsAnswer<string | null>> {
  return ask(async (query) => {
    const { sql, binds } = changesStatement({ ...page, limit: 2 });
    const [rows] = await query<[Row]>([{ sql: `${sql} OFFSET ?`, binds: [...binds, page.limit - 1] }]);
    const [last, beyond] = rows;
    return last === undefined || beyond === undefined ? null : writeChangeCursor(last);
  });
}

/** A page as CSV. Where the database fails in the middle the stream does, so that nobody takes a part for the whole. */
export function streamChanges(
  ask: AskRecords,
  { filter, after: begin, limit }: ChangePage,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = begin;
  let left = limit;
  let opening = csvLine(COLUMNS);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const asked = Math.min(left, STREAMED_ROWS);
        const answer = await ask((query) => query<[Row]>([changesStatement({ filter, after, limit: asked })]));
        if (answer.kind !== 'answered') throw new Error('the record did not answer');
        const [rows] = answer.value;
        const text = opening + rows.map(lineOf).join('');
        if (text !== '') controller.enqueue(encoder.encode(text));
        opening = '';
        after = rows.at(-1) ?? after;
        left -= rows.length;
        if (rows.length < asked || left === 0) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** A row has 16 KB at the most. */
const STREAMED_ROWS = 250;
const COLUMNS = ['id', 'at', 'merchant', 'who', 'what', 'before', 'after'] as const;

/** The tables' indexes by time give the rows in their order (schema.ts). */
export function changesStatement({ filter, after, limit }: ChangePage): Statement {
  const { merchant, from, to, who, what } = filter;
  const conditions: readonly (readonly [string, readonly (string | number)[]] | null)[] = [
    merchant === undefined ? null : ['merchant = ?', [merchant]],
    from === undefined ? null : ['at >= ?', [from]],
    to === undefined ? null : ['at < ?', [to]],
    after === null ? null : ['(at, id) < (?, ?)', [after.at, after.id]],
    who === undefined ? null : ['who = ?', [who]],
    what === undefined ? null : ['(what = ? OR substr(what, 1, ?) = ?)', [what, what.length + 1, `${what}.`]],
  ];
  const given = conditions.filter((it) => it !== null);
  const where = given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`;
  const sql = `SELECT ${COLUMNS.join(', ')} FROM changes ${where} ORDER BY at DESC, id DESC LIMIT ?`;
  return { sql, binds: [...given.flatMap(([, binds]) => binds), limit] };
}

export function writeChangeCursor({ at, id }: ChangePlace): string {
  return new TextEncoder().encode(`${at} ${id}`).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Null for what is no cursor. */
export function readChangeCursor(cursor: string): ChangePlace | null {
  const [, at = '', id = ''] = CURSOR.exec(decode(cursor)) ?? [];
  const place = { at: Number(at), id };
  return id !== '' && writeChangeCursor(place) === cursor ? place : null;
}

const CURSOR = /^(\d{1,15}) ([\w:/-]{1,200})$/;

function decode(cursor: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(cursor, { alphabet: 'base64url' }));
  } catch {
    return '';
  }
}

function toldOf({ merchant, at, before, after, ...row }: Row): ToldChange {
  const told = { merchant: merchant === '' ? null : merchant, at: new Date(at).toISOString() };
  return { ...row, ...told, before: parsedOf(before), after: parsedOf(after) };
}

function lineOf(row: Row): string {
  const { id, at, merchant, who, what, before, after } = toldOf(row);
  const cells = [id, at, merchant, who, what, ...[before, after].map((it) => (it === null ? null : textOf(it)))];
  return csvLine(cells);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inertJson(value);
}

// What another release wrote may be no JSON.
function parsedOf(json: string | null): unknown {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
