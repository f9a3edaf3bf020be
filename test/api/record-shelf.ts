/**
 * A merchant's record for tests: decisions put where the queue would put them, and the calls that read them.
 */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { DecisionEntry, Entry, OutcomeEntry } from '../../src/journal/entry.ts';
import { insert } from '../../src/journal/insertion.ts';
import type { DecisionRecord } from '../../src/records/decision-record.ts';
import { decisionOf, idOf, type Shop } from '../support/decisions.ts';
import { api } from './backend.ts';

export const FROM = Date.UTC(2026, 10, 1, 10);
export const shopOf = (merchant: string): Shop => ({ merchant, from: FROM, everyMs: 60_000 });

/** A payment that nothing stands against, unless `change` says otherwise. */
export function plain(merchant: string, at: number, change: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    ...decisionOf(shopOf(merchant), at),
    decision: 'allow',
    would_be: 'allow',
    route: 'pay',
    country: 'NL',
    asn: 1136,
    ip: '203.0.113.9',
    ip_prefix: '203.0.113.0/24',
    bin: '424242',
    card: `fp_${'a'.repeat(43)}`,
    customer: null,
    session: null,
    reasons: [],
    outcome: null,
    ...change,
  };
}

export function outcomeOf(merchant: string, at: number, change: Partial<OutcomeEntry> = {}): OutcomeEntry {
  return {
    kind: 'outcome',
    merchant,
    at: FROM + at * 60_000 + 1_000,
    evaluation: idOf(shopOf(merchant), at),
    try: null,
    status: 'succeeded',
    decline_reason: null,
    decline_code: null,
    payment_id: null,
    contradicted: false,
    told_by: 'answer',
    ...change,
  };
}

export function put(...entries: readonly Entry[]): Promise<void> {
  return insert(env.RECORDS, entries);
}

export interface ListedPage {
  readonly decisions: readonly DecisionRecord[];
  readonly next_cursor: string | null;
}

export async function list(merchant: string, query: string): Promise<ListedPage> {
  const answer = await api('GET', `/merchants/${merchant}/decisions?${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json();
}

/** Which of the shop's decisions a query finds, by their numbers. */
export async function found(merchant: string, query: string, count = 100): Promise<readonly number[]> {
  const { decisions } = await list(merchant, query);
  const shop = shopOf(merchant);
  const numbers = new Map(Array.from({ length: count }, (_, at) => [idOf(shop, at), at]));
  return decisions.map(({ id }) => numbers.get(id) ?? Number.NaN);
}
