/**
 * Every statement that the API can build is held against SQLite's own plan: nothing reads all decisions of everybody,
 * nothing is sorted.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureSchema } from '../../src/journal/schema.ts';
import { type DecisionFilter, readAddressFilter } from '../../src/records/decision-filter.ts';
import { lastIdStatement, rowsStatement, type Statement } from '../../src/records/decision-statement.ts';
import { explanationStatements } from '../../src/records/explanation.ts';
import { COUNTED, SPANS, stepStatements, totalsStatement } from '../../src/records/stats.ts';

const ID = `ev_${'0'.repeat(32)}acme`;
const NOW = Date.UTC(2026, 10, 22);

const address = (text: string) => readAddressFilter(text) ?? undefined;
/** Each way in which a filter may be given. */
const FILTERS: Readonly<Record<string, DecisionFilter>> = {
  from: { from: NOW - 3_600_000 },
  to: { to: NOW },
  evaluation: { evaluation: ID },
  decision: { decision: 'block' },
  would_be: { would_be: 'block' },
  rule: { rule: 'velocity:card_ip' },
  country: { country: 'NL' },
  asn: { asn: 1136 },
  bin: { bin: '424242' },
  'part of a bin': { bin: '42' },
  ip: { ip: address('203.0.113.9') },
  'ip of version 6': { ip: address('2001:db8::1') },
  prefix: { ip: address('203.0.113.0/24') },
  'wide prefix': { ip: address('203.0.0.0/16') },
  customer: { customer: 'cus_1' },
  card: { card: `fp_${'a'.repeat(43)}` },
  session: { session: `se_${'a'.repeat(22)}` },
  outcome: { outcome: 'failed' },
  'no outcome': { outcome: 'none' },
  route: { route: 'pay' },
};
const names = Object.keys(FILTERS);
const some: readonly (readonly [string, DecisionFilter])[] = [
  ['nothing', {}],
  ...names.flatMap((one) =>
    names.map((other) => [`${one}, ${other}`, { ...FILTERS[one], ...FILTERS[other] }] as const),
  ),
  ['everything', Object.assign({}, ...Object.values(FILTERS))],
];

beforeAll(() => ensureSchema(env.RECORDS));

async function planOf({ sql, binds }: Statement): Promise<string> {
  const { results } = await env.RECORDS.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...binds)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail).join('\n');
}

/** A scan of a table by whatever name, and a sort. What `json_each` gives is the question's own. */
const FAULTY = /SCAN (?!json_each)|TEMP B-TREE/;
/** A merchant's decisions are looked up, or those rows that lead to them. */
const SEARCHED = /SEARCH (?:d|l) USING (?:PRIMARY KEY|(?:COVERING )?INDEX)[^\n]*\(merchant=\?/;

describe.each(['newest_first', 'oldest_first'] as const)('%s', (order) => {
  it.each([
    ['first page', null],
    ['further page', ID],
  ])(
    'the %s, filtered by each filter and each two of them',
    async (_, after) => {
      const faulty: string[] = [];
      for (const [name, filter] of some) {
        for (const limit of [1, 1_000]) {
          const page = { merchant: 'acme', filter, order, after, limit };
          for (const [what, statement] of [
            ['rows', rowsStatement(page)],
            ['rows to the end of a file', rowsStatement({ ...page, until: ID })],
            ['the last of them', lastIdStatement(page)],
          ] as const) {
            const plan = await planOf(statement);
            if (FAULTY.test(plan) || !SEARCHED.test(plan)) faulty.push(`${what} by ${name}:\n${plan}`);
          }
        }
      }
      expect(faulty).toEqual([]);
    },
    60_000,
  );
});

it('an explanation', async () => {
  for (const statement of explanationStatements('acme', ID)) {
    const plan = await planOf(statement);
    expect(plan).not.toMatch(FAULTY);
    expect(plan).toMatch(/merchant=\?/);
  }
});

it('statistics read one merchant and one span; only their groups are put together', async () => {
  for (const span of SPANS) {
    for (const what of COUNTED) {
      const question = { merchant: 'acme', span, what, from: NOW - 86_400_000, to: NOW };
      for (const statement of [totalsStatement(question), ...stepStatements(question, ['allow'])]) {
        const plan = await planOf(statement);
        expect(plan.replaceAll('USE TEMP B-TREE FOR GROUP BY', '')).not.toMatch(FAULTY);
        expect(plan).toContain('SEARCH totals USING PRIMARY KEY (merchant=? AND span=?');
      }
    }
  }
});

describe('what leads is looked up by an index that begins with it', () => {
  // No index could have these in order of time: all decisions of the time that is asked for are looked at.
  const only = ['from', 'to', 'part of a bin', 'wide prefix', 'no outcome'];

  it.each(some.slice(1))('%s', async (_, filter) => {
    const all = names.filter((name) => Object.keys(FILTERS[name] ?? {}).every((key) => key in filter));
    const mayLead = Object.entries(filter).some(([key, value]) =>
      names.some((name) => !only.includes(name) && all.includes(name) && FILTERS[name]?.[key as 'asn'] === value),
    );
    for (const order of ['newest_first', 'oldest_first'] as const) {
      const plan = await planOf(rowsStatement({ merchant: 'acme', filter, order, after: ID, limit: 10 }));
      expect([/SEARCH [dl] USING [^\n]*\(merchant=\? AND (?:\w+=\?)/.test(plan), plan]).toEqual([mayLead, plan]);
    }
  });
});

describe('the test itself', () => {
  it.each([
    ['reads everything', "SELECT * FROM decisions WHERE detail = 'x'"],
    ['sorts', "SELECT * FROM decisions AS d WHERE d.merchant = 'acme' ORDER BY at"],
    ['reads all rules', "SELECT * FROM decision_rules WHERE rule = 'x'"],
  ])('sees a statement that %s', async (_, sql) => {
    expect(await planOf({ sql, binds: [] })).toMatch(FAULTY);
  });
});
