/**
 * A merchant's decisions, a page at a time, and as a stream of any length that holds one page in memory.
 */
import { writeCursor } from './cursor.ts';
import type { DecisionRow } from './decision-record.ts';
import { lastIdStatement, type Page, rowsStatement } from './decision-statement.ts';
import type { AskRecords, RecordsAnswer } from './records.ts';

export interface DecisionPage {
  readonly rows: readonly DecisionRow[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Where an export ends: behind this row; null where there is nothing beyond. */
export interface Ending {
  readonly lastId: string | null;
  readonly nextCursor: string | null;
}

/** A row has a kilobyte. D1 allows a request 50 queries on the free plan: 100,000 rows fit in them. */
const STREAMED_ROWS = 2_500;

/** One row more than the page holds is asked for: it tells whether there is another page. */
export async function readPage(ask: AskRecords, page: Page): Promise<RecordsAnswer<DecisionPage>> {
  return ask(async (query) => {
    const [rows] = await query<[DecisionRow]>([rowsStatement({ ...page, limit: page.limit + 1 })]);
    const shown = rows.slice(0, page.limit);
    const last = rows.length > page.limit ? shown.at(-1) : undefined;
    return { rows: shown, nextCursor: last === undefined ? null : writeCursor(last.id, page.order) };
  });
}

/** Looks ahead, so that whoever gets the stream is told before its first line whether it is all. */
export async function endingOf(ask: AskRecords, page: Page): Promise<RecordsAnswer<Ending>> {
  return ask(async (query) => {
    const [ids] = await query<[{ id: string }]>([lastIdStatement(page)]);
    const [last, beyond] = ids;
    const lastId = last === undefined || beyond === undefined ? null : last.id;
    return { lastId, nextCursor: lastId === null ? null : writeCursor(lastId, page.order) };
  });
}

/**
 * The page's rows as lines, to its last row whatever comes meanwhile. Rows are read as the reader takes them. Where the
 * database fails in the middle the stream does, so that nobody takes a part for the whole.
 */
export function streamLines(
  ask: AskRecords,
  page: Page,
  { head, lineOf }: { head: string; lineOf: (row: DecisionRow) => string },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let { after } = page;
  let opening = head;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const portion = { ...page, after, limit: STREAMED_ROWS };
        const answer = await ask((query) => query<[DecisionRow]>([rowsStatement(portion)]));
        if (answer.kind !== 'answered') throw new Error('the record did not answer');
        const [rows] = answer.value;
        const text = opening + rows.map(lineOf).join('');
        if (text !== '') controller.enqueue(encoder.encode(text));
        opening = '';
        after = rows.at(-1)?.id ?? after;
        if (rows.length < STREAMED_ROWS) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
