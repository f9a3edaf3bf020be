/**
 * Files of decisions: complete, in order, each once; what is missing is said, and the replay can read its own.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { attemptSchema } from '../../src/api/schemas.ts';
import { lastIdStatement } from '../../src/records/decision-statement.ts';
import { streamLines } from '../../src/records/decisions.ts';
import { recordsOf } from '../../src/records/records.ts';
import { decisionOf, type Shop, wordsOf } from '../support/decisions.ts';
import { api, newMerchant } from './backend.ts';
import { FROM, outcomeOf, plain, put, shopOf } from './record-shelf.ts';

const COUNT = 6_000;
let merchant: string;
let shop: Shop;

beforeAll(async () => {
  merchant = await newMerchant();
  shop = { merchant, from: FROM, everyMs: 1_000 };
  for (let at = 0; at < COUNT; at += 1_000) {
    const portion = Array.from({ length: 1_000 }, (_, index) => at + index);
    await put(...portion.flatMap((one) => [decisionOf(shop, one), ...wordsOf(shop, one)]));
  }
});

const get = (query: string, headers: Record<string, string> = {}) =>
  api('GET', `/merchants/${merchant}/decisions?${query}`, { headers });
const linesOf = async (answer: Response) =>
  new TextDecoder()
    .decode(await answer.arrayBuffer())
    .trimEnd()
    .split(/\r?\n/);
const nextOf = (answer: Response) => /^<\?([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;

interface ReplayLine {
  readonly at: string;
  readonly attempt: Readonly<Record<string, unknown>>;
  readonly outcome: { readonly status: string };
  readonly challenge_passed?: unknown;
}

describe('NDJSON', () => {
  it('is all decisions in order of time, as the replay reads them', async () => {
    const answer = await get('format=ndjson');
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="decisions-${merchant}.ndjson"`);
    expect(nextOf(answer)).toBeNull();
    const lines = (await linesOf(answer)).map((line) => JSON.parse(line) as ReplayLine);
    expect(lines.map(({ at }) => at)).toEqual(
      Array.from({ length: COUNT }, (_, at) => new Date(FROM + at * 1_000).toISOString()),
    );
    for (const { attempt, ...line } of lines) {
      expect(attemptSchema.safeParse(attempt).error?.issues ?? []).toEqual([]);
      expect(Object.keys(line).filter((name) => !['at', 'outcome', 'challenge_passed'].includes(name))).toEqual([]);
    }
    expect(lines.filter((line) => line.challenge_passed !== undefined).length).toBeGreaterThan(5);
    expect(new Set(lines.map(({ outcome }) => outcome.status))).toEqual(new Set(['succeeded', 'failed', 'unknown']));
  });

  it('says of a payer which challenges he passes', async () => {
    const mine = await newMerchant();
    const evaluation = plain(mine, 0).id;
    const met = (what: 'asked' | 'passed' | 'failed', method: string) =>
      ({ kind: 'challenge', merchant: mine, at: FROM, evaluation, what, method }) as const;
    await put(
      plain(mine, 0, { customer: 'cus_1', session: `se_${'s'.repeat(22)}`, amount: 1999, currency: 'EUR' }),
      met('asked', 'turnstile'),
      met('failed', 'turnstile'),
      met('passed', 'turnstile'),
      met('asked', 'proof_of_work'),
      met('failed', 'proof_of_work'),
      plain(mine, 1, {
        ip: null,
        ip_prefix: null,
        country: null,
        asn: null,
        attempt_kind: 'renewal',
        bin: null,
        amount: null,
        currency: null,
      }),
      outcomeOf(mine, 1, { status: 'failed', decline_reason: 'expired' }),
    );
    const answer = await api('GET', `/merchants/${mine}/decisions`, { headers: { accept: 'application/x-ndjson' } });
    expect((await linesOf(answer)).map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        at: new Date(FROM).toISOString(),
        attempt: {
          ip: '203.0.113.9',
          country: 'NL',
          asn: 1136,
          card: { fingerprint: `fp_${'a'.repeat(43)}`, bin: '424242' },
          customer_id: 'cus_1',
          session_id: `se_${'s'.repeat(22)}`,
          amount: 1999,
          currency: 'EUR',
          kind: 'payment',
        },
        outcome: { status: 'unknown' },
        challenge_passed: { turnstile: true, proof_of_work: false },
      },
      {
        at: new Date(FROM + 60_000).toISOString(),
        attempt: { card: { fingerprint: `fp_${'a'.repeat(43)}` }, kind: 'renewal' },
        outcome: { status: 'failed', decline_reason: 'expired' },
      },
    ]);
  });
});

describe('CSV', () => {
  it('is a head and all decisions, the newest first', async () => {
    const answer = await get('', { accept: 'text/csv' });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const text = await answer.text();
    expect(text.endsWith('\r\n')).toBe(true);
    const [head = '', ...lines] = text.trimEnd().split('\r\n');
    expect(head.split(',').slice(0, 4)).toEqual(['created_at', 'id', 'decision', 'would_be']);
    expect(lines).toHaveLength(COUNT);
    const times = lines.map((line) => line.split(',')[0]);
    expect(times).toEqual(times.toSorted().reverse());
    expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(COUNT);
    expect(lines.every((line) => line.split(',').length === head.split(',').length)).toBe(true);
  });

  it('has the same filters', async () => {
    const answer = await get('format=csv&decision=block');
    const lines = await linesOf(answer);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.slice(1).every((line) => line.includes(',block,block,'))).toBe(true);
  });

  it('of nothing is its head', async () => {
    const mine = await newMerchant();
    expect(await linesOf(await api('GET', `/merchants/${mine}/decisions?format=csv`))).toHaveLength(1);
    expect(await (await api('GET', `/merchants/${mine}/decisions?format=ndjson`)).text()).toBe('');
  });
});

describe.each(['csv', 'ndjson'])('a %s file that is cut off', (format) => {
  it('says so before its first line, and goes on from there', async () => {
    const head = format === 'csv' ? 1 : 0;
    const whole = (await linesOf(await get(`format=${format}&decision=allow`))).slice(head);
    const parts: string[] = [];
    let query: string | null = `format=${format}&decision=allow&limit=2600`;
    for (let files = 0; query !== null && files < 5; files++) {
      const answer: Response = await get(query);
      const lines = (await linesOf(answer)).slice(head);
      query = nextOf(answer);
      expect(lines.length).toBe(query === null ? whole.length - parts.length : 2_600);
      parts.push(...lines);
    }
    expect(parts).toEqual(whole);
  });

  it('is not cut off where all fits exactly', async () => {
    expect(nextOf(await get(`format=${format}&limit=${COUNT}`))).toBeNull();
    expect(nextOf(await get(`format=${format}&limit=${COUNT - 1}`))).not.toBeNull();
  });
});

describe('a file is read as its reader takes it', () => {
  const page = () => ({ merchant, filter: {}, order: 'oldest_first', after: null, limit: 100_000 }) as const;

  it('holds one portion at a time, and reads none before', async () => {
    let asked = 0;
    const ask = recordsOf(env.RECORDS);
    const counted: typeof ask = (work) => {
      asked++;
      return ask(work);
    };
    const reader = streamLines(counted, page(), { head: '', lineOf: ({ id }) => `${id}\n` }).getReader();
    await scheduler.wait(20);
    expect(asked).toBe(0);
    await reader.read();
    await scheduler.wait(20);
    expect(asked).toBe(1);
    await reader.cancel();
    expect(asked).toBe(1);
  });

  it('breaks off where the database does', async () => {
    let asked = 0;
    const ask = recordsOf(env.RECORDS);
    const failing: typeof ask = (work) => (++asked > 1 ? Promise.resolve({ kind: 'unavailable' }) : ask(work));
    const answer = new Response(streamLines(failing, page(), { head: '', lineOf: ({ id }) => `${id}\n` }));
    await expect(answer.text()).rejects.toThrow('the record did not answer');
  });

  it('ends at the row that was the last when it began, whatever comes meanwhile', async () => {
    const mine = await newMerchant();
    await put(plain(mine, 0), plain(mine, 1), plain(mine, 2));
    const all = { merchant: mine, filter: {}, order: 'oldest_first', after: null, limit: 2 } as const;
    const { sql, binds } = lastIdStatement(all);
    const { results } = await env.RECORDS.prepare(sql)
      .bind(...binds)
      .all<{ id: string }>();
    expect(results).toHaveLength(2);
    await put(plain(mine, 3));
    const until = results[0]?.id ?? null;
    const lines = new Response(
      streamLines(recordsOf(env.RECORDS), { ...all, until }, { head: '', lineOf: ({ id }) => `${id}\n` }),
    );
    expect((await lines.text()).trimEnd().split('\n')).toEqual([plain(mine, 0).id, plain(mine, 1).id]);
    expect(shopOf(mine).merchant).toBe(mine);
  });
});
