/**
 * What is known of an attempt beside its outcome: a dispute, a fraud warning, a refusal by the processor's own tool.
 */
const SCHEMA = `CREATE TABLE IF NOT EXISTS labels (
  evaluation TEXT NOT NULL, label TEXT NOT NULL, labelled_at INTEGER NOT NULL, PRIMARY KEY (evaluation, label))
  WITHOUT ROWID`;

export interface StoredLabel {
  readonly label: string;
  /** ms since the epoch. */
  readonly labelledAt: number;
}

export class Labels {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  put(evaluation: string, labels: readonly string[], now: number): void {
    for (const label of labels)
      this.#sql.exec(
        'INSERT OR IGNORE INTO labels (evaluation, label, labelled_at) VALUES (?, ?, ?)',
        evaluation,
        label,
        now,
      );
  }

  of(evaluation: string): readonly StoredLabel[] {
    const rows = this.#sql.exec<{ label: string; labelled_at: number }>(
      'SELECT label, labelled_at FROM labels WHERE evaluation = ? ORDER BY labelled_at, label',
      evaluation,
    );
    return [...rows].map(({ label, labelled_at }) => ({ label, labelledAt: labelled_at }));
  }
}
