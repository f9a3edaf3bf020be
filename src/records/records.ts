/**
 * The record's database as readers meet it: it may be absent, down or slow, and each is a named arm. Payments never
 * come here.
 */
import { Deadlines } from '../gate/deadline.ts';
import { log, nameOf } from '../journal/log.ts';
import { ensureSchema } from '../journal/schema.ts';
import type { Statement } from './decision-statement.ts';

export type RecordsAnswer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** The deployment keeps no record: there is no binding. */
  | { readonly kind: 'off' }
  | { readonly kind: 'unavailable' };

export type AskRecords = <T>(ask: (query: Query) => Promise<T>) => Promise<RecordsAnswer<T>>;

/** All statements in one round; one list of rows for each. */
export type Query = <T extends readonly unknown[]>(
  statements: readonly Statement[],
) => Promise<{ [K in keyof T]: readonly T[K][] }>;

/** D1 stops a statement after 30 seconds; an analyst who waits so long has asked again. */
const ANSWER_TIMEOUT_MS = 10_000;
const LATE = Symbol('late');

export function recordsOf(database: D1Database | null): AskRecords {
  return async (ask) => {
    if (database === null) return { kind: 'off' };
    try {
      const answer = Promise.try(async () => {
        await ensureSchema(database);
        return ask(queryOf(database));
      });
      const value = await new Deadlines().within(ANSWER_TIMEOUT_MS, answer, LATE);
      if (value === LATE) throw new Error('timeout');
      return { kind: 'answered', value };
    } catch (error) {
      log({ event: 'records_unavailable', error: nameOf(error) });
      return { kind: 'unavailable' };
    }
  };
}

function queryOf(database: D1Database): Query {
  return async <T extends readonly unknown[]>(statements: readonly Statement[]) => {
    const prepared = statements.map(({ sql, binds }) => database.prepare(sql).bind(...binds));
    const answers = await database.batch(prepared);
    return answers.map(({ results }) => results) as unknown as { [K in keyof T]: readonly T[K][] };
  };
}
