/**
 * The record's tables in D1, made on first use. They only grow: a rolled-back release meets today's tables. Times are ms
 * since the epoch. A primary key begins with the merchant and goes on with an id that begins with its time, so that a
 * merchant's rows lie in order of time, and a table without a row id writes one row less for each.
 */
const FILTERS = [
  'decision',
  'would_be',
  'route',
  'country',
  'asn',
  'ip_prefix',
  'bin',
  'card',
  'customer',
  'session',
] as const;

const SCHEMA: readonly string[] = [
  // `batch`: the delivery that brought the row; only for those is anything counted. `detail`: JSON of the rest.
  `CREATE TABLE IF NOT EXISTS decisions (
     id TEXT NOT NULL, merchant TEXT NOT NULL, at INTEGER NOT NULL, decision TEXT NOT NULL, would_be TEXT NOT NULL,
     mode TEXT NOT NULL, source TEXT NOT NULL, route TEXT NOT NULL, kind TEXT, country TEXT, asn INTEGER, ip TEXT,
     ip_prefix TEXT, bin TEXT, card TEXT, customer TEXT, session TEXT, amount INTEGER, currency TEXT,
     risk_score INTEGER NOT NULL, risk_level TEXT NOT NULL, config_version TEXT NOT NULL, repeats INTEGER,
     batch TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (merchant, id)) WITHOUT ROWID`,
  ...FILTERS.map(
    (column) =>
      `CREATE INDEX IF NOT EXISTS decisions_by_${column} ON decisions (merchant, ${column}, id)
         ${column === 'decision' ? '' : `WHERE ${column} IS NOT NULL`}`,
  ),
  // `rule`: the reason's code, or `code:name`.
  `CREATE TABLE IF NOT EXISTS decision_rules (
     merchant TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, mode TEXT NOT NULL,
     PRIMARY KEY (merchant, rule, id, mode)) WITHOUT ROWID`,
  // `id`: the evaluation's, or `evaluation/try`. `was`: the status that the row was counted as before this batch.
  `CREATE TABLE IF NOT EXISTS outcomes (
     id TEXT NOT NULL, merchant TEXT NOT NULL, evaluation TEXT NOT NULL, status TEXT NOT NULL, decline_reason TEXT,
     decline_code TEXT, payment_id TEXT, contradicted INTEGER NOT NULL, settled_at INTEGER NOT NULL,
     told_by TEXT NOT NULL, began_at INTEGER NOT NULL, batch TEXT NOT NULL, was TEXT, was_reason TEXT,
     PRIMARY KEY (merchant, evaluation, id)) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS outcomes_by_status ON outcomes (merchant, status, evaluation)',
  `CREATE TABLE IF NOT EXISTS labels (
     evaluation TEXT NOT NULL, label TEXT NOT NULL, merchant TEXT NOT NULL, at INTEGER NOT NULL,
     PRIMARY KEY (merchant, evaluation, label)) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS challenges (
     evaluation TEXT NOT NULL, what TEXT NOT NULL, method TEXT NOT NULL, merchant TEXT NOT NULL, at INTEGER NOT NULL,
     batch TEXT NOT NULL, PRIMARY KEY (merchant, evaluation, what, method)) WITHOUT ROWID`,
  // `merchant` is empty for what concerns the whole deployment.
  `CREATE TABLE IF NOT EXISTS changes (
     id TEXT PRIMARY KEY, merchant TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
     before TEXT, after TEXT) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS changes_of_merchant ON changes (merchant, at, id)',
  'CREATE INDEX IF NOT EXISTS changes_by_time ON changes (at, id)',
  // Counted with the rows, and kept when those are gone. `start`: when the span began.
  `CREATE TABLE IF NOT EXISTS totals (
     merchant TEXT NOT NULL, span TEXT NOT NULL, start INTEGER NOT NULL, what TEXT NOT NULL, value TEXT NOT NULL,
     count INTEGER NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (merchant, span, start, what, value)) WITHOUT ROWID`,
  // How far the ledgers of the gates have been compared with the record, and whose turn it is.
  `CREATE TABLE IF NOT EXISTS reconciliations (
     merchant TEXT PRIMARY KEY, recent TEXT, round TEXT, at INTEGER NOT NULL) WITHOUT ROWID`,
  'CREATE TABLE IF NOT EXISTS turns (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
];

const made = new WeakMap<D1Database, Promise<void>>();

/** Makes what is not there yet, once an isolate; where that fails, the next call tries again. */
export function ensureSchema(records: D1Database): Promise<void> {
  const known = made.get(records);
  if (known !== undefined) return known;
  const making = records.batch(SCHEMA.map((statement) => records.prepare(statement))).then(() => {});
  made.set(records, making);
  making.catch(() => made.delete(records));
  return making;
}
