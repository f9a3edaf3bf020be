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
  /** Most shops' processors say nothing of the kind. */
  #mayBeAny: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
    this.#mayBeAny = sql.exec('SELECT 1 FROM labels LIMIT 1').toArray().length > 0;
  }

  put(evaluation: string, labels: readonly string[], now: number): void {
    if (labels.length > 0) this.#mayBeAny = true;
    for (const label of labels)
      this.#sql.exec(
        'INSERT OR IGNORE INTO labels (evaluation, label, labelled_at) VALUES (?, ?, ?)',
        evaluation,
        label,
        now,
      );
  }

  of(evaluation: string): readonly StoredLabel[] {
    if (!this.#mayBeAny) return [];
    const rows = this.#sql.exec<{ label: string; labelled_at: number }>(
      'SELECT label, labelled_at FROM labels WHERE evaluation = ? ORDER BY labelled_at, label',
      evaluation,
    );
    return [...rows].map(({ label, labelled_at }) => ({ label, labelledAt: labelled_at }));
  }
}
