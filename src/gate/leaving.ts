/**
 * Outcomes that leave the ledger, and whose payments they were. A backend's attempt has its places in a row of its own,
 * which may go before the outcome does: then they are kept with it. Times in ms since the epoch.
 */

/** A stretch of a table in order of its key: what is over by `before`. */
export interface Stretch {
  readonly after: string;
  readonly before: number;
  readonly limit: number;
}

// Labels that say that a payment was not the customer's own, or that it was given back; and a hit that turned out a decline.
const LEAVING = `SELECT l.settled_at, l.payment_id, l.try_id, coalesce(json_extract(l.attempt, '$.places'), e.places) AS places,
    (l.contradicted = 1 OR EXISTS (SELECT 1 FROM labels b WHERE b.evaluation = l.evaluation
      AND b.label IN ('dispute', 'fraud_warning', 'refund'))) AS bad
  FROM (SELECT * FROM outcomes WHERE evaluation > ? ORDER BY evaluation LIMIT ?) l
    LEFT JOIN evaluations e ON e.evaluation = l.evaluation
  WHERE l.settled_at <= ? AND ((l.status = 'succeeded' AND l.contradicted = 0) OR (l.status = 'failed' AND l.contradicted = 1))
    AND (instr(l.attempt, '"cleanHistory":{') OR instr(e.places, '"cleanHistory":{'))`;

// As the ledger keeps an attempt beside its outcome (gate-messages.ts, Kept).
const KEEP = `UPDATE outcomes SET attempt = (SELECT json_object('places', json(e.places), 'guest',
      json(iif(e.guest = 1, 'true', 'false')), 'reservationMs', e.reservation_ms, 'cards', json(coalesce(e.cards, '[]')))
    FROM evaluations e WHERE e.evaluation = outcomes.evaluation)
  WHERE attempt IS NULL AND settled_at > ?3 AND evaluation IN (SELECT evaluation FROM
    (SELECT * FROM evaluations WHERE evaluation > ?1 ORDER BY evaluation LIMIT ?2)
    WHERE created_at <= ?3 AND instr(places, '"cleanHistory":{'))`;

export interface Leaving {
  /** As a text. */
  readonly places: string;
  /** Every id of the processor's by which it is known. */
  readonly paymentIds: readonly string[];
  readonly settledAt: number;
  /** Whether it earns nobody trust. */
  readonly isBad: boolean;
}

interface Row extends Record<string, SqlStorageValue> {
  settled_at: number;
  payment_id: string | null;
  try_id: string | null;
  places: string;
  bad: number;
}

export function leavingIn(sql: SqlStorage, { after, before, limit }: Stretch): readonly Leaving[] {
  const rows = sql.exec<Row>(LEAVING, after, limit, before).toArray();
  return rows.map(({ places, payment_id: payment, try_id: tried, settled_at: settledAt, bad }) => {
    const paymentIds = [...new Set([payment, tried])].filter((id) => id !== null);
    return { places, paymentIds, settledAt, isBad: bad === 1 };
  });
}

/** Evaluations are about to go whose outcomes came later, and stay. */
export function keepWithOutcomes(sql: SqlStorage, { after, before, limit }: Stretch): void {
  sql.exec(KEEP, after, limit, before);
}
