/**
 * What the cron does for the record, a bounded step each time it comes: rows that are over go, and what the gates have
 * is compared with what the record has. Merchants take turns.
 */
import type { Environment } from '../config/environment.ts';
import { MerchantStore } from '../config/merchant-store.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { firstIdOf } from '../gate/evaluation-id.ts';
import { askGate } from '../gate/gate-client.ts';
import type { Afterwards } from './journal.ts';
import { log, nameOf } from './log.ts';
import { type LedgerSource, reconcile } from './reconciliation.ts';
import { expire, merchantAfter } from './retention.ts';
import { ensureSchema } from './schema.ts';

const DAY_MS = 86_400_000;
/** Of a merchant that is no more. */
export const DEFAULT_RETENTION_MS = 90 * DAY_MS;
/** As long as the gate keeps an outcome. */
export const LEDGER_KEPT_MS = 7 * DAY_MS;
/** What the queue is still bringing is not missing. */
const SETTLED_AFTER_MS = 120_000;
const MERCHANTS_A_STEP = 10;
export const LINES_A_STEP = 500;
/** Pages of what has come since the last time, and of the week before. */
const PAGES = { recent: 4, round: 1 } as const;

export interface Tending {
  readonly environment: Environment;
  readonly policies: Policies;
  readonly afterwards: Afterwards;
  /** ms since the epoch. */
  readonly now: number;
}

/** One step. What fails is logged, and is done another time. */
export async function tendRecords(tending: Tending): Promise<void> {
  const { records } = tending.environment;
  if (records === null) return;
  for (const part of [expireSome, reconcileSome]) {
    try {
      await ensureSchema(records);
      await part(tending, records);
    } catch (error) {
      log({ event: 'journal_not_tended', error: nameOf(error) });
    }
  }
}

async function expireSome({ policies, afterwards, now }: Tending, records: D1Database): Promise<void> {
  let merchant = await readTurn(records, 'retention');
  for (let n = 0; n < MERCHANTS_A_STEP; n++) {
    const next = await merchantAfter(records, merchant);
    merchant = next ?? '';
    if (next === null) break;
    const inForce = await policies.ofMerchant(next, now, afterwards);
    await expire(records, { merchant: next, keptMs: inForce?.policy.retentionMs ?? DEFAULT_RETENTION_MS, now });
  }
  await writeTurn(records, 'retention', merchant);
}

async function reconcileSome(tending: Tending, records: D1Database): Promise<void> {
  const { environment, policies, afterwards, now } = tending;
  const all = await new MerchantStore(environment.merchants).list();
  const { results } = await records
    .prepare(
      'SELECT value AS id FROM json_each(?) LEFT JOIN reconciliations r ON r.merchant = value ORDER BY r.at LIMIT ?',
    )
    .bind(JSON.stringify(all), MERCHANTS_A_STEP)
    .all<{ id: string }>();
  for (const { id } of results) {
    const inForce = await policies.ofMerchant(id, now, afterwards);
    if (inForce !== null) await reconcileMerchant(inForce.policy, { environment, records, now });
    else
      await records.prepare('INSERT OR REPLACE INTO reconciliations (merchant, at) VALUES (?, ?)').bind(id, now).run();
  }
}

interface At {
  readonly environment: Environment;
  readonly records: D1Database;
  readonly now: number;
}

/** First what has come since the last time, then a page of the round through all that the gate keeps. */
async function reconcileMerchant(policy: Policy, { environment, records, now }: At): Promise<void> {
  const { merchant, retentionMs: keptMs } = policy;
  const turn = await records
    .prepare('SELECT recent, round FROM reconciliations WHERE merchant = ?')
    .bind(merchant)
    .first<{ recent: string | null; round: string | null }>();
  const reconciling = { records, ledger: ledgerOf(environment, policy), merchant, keptMs, now };
  const until = firstIdOf(now - SETTLED_AFTER_MS);
  const begin = firstIdOf(now - LEDGER_KEPT_MS);
  let recent = turn?.recent ?? begin;
  for (let page = 0; page < PAGES.recent && recent < until; page++) {
    const { next } = await reconcile({ after: recent, until, limit: LINES_A_STEP }, reconciling);
    recent = next ?? until;
  }
  // A later word about an older attempt changes a line that was compared before.
  const round = turn?.round ?? begin;
  const { next } = await reconcile({ after: laterOf(round, begin), until, limit: LINES_A_STEP }, reconciling);
  await records
    .prepare('INSERT OR REPLACE INTO reconciliations (merchant, recent, round, at) VALUES (?, ?, ?, ?)')
    .bind(merchant, recent, next, now)
    .run();
}

function laterOf(one: string, other: string): string {
  return one > other ? one : other;
}

export class GateSilent extends Error {
  override readonly name = 'GateSilent';
}

/** A merchant's ledger, asked of its gate. */
export function ledgerOf({ gates }: Environment, policy: Policy): LedgerSource {
  return {
    page: async (stretch) => {
      const answer = await askGate(gates, policy, (gate) => gate.ledgerPage(stretch));
      if (answer.kind === 'unavailable') throw new GateSilent();
      return answer.value;
    },
    records: async (ids) => {
      const answer = await askGate(gates, policy, (gate) => gate.ledgerRecords(ids));
      if (answer.kind === 'unavailable') throw new GateSilent();
      return answer.value;
    },
  };
}

async function readTurn(records: D1Database, name: string): Promise<string> {
  return (await records.prepare('SELECT value FROM turns WHERE name = ?').bind(name).first<string>('value')) ?? '';
}

async function writeTurn(records: D1Database, name: string, value: string): Promise<void> {
  await records.prepare('INSERT OR REPLACE INTO turns (name, value) VALUES (?, ?)').bind(name, value).run();
}
