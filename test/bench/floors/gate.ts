/**
 * The floors' Durable Object: Cordon's messages and Cordon's rows, one statement for each table. It judges, reserves,
 * merges and expires nothing.
 */
import { DurableObject } from 'cloudflare:workers';
import type {
  Admission,
  AdmitRequest,
  Evaluated,
  EvaluateRequest,
  Kept,
  Report,
  Reported,
  Settled,
  Word,
} from '../../../src/gate/gate-messages.ts';
import { type Answering, callAlone, type TextCall } from '../../../src/gate/shared-calls.ts';
import type { Touch } from '../../../src/velocity/touch.ts';

// As wide as Cordon's (src/gate/ledger.ts, register.ts).
const SCHEMA = [
  `CREATE TABLE IF NOT EXISTS counters (
     key TEXT PRIMARY KEY, count REAL NOT NULL, expires_at INTEGER NOT NULL, shut_at INTEGER, parts TEXT)
     WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS outcomes (
     evaluation TEXT PRIMARY KEY, status TEXT NOT NULL, counted REAL NOT NULL, contradicted INTEGER NOT NULL,
     settled_at INTEGER NOT NULL, decline_reason TEXT, payment_id TEXT, decline_code TEXT, try_id TEXT, attempt TEXT)
     WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS evaluations (
     evaluation TEXT PRIMARY KEY, record TEXT NOT NULL, verdicts TEXT NOT NULL, places TEXT NOT NULL,
     guest INTEGER NOT NULL, reserved_until INTEGER, reservation_ms INTEGER NOT NULL, created_at INTEGER NOT NULL,
     cards TEXT)
     WITHOUT ROWID`,
];

/** By how many keys, as Cordon has them. */
const COUNTERS_IN = [...Array(90).keys()].map((keys) => {
  const some = Array(keys).fill('?').join(', ');
  return `SELECT key, count, expires_at, shut_at, parts FROM counters WHERE key IN (${some})`;
});

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  count: number;
  expires_at: number;
  shut_at: number | null;
  parts: string | null;
}

type Said = Pick<Word, 'status' | 'paymentId'> & { readonly evaluation: string };

export class Gate extends DurableObject implements Answering<string> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    for (const statement of SCHEMA) this.#sql.exec(statement);
  }

  answerAll(calls: readonly TextCall[]): readonly string[] {
    return calls.map((call) => callAlone(this, call));
  }

  admitText(request: string): string {
    return JSON.stringify(this.#admit(JSON.parse(request) as AdmitRequest));
  }

  settleText(word: string, kept: string): Settled['kind'] {
    const said = JSON.parse(word) as Said;
    const now = Date.now();
    if (said.status === 'failed') this.#count((JSON.parse(kept) as Kept).places, now);
    this.#putOutcome(said, kept, now);
    return 'recorded';
  }

  evaluateText(request: string): string {
    const { recording, ...asked } = JSON.parse(request) as EvaluateRequest;
    const admission = this.#admit(asked);
    const { evaluation, touches, reservationMs, cards } = asked;
    const reservedUntil = admission.kind === 'admitted' ? admission.reservedUntil : null;
    this.#sql.exec(
      'INSERT INTO evaluations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      evaluation,
      recording.record,
      '[]',
      JSON.stringify(touches),
      1,
      reservedUntil,
      reservationMs,
      Date.now(),
      JSON.stringify(cards),
    );
    const stored = { evaluation, record: recording.record, verdicts: [], reservedUntil, outcome: null, labels: [] };
    return JSON.stringify({ kind: 'evaluated', isRepeat: false, stored } satisfies Evaluated);
  }

  reportText(report: string): string {
    const { evaluation, status } = JSON.parse(report) as Report;
    const [row] = this.#sql.exec<{ record: string; places: string; reserved_until: number }>(
      'SELECT record, places, reserved_until FROM evaluations WHERE evaluation = ?',
      evaluation,
    );
    if (row === undefined) return JSON.stringify({ kind: 'unknown_evaluation' } satisfies Reported);
    const now = Date.now();
    if (status === 'failed') this.#count(JSON.parse(row.places) as readonly Touch[], now);
    this.#putOutcome({ evaluation, status, paymentId: null }, null, now);
    const outcome = {
      status,
      declineReason: null,
      declineCode: null,
      paymentId: null,
      contradicted: false,
      settledAt: now,
    };
    const { record, reserved_until: reservedUntil } = row;
    const stored = { evaluation, record, verdicts: [], reservedUntil, outcome, labels: [] };
    return JSON.stringify({ kind: 'recorded', stored } satisfies Reported);
  }

  #admit({ touches, reservationMs }: AdmitRequest): Admission {
    const now = Date.now();
    const rows = this.#sql.exec<Row>(COUNTERS_IN[touches.length] ?? '', ...touches.map(({ key }) => key));
    for (const { count, expires_at } of rows) {
      if (expires_at > now && count >= (touches[0]?.limit ?? 0)) return { kind: 'refused', verdicts: [] };
    }
    // Whoever asks knows his places: they are not said again.
    return { kind: 'admitted', verdicts: [], reservedUntil: now + reservationMs } as unknown as Admission;
  }

  #count(places: readonly Touch[], now: number): void {
    this.#sql.exec(
      `INSERT INTO counters (key, count, expires_at, shut_at) VALUES (?, 1, ?, NULL), (?, 1, ?, NULL), (?, 1, ?, NULL)
         ON CONFLICT (key) DO UPDATE SET count = count + 1, expires_at = excluded.expires_at`,
      ...places.flatMap(({ key, windowSeconds }) => [key, now + windowSeconds * 1000]),
    );
  }

  #putOutcome({ evaluation, status, paymentId = null }: Said, kept: string | null, now: number): void {
    this.#sql.exec(
      'INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      evaluation,
      status,
      status === 'failed' ? 1 : 0,
      0,
      now,
      null,
      paymentId,
      null,
      null,
      kept,
    );
  }
}
