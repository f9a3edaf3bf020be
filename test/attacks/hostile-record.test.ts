/**
 * Formulas and control characters in every field that a payer, a shop's answer or a processor's webhook may fill: they
 * come through the queue into the record, and out of it inert, as CSV, as JSON and as NDJSON, exact in the latter two.
 */
import { exports } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DecisionRecord } from '../../src/records/decision-record.ts';
import { api, stripeSignature } from '../api/backend.ts';
import { charge, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import { captureLog } from '../support/log-lines.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { rowsOnceThere } from '../support/records.ts';
import { cards, pay } from '../support/shopper.ts';

const WORDS = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1+1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '＝1+1',
  '  =1+1',
  'a;=1+1',
  '",=1+1,"',
  '"\r\n=1+1',
  'a\u0000\u0007\u001b[2J\u001b]0;owned\u0007',
  'a\u007f\u009b31m\u0085',
  'a\u202eb\u2066c\u2028d\u2029e\ufeff',
  '</script><script>alert(1)</script>',
] as const;

/** Each written by a payment in front of the checkout and by one of the API. */
const PAYMENTS = WORDS.length * 2;
let log: readonly string[];

async function report(word: string, at: number): Promise<void> {
  const object = charge({
    status: 'failed',
    id: `ch_${at}`,
    payment_intent: `pi_${at}`,
    failure_code: word,
  });
  const body = JSON.stringify({
    ...stripeEvent('charge.failed', object),
    id: `evt_${at}`,
    created: Math.ceil(Date.now() / 1000),
  });
  await exports.default.fetch('https://localhost/.cordon/v1/webhooks/acme/stripe', {
    method: 'POST',
    headers: { 'stripe-signature': await stripeSignature(body) },
    body,
  });
}

beforeAll(async () => {
  const lines = captureLog();
  const origin = new StandInOrigin();
  await putAcme({
    card_testing_guard_config: rule('customer_id', 2),
    webhooks: { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } },
  });
  for (const [at, word] of WORDS.entries()) {
    origin.answer(() => Response.json({ id: word, status: 'failed', error: { decline_code: word } }, { status: 402 }));
    const ip = `198.51.100.${at}`;
    await pay({
      ip,
      card: cards(WORDS.length)[at] ?? '',
      customer: word,
      headers: { 'user-agent': 'x', referer: 'y' },
    });
    const known = { customer_id: word, session_id: word, device_id: word, user_agent: word, email: word };
    const asked = await api('POST', '/evaluations', { body: { merchant: 'acme', attempt: { ip, ...known } } });
    const { id } = (await asked.json()) as { id: string };
    const told = { status: 'pending', processor_payment_id: `pi_${at}` };
    expect((await api('POST', `/evaluations/${id}/outcome`, { body: told })).status).toBe(200);
    await report(word, at);
  }
  await rowsOnceThere(PAYMENTS, "SELECT id FROM decisions WHERE merchant = 'acme'");
  await rowsOnceThere(WORDS.length, "SELECT id FROM outcomes WHERE merchant = 'acme' AND told_by = 'webhook'");
  log = lines();
}, 60_000);
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const get = async (query: string) => (await api('GET', `/merchants/acme/${query}`)).bytes();
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
/** What a terminal, a browser or a reader's eye would obey. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const withoutLineEnds = (text: string) => text.replaceAll(/\r?\n/g, '');

/** RFC 4180, as a strict reader reads it. */
function cellsOf(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cell.exec(csv); match !== null; match = cell.exec(csv)) {
    const [, quoted, bare = '', end] = match;
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (cell.lastIndex === csv.length) return rows.slice(0, -1);
  }
  throw new Error(`no CSV at ${cell.lastIndex}`);
}

describe('CSV', () => {
  it('has as many cells as its head in every row, and none that a spreadsheet would run', async () => {
    const text = textOf(await get('decisions?format=csv'));
    expect(withoutLineEnds(text)).not.toMatch(UNSEEN);
    const [head = [], ...rows] = cellsOf(text);
    expect(rows).toHaveLength(PAYMENTS);
    for (const row of rows) expect(row).toHaveLength(head.length);
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
    // Where a semicolon separates, quotes in the middle protect nothing.
    expect(
      rows
        .flat()
        .flatMap((cell) => cell.split(';'))
        .filter((cell) => /^["'\s]*[=+\-@]/.test(cell) && !/^["\s]*'/.test(cell)),
    ).toEqual([]);
    const customers = rows.map((row) => row[head.indexOf('customer_id')]);
    expect(customers.filter((cell) => cell === "'=cmd|' /C calc'!A0")).toHaveLength(2);
  });
});

describe.each([
  ['the list', 'decisions?limit=1000'],
  ['NDJSON', 'decisions?format=ndjson'],
  ['statistics', 'stats?what=decline_reason'],
])('%s', (_, query) => {
  it('shows nothing that is not to be seen', async () => {
    expect(withoutLineEnds(textOf(await get(query)))).not.toMatch(UNSEEN);
  });
});

it('every word is on record to the character', async () => {
  const { decisions } = JSON.parse(textOf(await get('decisions?limit=1000'))) as {
    decisions: readonly DecisionRecord[];
  };
  for (const source of ['proxy', 'api']) {
    const some = decisions.filter((it) => it.source === source);
    expect(some.map((it) => it.customer_id).sort()).toEqual(WORDS.toSorted());
  }
  const codes = decisions.flatMap((it) => (it.outcome?.told_by === 'webhook' ? [it.outcome.decline_code] : []));
  expect(codes.length).toBe(WORDS.length);
  const lines = textOf(await get('decisions?format=ndjson'))
    .trimEnd()
    .split('\n');
  const replayed = lines.map((line) => (JSON.parse(line) as { attempt: { customer_id: string } }).attempt.customer_id);
  expect([...new Set(replayed)].sort()).toEqual(WORDS.toSorted());
});

it('is found by its name, whatever that is', async () => {
  for (const word of WORDS) {
    const found = JSON.parse(textOf(await get(`decisions?customer=${encodeURIComponent(word)}`))) as {
      decisions: unknown[];
    };
    expect([word, found.decisions.length]).toEqual([word, 2]);
  }
});

it('explanations, and evaluations from gate and record, show nothing of it', async () => {
  const { decisions } = JSON.parse(textOf(await get('decisions?limit=1000'))) as {
    decisions: readonly DecisionRecord[];
  };
  for (const { id } of decisions) {
    expect(textOf(await get(`decisions/${id}`))).not.toMatch(UNSEEN);
    const told = await api('GET', `/evaluations/${id}`);
    expect(told.status).toBe(200);
    expect(textOf(await told.bytes())).not.toMatch(UNSEEN);
  }
});

it('nor do blocks, or the log', async () => {
  const blocks = textOf(await get('blocks'));
  expect(blocks).not.toMatch(UNSEEN);
  expect((JSON.parse(blocks) as { blocks: unknown[] }).blocks.length).toBeGreaterThan(5);
  expect(log.length).toBeGreaterThan(PAYMENTS);
  expect(log.filter((line) => UNSEEN.test(line))).toEqual([]);
});
