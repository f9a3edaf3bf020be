/**
 * Decisions as lines: of a CSV file for a spreadsheet, or of a file that the replay reads (NDJSON, the contract's replay
 * format). Cards are fingerprints in both.
 */
import { type Cell, csvLine } from './csv.ts';
import { type DecisionRow, labelsOf, outcomeOf, reasonsOf, timeText, wordOf } from './decision-record.ts';
import { inertJson } from './inert-text.ts';

/** Column → its cell. */
const COLUMNS: Readonly<Record<string, (row: DecisionRow) => Cell>> = {
  created_at: ({ at }) => timeText(at),
  id: ({ id }) => id,
  decision: ({ decision }) => decision,
  would_be: ({ would_be }) => would_be,
  mode: ({ mode }) => mode,
  source: ({ source }) => source,
  route: ({ route }) => route,
  kind: ({ kind }) => kind,
  country: ({ country }) => country,
  asn: ({ asn }) => asn,
  ip: ({ ip }) => ip,
  bin: ({ bin }) => bin,
  card: ({ card }) => card,
  customer_id: ({ customer }) => customer,
  session: ({ session }) => session,
  amount: ({ amount }) => amount,
  currency: ({ currency }) => currency,
  risk_score: ({ risk_score }) => risk_score,
  risk_level: ({ risk_level }) => risk_level,
  reasons: (row) => reasonsOf(row).map(wordOf).join(' '),
  outcome: ({ status }) => status,
  decline_reason: ({ decline_reason }) => decline_reason,
  decline_code: ({ decline_code }) => decline_code,
  processor_payment_id: ({ payment_id }) => payment_id,
  contradicted: (row) => outcomeOf(row)?.contradicted ?? null,
  settled_at: (row) => outcomeOf(row)?.settled_at ?? null,
  told_by: ({ told_by }) => told_by,
  labels: (row) => labelsOf(row).join(' '),
  repeats: ({ repeats }) => repeats,
  config_version: ({ config_version }) => config_version,
};

export const CSV_HEAD = csvLine(Object.keys(COLUMNS));

export function csvOf(row: DecisionRow): string {
  return csvLine(Object.values(COLUMNS).map((cell) => cell(row)));
}

/** A line of the replay. What is not known is left out; an attempt of which nobody said anything is `unknown`. */
export function replayLineOf(row: DecisionRow): string {
  const { status, decline_reason } = row;
  const outcome = {
    status: status ?? 'unknown',
    ...(status === 'failed' && decline_reason !== null && { decline_reason }),
  };
  const line = { at: timeText(row.at), attempt: attemptOf(row), outcome, ...challengePassedOf(row) };
  return `${inertJson(line)}\n`;
}

function attemptOf(row: DecisionRow) {
  const { ip, country, asn, card, bin, customer, session, amount, currency, kind } = row;
  const whence = { ...(ip !== null && { ip }), ...(country !== null && { country }), ...(asn !== null && { asn }) };
  const payer = {
    ...(customer !== null && { customer_id: customer }),
    ...(session !== null && { session_id: session }),
  };
  return {
    ...whence,
    ...(card !== null && { card: { fingerprint: card, ...(bin !== null && { bin }) } }),
    ...payer,
    ...(amount !== null && { amount }),
    ...(currency !== null && { currency }),
    ...(kind !== null && { kind }),
  };
}

function challengePassedOf({ challenges }: DecisionRow) {
  const met = JSON.parse(challenges) as readonly (readonly [method: string, what: string])[];
  if (met.length === 0) return {};
  const passed = new Set(met.flatMap(([method, what]) => (what === 'passed' ? [method] : [])));
  return { challenge_passed: Object.fromEntries(met.map(([method]) => [method, passed.has(method)])) };
}
