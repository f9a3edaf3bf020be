/**
 * The visits of attempts that are on record with their outcomes: what is read again when the object begins anew.
 */
import type { Visited } from '../velocity/session-use.ts';
import { firstIdOf, timeOf } from './evaluation-id.ts';

/** The newest: to read them takes a few milliseconds, once, however many there are. */
const READ_LIMIT = 4_096;

export interface VisitOnRecord {
  readonly visit: Visited;
  /** When it began, ms since the epoch. */
  readonly at: number;
}

export class VisitsOnRecord {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Oldest first; `time` in ms since the epoch. */
  since(time: number): readonly VisitOnRecord[] {
    const rows = this.#sql.exec<{ evaluation: string; visit: string | null }>(
      `SELECT evaluation, json_extract(attempt, '$.visit') AS visit FROM outcomes
         WHERE evaluation >= ? ORDER BY evaluation DESC LIMIT ?`,
      firstIdOf(time),
      READ_LIMIT,
    );
    const known = [...rows].flatMap(({ evaluation, visit }): readonly VisitOnRecord[] => {
      return visit === null ? [] : [{ visit: JSON.parse(visit) as Visited, at: timeOf(evaluation) }];
    });
    return known.reverse();
  }
}
