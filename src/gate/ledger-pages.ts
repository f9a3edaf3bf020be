/**
 * What the gate has on record, a page at a time, for whoever compares it with a record of his own. Reads only. Ids begin
 * with their time, so a page is a stretch of time.
 */
import type { Verdict } from '../velocity/admission.ts';
import { placeholders } from './counter-rows.ts';
import type { KeptAttempt } from './ledger.ts';
import type { LedgerLine, LedgerPage, LedgerRecord, LedgerStretch } from './ledger-messages.ts';

const LIMIT = 500;
/** Durable Objects take 100 bound parameters a statement. */
const RECORDS_LIMIT = 50;

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  status: string | null;
  contradicted: number | null;
  settled_at: number | null;
  decline_reason: string | null;
  decline_code: string | null;
  payment_id: string | null;
}

export class LedgerPages {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The lines behind `after` and before `until`, in order of id: outcomes, and evaluations without one. */
  page({ after, until, limit }: LedgerStretch): LedgerPage {
    const most = Math.min(limit, LIMIT);
    const outcomes = this.#sql.exec<Row>(
      `SELECT evaluation AS id, status, contradicted, settled_at, decline_reason, decline_code, payment_id
         FROM outcomes WHERE evaluation > ? AND evaluation < ? ORDER BY evaluation LIMIT ?`,
      after,
      until,
      most,
    );
    const asked = this.#sql.exec<{ id: string }>(
      'SELECT evaluation AS id FROM evaluations WHERE evaluation > ? AND evaluation < ? ORDER BY evaluation LIMIT ?',
      after,
      until,
      most,
    );
    const lines = new Map<string, LedgerLine>([...outcomes].map((row) => [row.id, lineOf(row)]));
    for (const { id } of asked) if (!lines.has(id)) lines.set(id, { id, outcome: null });
    const sorted = [...lines.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, most);
    return { lines: sorted, next: sorted.length < most ? null : (sorted.at(-1)?.id ?? null) };
  }

  /** What evaluations can be told from again; nothing of those that nobody can tell. */
  records(ids: readonly string[]): readonly LedgerRecord[] {
    const some = ids.slice(0, RECORDS_LIMIT);
    if (some.length === 0) return [];
    const asked = this.#sql.exec<{
      id: string;
      record: string;
      verdicts: string;
      places: string;
      cards: string | null;
    }>(
      `SELECT evaluation AS id, record, verdicts, places, cards FROM evaluations
         WHERE evaluation IN (${placeholders(some)})`,
      ...some,
    );
    const kept = this.#sql.exec<{ id: string; attempt: string }>(
      `SELECT evaluation AS id, attempt FROM outcomes
         WHERE evaluation IN (${placeholders(some)}) AND json_type(attempt, '$.record') IS NOT NULL`,
      ...some,
    );
    return [
      ...[...asked].map(({ id, record, verdicts, places, cards }): LedgerRecord => {
        const keys = (JSON.parse(places) as { key: string }[]).map(({ key }) => key);
        const all = JSON.parse(verdicts) as Verdict[];
        const names = JSON.parse(cards ?? '[]') as string[];
        return { id, source: 'api', record, verdicts: all, keys, cards: names };
      }),
      ...[...kept].map(({ id, attempt }): LedgerRecord => {
        const { record = '', places, cards = [] } = JSON.parse(attempt) as KeptAttempt;
        return { id, source: 'proxy', record, verdicts: [], keys: places.map(({ key }) => key), cards };
      }),
    ];
  }
}

function lineOf(row: Row): LedgerLine {
  const { id, status, contradicted, settled_at, decline_reason, decline_code, payment_id } = row;
  return {
    id,
    outcome: {
      status: status as NonNullable<LedgerLine['outcome']>['status'],
      contradicted: contradicted === 1,
      settledAt: settled_at ?? 0,
      declineReason: decline_reason,
      declineCode: decline_code,
      paymentId: payment_id,
    },
  };
}
