/**
 * A line of the log, whatever is handed in: one JSON object of a known event, bounded, inert, and without what is nobody's
 * business.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EVENTS, type Line } from '../../src/journal/events.ts';
import { LINE_LIMIT, log, logUnexpected, nameOf, textOf } from '../../src/journal/log.ts';
import { captureLog, faultsOf } from '../support/log-lines.ts';

const CARD = '4242424242424242';
const PLANTED = [CARD, '4242 4242', 'mallory@evil.example', '203.0.113.99', '2001:db8::99', 'QUERYSECRET', '\u001b'];
const HOSTILE: readonly unknown[] = [
  ...[CARD, '4242 4242 4242 4242', `pi_${CARD}`, `x${CARD}y/z`].flatMap((it) => [it, `before ${it} after`]),
  'mallory@evil.example',
  'write to mallory@evil.example, please',
  '203.0.113.99',
  'from 203.0.113.99 and 2001:db8::99',
  'https://evil.example/path?a=QUERYSECRET#QUERYSECRET',
  '/api/pay?a=QUERYSECRET',
  '/routes/https:~1~1evil.example~1?a=QUERYSECRET',
  '\u001b[31mred\u009b2J\u007f\u0000',
  'a\u2028{"event":"audit"}\u2029\u202egnp.exe\u{e0041}',
  'a\n{"event":"decision","merchant":"acme"}\r\n',
  '\ud800 alone',
  '"}\\',
  'x'.repeat(100_000),
  Array.from({ length: 10_000 }, () => `mallory@evil.example ${CARD}`),
  { ip: '203.0.113.99', customer_id: 'mallory@evil.example', deep: { deeper: { deepest: { over: { there: CARD } } } } },
  Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}\u001b`, 'y'.repeat(500)])),
  [{ path: `/a/${CARD}`, message: 'mallory@evil.example' }, null, 7],
  Number.NaN,
  Number.POSITIVE_INFINITY,
  12n,
  null,
  true,
];

const lineOf = (event: string, change: Record<string, unknown>) => ({ event, ...change }) as unknown as Line;

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(Object.entries(EVENTS))('%s', (event, { fields }) => {
  it('stays a line whatever stands in its fields', () => {
    for (const hostile of HOSTILE) {
      const full = Object.fromEntries(Object.keys(fields).map((name) => [name, hostile]));
      expect(faultsOf(textOf(lineOf(event, full)), PLANTED)).toEqual([]);
    }
  });

  it('drops what is none of its fields', () => {
    expect(textOf(lineOf(event, { card_number: CARD, nonsense: 1 }))).toBe(JSON.stringify({ event }));
  });
});

it('keeps what is of Cordon’s own making as it is', () => {
  const id = `ev_019c5f3a1b2c${'4242424242'.repeat(2)}acme`;
  const line = textOf({
    event: 'webhook',
    merchant: 'acme',
    kind: 'recorded',
    evaluation: `${id}/ch_1`,
    status: 'failed',
  });
  expect(JSON.parse(line)).toEqual({
    event: 'webhook',
    merchant: 'acme',
    kind: 'recorded',
    evaluation: `${id}/ch_1`,
    status: 'failed',
  });
});

it('says the network of a lease: it is a server’s, and the line is there to say whose was let in', () => {
  const after = { id: 'le_019c5f3a1b2c0123456789abcdef', cidr: '203.0.113.0/28', owner: 'ops@acme.example' };
  const line = JSON.parse(textOf({ event: 'audit', who: 'admin', what: 'lease.create', merchant: 'acme', after }));
  expect(line.after).toEqual({ ...after, owner: '[e-mail]' });
});

it('says of a change neither whose it was nor what names him: the record does', () => {
  const lifted = [{ rule: 'card_ip', card: 'fp_abc', ip: 'an address', customer_id: 'cus_1', email: 'e', failures: 3 }];
  const line = JSON.parse(
    textOf({ event: 'audit', who: 'admin', what: 'payer.unblock', merchant: 'acme', before: { count: 1, lifted } }),
  );
  expect(line.before).toEqual({ count: 1, lifted: [{ rule: 'card_ip', failures: 3 }] });
});

it('has an event, an id and a merchant left when it would be too long', () => {
  const reasons = Array.from({ length: 32 }, () => 'r'.repeat(200));
  const many = { reasons, signals: reasons, silent: reasons };
  const line = textOf(lineOf('decision', { id: `ev_${'0'.repeat(32)}acme`, merchant: 'acme', ...many }));
  expect(line.length).toBeLessThan(LINE_LIMIT);
  expect(JSON.parse(line)).toEqual({ event: 'decision', id: `ev_${'0'.repeat(32)}acme`, merchant: 'acme', cut: true });
});

it.each([
  ['an error, by its name', new TypeError(`no ${CARD}`), 'TypeError'],
  ['KV’s own, with its status', new Error('KV PUT failed: 429 Too Many Requests for merchant:x'), 'KV PUT failed: 429'],
  ['D1’s own, without the statement', new Error('D1_ERROR: near "mallory": syntax error'), 'D1_ERROR'],
  ['a thrown text', 'mallory@evil.example', 'unknown'],
  ['an error with a strange name', Object.assign(new Error('x'), { name: '\u001b[31m' }), '?'],
])('names %s', (_, error, name) => {
  expect(nameOf(error)).toBe(name);
});

it('shows where a fault was, and no line of a message that looks as if it were that', () => {
  const lines = captureLog();
  logUnexpected(new Error('oops\n    at planted (nowhere:1:1)'));
  const [line = ''] = lines();
  expect(faultsOf(line, [...PLANTED, 'oops', 'planted'])).toEqual([]);
  expect(JSON.parse(line).stack.length).toBeGreaterThan(0);
});

it('goes to the level of its event', () => {
  const [info, error] = [
    vi.spyOn(console, 'log').mockImplementation(() => {}),
    vi.spyOn(console, 'error').mockImplementation(() => {}),
  ];
  log({ event: 'rate_limit_unavailable' });
  log({ event: 'audit', who: 'admin', what: 'key.create', merchant: 'acme' });
  expect([info.mock.calls.length, error.mock.calls.length]).toEqual([1, 1]);
});
