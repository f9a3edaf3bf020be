// The words of the commands about the record. Whether a filter makes sense is the server's to say.

import type { DecisionFilter, StatsQuestion } from '../../src/client/client.ts';
import { UsageError } from './usage.ts';

export type RecordCommand =
  | { kind: 'decisions'; merchant: string; filter: DecisionFilter; limit: number; file: FileWanted | undefined }
  | { kind: 'explain'; merchant: string; evaluation: string }
  | { kind: 'stats'; merchant: string; question: StatsQuestion };

export interface FileWanted {
  format: 'csv' | 'ndjson';
  /** `-`: standard output. */
  path: string;
}

export const recordOptions = {
  from: { type: 'string' },
  to: { type: 'string' },
  since: { type: 'string' },
  decision: { type: 'string' },
  'would-be': { type: 'string' },
  rule: { type: 'string' },
  country: { type: 'string' },
  asn: { type: 'string' },
  bin: { type: 'string' },
  fingerprint: { type: 'string' },
  session: { type: 'string' },
  outcome: { type: 'string' },
  route: { type: 'string' },
  limit: { type: 'string' },
  csv: { type: 'string' },
  ndjson: { type: 'string' },
  span: { type: 'string' },
  what: { type: 'string' },
} as const;

type Values = { readonly [name in keyof typeof recordOptions]?: string | undefined } & {
  readonly ip?: string | undefined;
  readonly customer?: string | undefined;
};

/** The options that each of the commands knows. */
export const recordOwnOptions = {
  decisions: [
    ...(['from', 'to', 'since', 'decision', 'would-be', 'rule', 'country', 'asn', 'bin', 'fingerprint'] as const),
    ...(['session', 'outcome', 'route', 'limit', 'csv', 'ndjson', 'ip', 'customer'] as const),
  ],
  stats: ['from', 'to', 'since', 'span', 'what'],
} as const;

const defaultLimit = 50;
const evaluationId = /^ev_[0-9a-f]{32}([a-z0-9_-]{1,64})$/;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export function readDecisions(merchant: string, values: Values): RecordCommand {
  const { decision, rule, country, bin, session, outcome, route, ip, customer, fingerprint: card } = values;
  const asn = wholeNumber('asn', values.asn);
  const filter = { ...timesOf(values), rule, country, asn, bin, ip, customer, card, session, route };
  const judged = { decision, would_be: values['would-be'], outcome } as DecisionFilter;
  const limit = wholeNumber('limit', values.limit) ?? defaultLimit;
  const file = fileOf(values);
  if (file !== undefined && values.limit !== undefined)
    throw new UsageError('--limit is for the table: a file has all.');
  return { kind: 'decisions', merchant, filter: { ...filter, ...judged }, limit, file };
}

/** The id says whose evaluation it is. */
export function readExplain(evaluation: string): RecordCommand {
  const merchant = evaluationId.exec(evaluation)?.[1];
  if (merchant === undefined) throw new UsageError('That is no id of an evaluation: ev_… is one.');
  return { kind: 'explain', merchant, evaluation };
}

export function readStats(merchant: string, values: Values): RecordCommand {
  const span = values.span as StatsQuestion['span'];
  return { kind: 'stats', merchant, question: { ...timesOf(values), span, what: values.what } };
}

function timesOf({ from, to, since }: Values): { from: string | undefined; to: string | undefined } {
  if (since === undefined) return { from, to };
  if (from !== undefined) throw new UsageError('--since and --from are one too many.');
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(since) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) throw new UsageError('--since is such as 30m, 6h or 7d.');
  return { from: new Date(Date.now() - ms).toISOString(), to };
}

function fileOf({ csv, ndjson }: Values): FileWanted | undefined {
  if (csv !== undefined && ndjson !== undefined) throw new UsageError('--csv or --ndjson, not both at once.');
  if (csv !== undefined) return { format: 'csv', path: csv };
  return ndjson === undefined ? undefined : { format: 'ndjson', path: ndjson };
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new UsageError(`--${option} takes a whole number.`);
  return Number(text);
}
