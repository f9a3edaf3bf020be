/**
 * Decisions as points of Analytics Engine, for charts over volumes that D1 does not carry. The platform samples them and
 * keeps them for three months; they hold no identity. What stands where is the order of these lists: they only grow.
 */
import type { DecisionEntry } from './entry.ts';

export function pointOf(entry: DecisionEntry): AnalyticsEngineDataPoint {
  const { timing, outcome, reasons } = entry;
  const [first] = reasons;
  return {
    indexes: [entry.merchant],
    blobs: [
      entry.decision,
      entry.would_be,
      entry.mode,
      entry.source,
      entry.route,
      entry.country,
      outcome?.status ?? null,
      outcome?.decline_reason ?? null,
      first === undefined ? null : first.rule === undefined ? first.code : `${first.code}:${first.rule}`,
      entry.currency,
    ],
    doubles: [
      entry.repeats ?? 1,
      entry.amount ?? 0,
      entry.risk_score,
      entry.asn ?? 0,
      timing?.read ?? 0,
      timing?.judge ?? 0,
      timing?.origin ?? 0,
      entry.origin ?? 0,
    ],
  };
}
