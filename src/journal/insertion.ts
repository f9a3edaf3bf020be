/**
 * The statements that put rows into the record: run as one transaction, any number of times, with the same result.
 * Rows carry the name of the lot that brought them, and only those are counted (totals.ts).
 */
import type { Entry } from './entry.ts';
import { type Rows, rowsOf } from './rows.ts';
import { ensureSchema } from './schema.ts';
import { totalsStatements } from './totals.ts';

const DECISION_COLUMNS = [
  'id',
  'merchant',
  'at',
  'decision',
  'would_be',
  'mode',
  'source',
  'route',
  'kind',
  'country',
  'asn',
  'ip',
  'ip_prefix',
  'bin',
  'card',
  'customer',
  'session',
  'amount',
  'currency',
  'risk_score',
  'risk_level',
  'config_version',
  'repeats',
] as const;
const OUTCOME_COLUMNS = [
  'id',
  'merchant',
  'evaluation',
  'status',
  'decline_reason',
  'decline_code',
  'payment_id',
  'contradicted',
  'settled_at',
  'told_by',
  'began_at',
] as const;

const valuesOf = (columns: readonly string[]) => columns.map((column) => `value->>'${column}'`).join(', ');

const INSERT_DECISIONS = `INSERT INTO decisions (${DECISION_COLUMNS.join(', ')}, detail, batch)
  SELECT ${valuesOf(DECISION_COLUMNS)}, value->'detail', ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;

const INSERT_RULES = `INSERT INTO decision_rules (merchant, rule, id, mode)
  SELECT ${valuesOf(['merchant', 'rule', 'id', 'mode'])} FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;

const rankOf = (table: string) =>
  `CASE ${table}.status WHEN 'failed' THEN 3 WHEN 'succeeded' THEN 2 WHEN 'pending' THEN 1 ELSE 0 END`;

/**
 * As the gate settles: a last word beats `pending` and `unknown`, and a failure a success, whatever comes first. What
 * the gate itself says of a payment that waited in vain ends the waiting.
 */
const INSERT_OUTCOMES = `INSERT INTO outcomes (${OUTCOME_COLUMNS.join(', ')}, batch)
  SELECT ${valuesOf(OUTCOME_COLUMNS)}, ?2 FROM json_each(?1) WHERE true
  ON CONFLICT (merchant, evaluation, id) DO UPDATE SET
    status = excluded.status, decline_reason = excluded.decline_reason, decline_code = excluded.decline_code,
    payment_id = coalesce(excluded.payment_id, payment_id), contradicted = max(contradicted, excluded.contradicted),
    settled_at = excluded.settled_at, told_by = excluded.told_by, batch = excluded.batch,
    was = CASE WHEN outcomes.batch = excluded.batch THEN was ELSE outcomes.status END,
    was_reason = CASE WHEN outcomes.batch = excluded.batch THEN was_reason ELSE outcomes.decline_reason END
  WHERE ${rankOf('excluded')} > ${rankOf('outcomes')}
    OR (excluded.told_by = 'gate' AND excluded.status = 'unknown' AND outcomes.status = 'pending')`;

const INSERT_LABELS = `INSERT INTO labels (evaluation, label, merchant, at)
  SELECT ${valuesOf(['evaluation', 'label', 'merchant', 'at'])} FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;

const CHALLENGE_COLUMNS = ['evaluation', 'what', 'method', 'merchant', 'at'] as const;
const INSERT_CHALLENGES = `INSERT INTO challenges (${CHALLENGE_COLUMNS.join(', ')}, batch)
  SELECT ${valuesOf(CHALLENGE_COLUMNS)}, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;

const INSERT_CHANGES = `INSERT INTO changes (id, merchant, at, who, what, before, after)
  SELECT ${valuesOf(['id', 'merchant', 'at', 'who', 'what'])}, value->'before', value->'after' FROM json_each(?1)
  WHERE true ON CONFLICT DO NOTHING`;

/** D1 takes values of 2 MB: so many messages, or entries as long as they mostly are, make half of one. */
const MESSAGES_AT_ONCE = 15;
const ENTRIES_AT_ONCE = 500;

/** An entry that is none of this release, or not what its kind demands. */
class EntryFault extends Error {
  override readonly name = 'EntryFault';
}

/** Whether it fails for what an entry is, and so would again: anything else may go better later. */
export function isAtFault(error: unknown): boolean {
  if (error instanceof EntryFault) return true;
  return error instanceof Error && /SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG)|malformed JSON|too big/i.test(error.message);
}

/** For whoever looks at what was kept aside. */
export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : 'unknown';
}

/** Puts entries into the record, all or none: one transaction. */
export function insert(records: D1Database, entries: readonly Entry[]): Promise<void> {
  return insertLots(records, lotsOf(entries, ENTRIES_AT_ONCE));
}

/** The same of the entries of several messages. */
export function insertMessages(records: D1Database, messages: readonly (readonly Entry[])[]): Promise<void> {
  return insertLots(
    records,
    lotsOf(messages, MESSAGES_AT_ONCE).map((some) => some.flat()),
  );
}

async function insertLots(records: D1Database, lots: readonly (readonly Entry[])[]): Promise<void> {
  await ensureSchema(records);
  const statements = lots.flatMap((entries) => insertStatements(records, readRows(entries), crypto.randomUUID()));
  if (statements.length > 0) await records.batch(statements);
}

function lotsOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

function readRows(entries: readonly Entry[]): Rows {
  try {
    return rowsOf(entries);
  } catch (error) {
    throw new EntryFault(error instanceof Error ? error.message.slice(0, 100) : 'unknown');
  }
}

/** `batch`: names this lot of rows, and no other. */
function insertStatements(records: D1Database, rows: Rows, batch: string): readonly D1PreparedStatement[] {
  const put = (sql: string, some: readonly object[], further: readonly string[]) =>
    some.length === 0 ? [] : [records.prepare(sql).bind(JSON.stringify(some), ...further)];
  return [
    ...put(INSERT_DECISIONS, rows.decisions, [batch]),
    ...put(INSERT_RULES, rows.rules, []),
    ...put(INSERT_OUTCOMES, rows.outcomes, [batch]),
    ...put(INSERT_LABELS, rows.labels, []),
    ...put(INSERT_CHALLENGES, rows.challenges, [batch]),
    ...put(INSERT_CHANGES, rows.changes, []),
    ...totalsStatements(records, rows, batch),
  ];
}
