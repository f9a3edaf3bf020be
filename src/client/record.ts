/**
 * A merchant's record: decisions searched, exported, explained and counted.
 */
import { CordonError } from './cordon-error.ts';
import type { Decision, Reason, Risk } from './evaluations.ts';
import { type Line, pathOf } from './line.ts';

/** All that are given must hold. Times are RFC 3339. */
export interface DecisionFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly decision?: Decision | undefined;
  readonly would_be?: Decision | undefined;
  /** A reason's code, or `code:name`. */
  readonly rule?: string | undefined;
  readonly country?: string | undefined;
  readonly asn?: number | undefined;
  /** The first six digits, or fewer. */
  readonly bin?: string | undefined;
  /** An address, or a prefix: /16 to /24, of IPv6 /40 to /48. */
  readonly ip?: string | undefined;
  readonly customer?: string | undefined;
  /** Cordon's own fingerprint; a number is refused. */
  readonly card?: string | undefined;
  readonly session?: string | undefined;
  readonly outcome?: 'succeeded' | 'failed' | 'pending' | 'unknown' | 'none' | undefined;
  readonly route?: string | undefined;
  readonly evaluation?: string | undefined;
}

export interface RecordedOutcome {
  readonly status: string;
  readonly decline_reason: string | null;
  readonly decline_code: string | null;
  readonly processor_payment_id: string | null;
  readonly contradicted: boolean;
  readonly settled_at: string;
  /** `answer`, `api`, `webhook`, `return` or `gate`. */
  readonly told_by: string;
}

export interface RecordedDecision {
  readonly id: string;
  readonly created_at: string;
  readonly decision: Decision;
  /** The decision if every rule in shadow were enforced. */
  readonly would_be: Decision;
  readonly mode: 'enforce' | 'shadow' | 'off';
  readonly source: 'proxy' | 'api';
  readonly route: string;
  readonly kind: string | null;
  readonly country: string | null;
  readonly asn: number | null;
  readonly ip: string | null;
  readonly bin: string | null;
  readonly card: string | null;
  readonly customer_id: string | null;
  readonly session: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly risk_score: number;
  readonly risk_level: string;
  readonly reasons: readonly Reason[];
  readonly outcome: RecordedOutcome | null;
  readonly labels: readonly string[];
  /** How many refusals of a payer who was known to be shut out this stands for; null: one decision. */
  readonly repeats: number | null;
  readonly config_version: string;
}

export interface DecisionPage {
  /** The newest first. */
  readonly decisions: readonly RecordedDecision[];
  /** Where the next page begins; null on the last. */
  readonly next_cursor: string | null;
}

export interface Explanation extends Omit<RecordedDecision, 'labels'> {
  readonly merchant: string;
  readonly ip_prefix: string | null;
  /** Every counter that looked, with what it counted at that moment. */
  readonly rules: readonly {
    readonly rule: string;
    readonly mode: 'enforce' | 'shadow';
    /** `unasked`: nobody looked, and the numbers are null. */
    readonly state: 'open' | 'busy' | 'shut' | 'unasked';
    readonly count: number | null;
    readonly in_flight: number | null;
    readonly limit: number;
  }[];
  /** What the rules in shadow would have done. */
  readonly shadow: { readonly would_be: Decision; readonly reasons: readonly Reason[] };
  readonly risk: Risk | null;
  readonly lease: string | null;
  readonly challenge: unknown;
  readonly challenges: readonly { readonly what: string; readonly method: string; readonly at: string }[];
  readonly timing: {
    readonly read_seconds: number | null;
    readonly judge_seconds: number | null;
    readonly origin_seconds: number | null;
  } | null;
  readonly origin_status: number | null;
  /** Whether the outcome ever came. */
  readonly completion: 'refused' | 'settled' | 'waiting' | 'in_flight' | 'expired';
  /** Further tries of the same payment. */
  readonly tries: readonly (RecordedOutcome & { readonly try: string })[];
  readonly labels: readonly { readonly label: string; readonly labelled_at: string }[];
}

export interface StatsQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly span?: 'minute' | 'hour' | 'day' | undefined;
  /** What the buckets tell of; `decision` unless told. */
  readonly what?: string | undefined;
}

export interface Total {
  readonly value: string;
  readonly count: number;
}

export interface Stats {
  readonly from: string;
  readonly to: string;
  readonly span: 'minute' | 'hour' | 'day';
  readonly what: string;
  /** One for each span, without gaps. */
  readonly buckets: readonly {
    readonly start: string;
    readonly values: Readonly<Record<string, number>>;
    readonly other: number;
  }[];
  readonly decisions: readonly { readonly decision: Decision; readonly count: number; readonly would_be: number }[];
  readonly amounts: readonly {
    readonly currency: string;
    readonly decision: string;
    readonly count: number;
    readonly amount: number;
  }[];
  readonly rules: readonly { readonly rule: string; readonly enforced: number; readonly shadow: number }[];
  /** By method of step-up. */
  readonly challenges: readonly {
    readonly method: string;
    readonly asked: number;
    readonly passed: number;
    readonly failed: number;
    readonly abandoned: number;
    readonly countries: readonly { readonly country: string; readonly asked: number; readonly passed: number }[];
  }[];
  readonly top: Readonly<Record<'outcome' | 'decline_reason' | 'country' | 'route' | 'challenge', readonly Total[]>>;
}

/** The longest file takes some seconds to make, and as long to read as the reader takes. */
const FILE_TIMEOUT_MS = 600_000;
const NEXT_CURSOR = /<\?[^>]*\bcursor=([^&>]+)[^>]*>; rel="next"/;

/** `cordon.record` */
export class DecisionRecord {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** A page of decisions, the newest first: 100 unless told, 1,000 at most. */
  async list(
    merchant: string,
    { cursor, limit, ...filter }: DecisionFilter & { cursor?: string | null; limit?: number | undefined } = {},
  ): Promise<DecisionPage> {
    const path = withQuery(pathOf('merchants', merchant, 'decisions'), {
      ...filter,
      limit,
      cursor: cursor ?? undefined,
    });
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  /**
   * All decisions that a filter finds, as pieces of one file: CSV, the newest first, or NDJSON that the replay reads, the
   * oldest first. Throws where a part of it is missing.
   */
  async *file(
    merchant: string,
    { format, ...filter }: DecisionFilter & { readonly format: 'csv' | 'ndjson' },
  ): AsyncGenerator<Uint8Array> {
    let cursor: string | undefined;
    for (let isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const path = withQuery(pathOf('merchants', merchant, 'decisions'), { ...filter, format, cursor });
      const answer = await this.#line.open({ method: 'GET', path, timeoutMs: FILE_TIMEOUT_MS, isRepeatable: true });
      yield* isFirst || format === 'ndjson' ? piecesOf(answer) : withoutHead(piecesOf(answer));
      const found = NEXT_CURSOR.exec(answer.headers.get('link') ?? '')?.[1];
      cursor = found === undefined ? undefined : decodeURIComponent(found);
    }
  }

  /** One decision with everything that is on record of it; some seconds after it was made. */
  async explain(merchant: string, evaluation: string): Promise<Explanation> {
    const path = pathOf('merchants', merchant, 'decisions', evaluation);
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  async stats(merchant: string, question: StatsQuestion = {}): Promise<Stats> {
    const path = withQuery(pathOf('merchants', merchant, 'stats'), { ...question });
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }
}

function withQuery(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query}`;
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  for (let read = await heard(reader.read()); !read.done; read = await heard(reader.read())) yield read.value;
}

/** A file that breaks off is no file. */
async function heard<T>(piece: Promise<T>): Promise<T> {
  try {
    return await piece;
  } catch (cause) {
    throw new CordonError({ kind: 'no_answer', because: 'network' }, { cause });
  }
}

/** Of a file that goes on, the first line stands in the part before. */
async function* withoutHead(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const lineEnd = 10;
  let isHead = true;
  for await (const piece of pieces) {
    const end = isHead ? piece.indexOf(lineEnd) : -1;
    if (!isHead) yield piece;
    else if (end >= 0) {
      isHead = false;
      yield piece.subarray(end + 1);
    }
  }
}
