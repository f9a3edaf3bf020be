/**
 * `npm run bench:records`: fills the record with 100,000 decisions of one merchant and as many of others, and measures
 * every query of the API over HTTP against the production bundle, with a local D1. Times belong to the machine.
 */
import { join } from 'node:path';
import { createTestHarness } from 'wrangler';
import { readDecisionsQuery } from '../../src/api/record-schemas.ts';
import { insert } from '../../src/journal/insertion.ts';
import { rowsStatement } from '../../src/records/decision-statement.ts';
import { ADMIN_KEY, MASTER_KEY } from '../support/bare-config.ts';
import { decisionOf, idOf, type Shop, wordsOf } from '../support/decisions.ts';

const DECISIONS = Number(process.env.DECISIONS ?? 100_000);
const PORTION = 1_000;
const ROUNDS = 7;
const LIMIT_MS = 300;
const NAME_WIDTH = 52;
const NUMBER_WIDTH = 11;

const day = 86_400_000;
const from = Date.now() - 20 * day;
const acme: Shop = { merchant: 'acme', from, everyMs: (20 * day) / DECISIONS };
const others = ['abc', 'zeta'].map((merchant): Shop => ({ ...acme, merchant }));

const server = createTestHarness({
  root: join(import.meta.dirname, '../..'),
  workers: [
    {
      configPath: 'wrangler.toml',
      vars: { CORDON_ENV: 'development', CORDON_ADMIN_KEY: ADMIN_KEY, CORDON_MASTER_KEY: MASTER_KEY },
    },
  ],
});

async function call(path: string, init: { method?: string; body?: string } = {}) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const answer = await server.fetch(`https://localhost/.cordon/v1/merchants/acme${path}`, { ...init, headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
  return text;
}

async function fill(): Promise<void> {
  const { RECORDS: records } = await server.getWorker<{ RECORDS: D1Database }>().getEnv();
  const began = performance.now();
  for (const [shop, count] of [[acme, DECISIONS] as const, ...others.map((it) => [it, DECISIONS / 2] as const)]) {
    for (let at = 0; at < count; at += PORTION) {
      const portion = Array.from({ length: PORTION }, (_, index) => at + index);
      await insert(
        records,
        portion.flatMap((one) => [decisionOf(shop, one), ...wordsOf(shop, one)]),
      );
      process.stderr.write(`\r${shop.merchant}: ${at + PORTION} of ${count}   `);
    }
  }
  process.stderr.write(`\r${Math.round((performance.now() - began) / 1000)} s to fill\u001b[K\n`);
}

const middle = decisionOf(acme, DECISIONS / 2);
const time = (at: number) => encodeURIComponent(new Date(at).toISOString());
const encoded = (text: string | null) => encodeURIComponent(text ?? '');
const FILTERS: Readonly<Record<string, string>> = {
  'a week of time': `from=${time(from + 5 * day)}&to=${time(from + 12 * day)}`,
  evaluation: `evaluation=${idOf(acme, 4_711)}`,
  'decision, common': 'decision=allow',
  decision: 'decision=block',
  'decision, none': 'decision=review',
  would_be: 'would_be=block',
  'rule by code': 'rule=velocity',
  'rule by name': 'rule=velocity:guest_ip',
  'rule, rare': 'rule=tor',
  'country, common': 'country=NL',
  'country, rare': 'country=IS',
  'country, none': 'country=AQ',
  asn: 'asn=1136',
  'asn, rare': 'asn=64500',
  bin: 'bin=400123',
  'first digits of a bin': 'bin=4001',
  'first digits of a bin, none': 'bin=5',
  address: `ip=${middle.ip}`,
  'prefix /24': `ip=${encoded(middle.ip_prefix)}`,
  'prefix /16': `ip=${encoded(`${middle.ip?.split('.').slice(0, 2).join('.')}.0.0/16`)}`,
  'prefix /16, none': `ip=${encoded('10.1.0.0/16')}`,
  customer: `customer=${decisionOf(acme, 3).customer ?? 'cus_4711'}`,
  card: `card=${middle.card}`,
  session: `session=${middle.session}`,
  'outcome, common': 'outcome=succeeded',
  outcome: 'outcome=failed',
  'outcome, none with it': 'outcome=pending',
  'no outcome': 'outcome=none',
  route: 'route=wallet',
  'route, rare': 'route=rare',
};
const names = Object.keys(FILTERS);

interface Measured {
  readonly name: string;
  readonly query: string;
  readonly ms: number;
  readonly worst: number;
  readonly rows: number;
  readonly looked: number;
  readonly sqlMs: number;
}

/** What the database itself says of the query: rows that it looked at, and its own time. */
async function costOf(query: string): Promise<{ readonly looked: number; readonly sqlMs: number }> {
  const read = readDecisionsQuery(new URLSearchParams(query), { merchant: 'acme', format: 'json' });
  if (!read.ok) throw new Error(query);
  const { limit, cursor = null, format: _, ...filter } = read.value;
  const page = { merchant: 'acme', filter, order: 'newest_first', after: cursor, limit: limit + 1 } as const;
  const { sql, binds } = rowsStatement(page);
  const { RECORDS: records } = await server.getWorker<{ RECORDS: D1Database }>().getEnv();
  const { meta } = await records
    .prepare(sql)
    .bind(...binds)
    .all();
  return { looked: meta.rows_read, sqlMs: meta.duration };
}

async function measure(name: string, path: string, rounds = ROUNDS): Promise<Measured> {
  const cost =
    path.startsWith('/decisions?') && !path.includes('cursor')
      ? await costOf(path.split('?')[1] ?? '')
      : { looked: Number.NaN, sqlMs: Number.NaN };
  const times: number[] = [];
  let text = await call(path);
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    text = await call(path);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const rows = (JSON.parse(text) as { decisions?: unknown[] }).decisions?.length ?? 1;
  return { name, query: path, ms: times[rounds >> 1] ?? Number.NaN, worst: times.at(-1) ?? Number.NaN, rows, ...cost };
}

function say(measured: readonly Measured[]): void {
  for (const { name, ms, worst, rows, looked, sqlMs } of measured) {
    const mark = worst > LIMIT_MS ? '  OVER' : '';
    const numbers = [ms.toFixed(1), worst.toFixed(1), rows, looked, sqlMs.toFixed(1)];
    console.log(name.padEnd(NAME_WIDTH) + numbers.map((it) => String(it).padStart(NUMBER_WIDTH)).join('') + mark);
  }
}

try {
  await server.listen();
  await call('', { method: 'PUT', body: JSON.stringify({ id: 'acme' }) });
  await fill();
  const heads = ['median ms', 'worst ms', 'rows', 'rows read', 'SQL ms'];
  console.log('query'.padEnd(NAME_WIDTH) + heads.map((it) => it.padStart(NUMBER_WIDTH)).join(''));
  const all: Measured[] = [await measure('nothing', '/decisions')];
  for (const name of names) all.push(await measure(name, `/decisions?${FILTERS[name]}`));
  const thousand = JSON.parse(await call('/decisions?limit=1000')) as { next_cursor: string };
  all.push(await measure('a page of 1,000', '/decisions?limit=1000'));
  all.push(await measure('the next page of 1,000', `/decisions?limit=1000&cursor=${thousand.next_cursor}`));
  all.push(await measure('an explanation', `/decisions/${idOf(acme, 4_711)}`));
  for (const span of ['hour', 'day'])
    for (const what of ['decision', 'country', 'rule'])
      all.push(
        await measure(`statistics, 20 days by ${span}, ${what}`, `/stats?span=${span}&what=${what}&from=${time(from)}`),
      );
  all.push(await measure('statistics, a day by minute', `/stats?span=minute&from=${time(Date.now() - day)}`));
  say(all);
  const pairs: Measured[] = [];
  for (const [index, one] of names.entries()) {
    for (const other of names.slice(index + 1)) {
      const query = new URLSearchParams(`${FILTERS[one]}&${FILTERS[other]}`);
      if (query.size !== new Set(query.keys()).size) continue;
      pairs.push(await measure(`${one} and ${other}`, `/decisions?${query}`, 3));
    }
  }
  console.log(`\n${pairs.length} pairs; the slowest:`);
  say(pairs.toSorted((a, b) => b.worst - a.worst).slice(0, 12));
  for (const format of ['csv', 'ndjson']) {
    const began = performance.now();
    const text = await call(`/decisions?format=${format}`);
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `${format}: ${text.trimEnd().split('\n').length} lines, ${(text.length / 1e6).toFixed(1)} MB, ${seconds.toFixed(1)} s`,
    );
  }
  const over = [...all, ...pairs].filter(({ worst }) => worst > LIMIT_MS).length;
  console.log(`${over} of ${all.length + pairs.length} queries took more than ${LIMIT_MS} ms at their worst`);
} finally {
  await server.close();
}
