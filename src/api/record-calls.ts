/**
 * `/.cordon/v1/merchants/{id}/decisions` and `…/stats`: the record, as its merchant reads it.
 */
import { Hono } from 'hono';
import { sessionIdentity } from '../attempt/session-cookie.ts';
import type { Environment } from '../config/environment.ts';
import type { Fault } from '../config/faults.ts';
import type { Policies } from '../config/policies.ts';
import type { Policy } from '../config/policy.ts';
import { merchantOf } from '../gate/evaluation-id.ts';
import type { DecisionFilter } from '../records/decision-filter.ts';
import { CSV_HEAD, csvOf, replayLineOf } from '../records/decision-lines.ts';
import { type DecisionRow, recordOf } from '../records/decision-record.ts';
import type { Page } from '../records/decision-statement.ts';
import { endingOf, readPage, streamLines } from '../records/decisions.ts';
import { explain } from '../records/explanation.ts';
import { type AskRecords, type RecordsAnswer, recordsOf } from '../records/records.ts';
import { MOST_BUCKETS, readStats, SPAN_MS, type Span, type StatsQuestion } from '../records/stats.ts';
import { problem } from '../wire.ts';
import { audit, managing } from './managing.ts';
import { type Format, LIMITS, ORDERS, readDecisionsQuery, readFormat, readStatsQuery } from './record-schemas.ts';
import { type ApiContext, type ApiVariables, inertAnswer, strangeQuery } from './request.ts';

/** How far back statistics look where nobody says. */
const BY_DEFAULT: Readonly<Record<Span, number>> = { minute: 60, hour: 24, day: 30 };

export function recordCalls(environment: Environment, policies: Policies): Hono<ApiVariables> {
  const calls = new Hono<ApiVariables>();
  const managed = managing(environment, policies);
  const ask = recordsOf(environment.records);

  calls.get('/:id/decisions', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const query = queryOf(c);
    const format = readFormat(query, c.req.header('accept') ?? '');
    const read = readDecisionsQuery(query, { merchant: policy.merchant, format });
    if (!read.ok || format === null) return faulty(read.ok ? [] : read.faults);
    const { limit, cursor = null, format: _, ...filter } = read.value;
    const order = ORDERS[format];
    const page = { merchant: policy.merchant, filter: await withSession(filter, policy), order, after: cursor, limit };
    if (format === 'json') return listOf(ask, page);
    // Who takes a file of payers with him is on record, and by what he chose them; not whom he asked for.
    audit(c, 'read.decisions', { after: { format, by: Object.keys(filter) } });
    return fileOf(ask, page, { format, query });
  });

  calls.get('/:id/decisions/:evaluation', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const strange = strangeQuery(c, []);
    if (strange !== null) return strange;
    const evaluation = c.req.param('evaluation');
    const { merchant, reservationMs } = policy;
    if (merchantOf(evaluation) !== merchant) return problem('not_found');
    const explained = await explain(ask, { merchant, evaluation }, { now: Date.now(), reservationMs });
    if (explained.kind !== 'answered') return withoutRecord(explained);
    return explained.value === null ? problem('not_found') : inertAnswer(explained.value);
  });

  calls.get('/:id/stats', async (c) => {
    const policy = await managed(c);
    if (policy instanceof Response) return policy;
    const read = readStatsQuery(queryOf(c));
    if (!read.ok) return faulty(read.faults);
    const question = stepsOf({ ...read.value, merchant: policy.merchant }, Date.now());
    if (question === null) return faulty([{ path: '/from', message: `to \`to\` are more than ${MOST_BUCKETS} spans` }]);
    const stats = await readStats(ask, question);
    return stats.kind === 'answered' ? inertAnswer(stats.value) : withoutRecord(stats);
  });

  return calls;
}

/** What the record's failure means to whoever reads it; payments do not come here. */
export function withoutRecord({ kind }: Exclude<RecordsAnswer<unknown>, { kind: 'answered' }>): Response {
  return problem(kind === 'off' ? 'records_off' : 'storage_unavailable');
}

async function listOf(ask: AskRecords, page: Page): Promise<Response> {
  const answer = await readPage(ask, page);
  if (answer.kind !== 'answered') return withoutRecord(answer);
  const { rows, nextCursor } = answer.value;
  return inertAnswer({ decisions: rows.map(recordOf), next_cursor: nextCursor });
}

const FILES: Readonly<
  Record<Exclude<Format, 'json'>, { type: string; head: string; lineOf: (row: DecisionRow) => string }>
> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', head: CSV_HEAD, lineOf: csvOf },
  ndjson: { type: 'application/x-ndjson', head: '', lineOf: replayLineOf },
};

/** A file that is cut off says so before its first line: `Link` (RFC 8288) names where the rest is. */
async function fileOf(
  ask: AskRecords,
  page: Page,
  { format, query }: { format: Exclude<Format, 'json'>; query: URLSearchParams },
): Promise<Response> {
  const ending = await endingOf(ask, page);
  if (ending.kind !== 'answered') return withoutRecord(ending);
  const { lastId, nextCursor } = ending.value;
  const { type, head, lineOf } = FILES[format];
  const headers = new Headers({
    'content-type': type,
    'content-disposition': `attachment; filename="decisions-${page.merchant}.${format}"`,
    'x-content-type-options': 'nosniff',
  });
  if (nextCursor !== null) {
    const next = new URLSearchParams({ ...Object.fromEntries(query), format, cursor: nextCursor });
    headers.set('link', `<?${next}>; rel="next"`);
  }
  return new Response(streamLines(ask, { ...page, until: lastId, limit: LIMITS[format].most }, { head, lineOf }), {
    headers,
  });
}

/** A session's own name is not kept: whoever knows it finds its digest. */
async function withSession(filter: DecisionFilter, { digestKey }: Policy): Promise<DecisionFilter> {
  const { session } = filter;
  if (session === undefined || SESSION_DIGEST.test(session)) return filter;
  return { ...filter, session: await sessionIdentity(session, digestKey) };
}

const SESSION_DIGEST = /^se_[A-Za-z0-9_-]{22}$/;

/** Whole steps, those included in which the time begins and ends; null where they are too many. */
export function stepsOf(
  asked: Pick<StatsQuestion, 'merchant' | 'span' | 'what'> & { from?: number | undefined; to?: number | undefined },
  now: number,
): StatsQuestion | null {
  const { merchant, span, what } = asked;
  const ms = SPAN_MS[span];
  const to = Math.ceil((asked.to ?? now) / ms) * ms;
  const from = Math.floor((asked.from ?? to - BY_DEFAULT[span] * ms) / ms) * ms;
  const count = (to - from) / ms;
  return count >= 1 && count <= MOST_BUCKETS ? { merchant, span, what, from, to } : null;
}

function queryOf(c: ApiContext): URLSearchParams {
  return new URL(c.req.url).searchParams;
}

function faulty(errors: readonly Fault[]): Response {
  return problem('invalid_request', { errors });
}
