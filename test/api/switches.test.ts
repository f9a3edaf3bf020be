/**
 * The calls about switches: what they take and refuse, what they tell, and what stays on record.
 */
import { env } from 'cloudflare:workers';
import { afterEach, expect, it, vi } from 'vitest';
import { asAuditLines } from '../support/audit.ts';
import { manage } from '../support/merchant.ts';
import { api, ask, newKey, newMerchant } from './backend.ts';

const MINUTE_MS = 60_000;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS).toISOString();
const on = (change: Record<string, unknown> = {}) => ({
  bypass: 'on',
  until: inMinutes(30),
  reason: 'payments fail',
  ...change,
});
const turn = (merchant: string, said: unknown, key?: string) =>
  api('POST', `/merchants/${merchant}/switches`, { body: said, ...(key === undefined ? {} : { key }) });

interface Told {
  readonly bypass: { readonly state: string; readonly until: string | null; readonly turned_by: string | null };
  readonly heard?: unknown;
}
const stateOf = async (merchant: string) =>
  ((await (await manage('GET', `/merchants/${merchant}/switches`)).json()) as Told).bypass;

afterEach(() => {
  vi.restoreAllMocks();
});

it('stand as they were turned, and tell who did and until when', async () => {
  const merchant = await newMerchant();
  const off = { state: 'off', until: null, reason: null, turned_at: null, turned_by: null };
  expect(await stateOf(merchant)).toEqual(off);
  const said = on();
  const answer = await turn(merchant, said);
  expect(await answer.json()).toMatchObject({
    bypass: { state: 'on', until: said.until, reason: 'payments fail', turned_by: 'admin' },
    heard: { gate: true, kv: true },
  });
  expect(await stateOf(merchant)).toMatchObject({ state: 'on', until: said.until });
  expect(await (await turn(merchant, { bypass: 'off' })).json()).toMatchObject({ bypass: off });
  expect(await stateOf(merchant)).toEqual(off);
});

it.each<[string, Record<string, unknown>, string]>([
  ['no end', on({ until: undefined }), '/until'],
  ['an end that is past', on({ until: inMinutes(-1) }), '/until'],
  ['an end a day and a minute away', on({ until: inMinutes(24 * 60 + 1) }), '/until'],
  ['an end that is no time', on({ until: 'tomorrow' }), '/until'],
  ['no reason', on({ reason: undefined }), '/reason'],
  ['an empty reason', on({ reason: '' }), '/reason'],
  ['a reason as long as a book', on({ reason: 'x'.repeat(257) }), '/reason'],
  ['a reason with a card number', on({ reason: 'card 4242 4242 4242 4242 fails' }), '/reason'],
  ['a reason that a terminal obeys', on({ reason: 'a\u001b[2Jb' }), '/reason'],
  ['a reason that reads backwards', on({ reason: 'a\u202eb' }), '/reason'],
  ['an end of an end', { bypass: 'off', until: inMinutes(5) }, '/until'],
  ['neither on nor off', on({ bypass: 'auto' }), '/bypass'],
  ['a field that nobody knows', on({ for: 'ever' }), '/for'],
])('are not turned with %s: 422 names the field', async (_, said, path) => {
  const merchant = await newMerchant();
  const answer = await turn(merchant, said);
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect([answer.status, errors.map((fault) => fault.path)]).toEqual([422, [path]]);
  expect((await stateOf(merchant)).state).toBe('off');
});

it('are turned for a day, and not longer', async () => {
  expect((await turn(await newMerchant(), on({ until: inMinutes(24 * 60 - 0.1) }))).status).toBe(200);
});

it('open to a key that manages, and to no other', async () => {
  const merchant = await newMerchant();
  const { key, id } = await newKey(merchant, { scopes: ['manage'] });
  const { key: weak } = await newKey(merchant, { scopes: ['evaluate', 'report'] });
  const { key: foreign } = await newKey(await newMerchant(), { scopes: ['manage'] });
  expect([(await turn(merchant, on(), weak)).status, (await turn(merchant, on(), foreign)).status]).toEqual([403, 403]);
  expect((await stateOf(merchant)).state).toBe('off');
  expect((await turn(merchant, on(), key)).status).toBe(200);
  expect((await stateOf(merchant)).turned_by).toBe(`key:${id}`);
});

it('leave one loud line and one of audit for each turn', async () => {
  const merchant = await newMerchant();
  const [log, error] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error').mockReturnValue()];
  await turn(merchant, on());
  await turn(merchant, { bypass: 'off', reason: 'it was the bank' });
  const lines = asAuditLines(log.mock.calls).filter(({ what }) => what.startsWith('bypass.'));
  expect(lines.map(({ who, what, merchant: whose }) => [who, what, whose])).toEqual([
    ['admin', 'bypass.on', merchant],
    ['admin', 'bypass.off', merchant],
  ]);
  expect(lines[0]).toMatchObject({ before: { state: 'off' }, after: { state: 'on', reason: 'payments fail' } });
  const loud = error.mock.calls
    .map(([line]) => JSON.parse(String(line)))
    .filter(({ event }) => event === 'bypass_turned');
  expect(loud).toMatchObject([
    { merchant, state: 'on', reason: 'payments fail', who: 'admin' },
    { merchant, state: 'off', reason: 'it was the bank', who: 'admin' },
  ]);
});

it('let every attempt of the API go on, also while the gate does not answer', async () => {
  const merchant = await newMerchant({
    card_testing_guard_config: { guest_ip_blocking_status: 'enabled', guest_ip_blocking_threshold: 1 },
    network: { deny_countries: ['US'] },
  });
  const attempt = { ip: '203.0.113.77', country: 'US' };
  const decide = async () => (await (await ask(merchant, attempt)).json()) as { decision: string; mode: string };
  expect((await decide()).decision).toBe('block');
  await turn(merchant, on());
  expect(await decide()).toMatchObject({ decision: 'allow', mode: 'off' });
  vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  expect(await decide()).toMatchObject({ decision: 'allow', mode: 'off' });
});

it('end a bypass that was written into KV by hand with a clock ahead: the end is the later word', async () => {
  const merchant = await newMerchant();
  const at = inMinutes(1);
  const byHand = { at, until: inMinutes(30), reason: 'the API does not answer' };
  await env.MERCHANTS.put(`bypass:${merchant}`, JSON.stringify(byHand));
  expect((await stateOf(merchant)).state).toBe('on');
  expect((await turn(merchant, { bypass: 'off' })).status).toBe(200);
  const last = JSON.parse((await env.MERCHANTS.get(`bypass:${merchant}`)) ?? '{}') as { at: string; until: string };
  expect(Date.parse(last.at)).toBeGreaterThan(Date.parse(at));
  expect(Date.parse(last.until)).toBeLessThanOrEqual(Date.now());
  expect((await stateOf(merchant)).state).toBe('off');
});

it('of a merchant that is not there are none', async () => {
  expect((await turn('nobody', on())).status).toBe(404);
});
