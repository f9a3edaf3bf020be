/**
 * A configuration tried on what the record holds: what would have been, what it takes and refuses, and who asked.
 */
import { env } from 'cloudflare:workers';
import { afterEach, expect, it, vi } from 'vitest';
import type { Backtest } from '../../src/api/backtests.ts';
import { backtestAnswer } from '../../src/api/openapi-backtest-answers.ts';
import { asAuditLines } from '../support/audit.ts';
import { listed } from '../support/lists.ts';
import { api, newMerchant, problemOf } from './backend.ts';
import { FROM, outcomeOf, plain, put } from './record-shelf.ts';

const DAY = { from: new Date(FROM - 1_000).toISOString(), to: new Date(FROM + 86_400_000).toISOString() };
const GUARD = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 3 };

afterEach(() => {
  vi.restoreAllMocks();
});

const run = (merchant: string, body: object) => api('POST', `/merchants/${merchant}/backtests`, { body });

async function tried(merchant: string, body: object = DAY): Promise<Backtest> {
  const answer = await run(merchant, body);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const told = await answer.json();
  expect(backtestAnswer.safeParse(told).error?.issues ?? []).toEqual([]);
  return told as Backtest;
}

const asTold = ({ from, to }: typeof DAY) => ({ from, to });

/** Six attempts of one card from one address, a minute apart: five failures, then a success. */
async function merchantWithPast(change: Record<string, unknown> = {}): Promise<string> {
  const merchant = await newMerchant(change);
  const money = { amount: 500, currency: 'EUR' };
  for (let at = 0; at < 6; at++) {
    const status = at < 5 ? 'failed' : 'succeeded';
    await put(plain(merchant, at, money), outcomeOf(merchant, at, { status }));
  }
  return merchant;
}

it('tells what a configuration would have done, and changes nothing', async () => {
  const merchant = await merchantWithPast();
  const config = { card_testing_guard_config: GUARD };
  expect(await tried(merchant, { ...DAY, config })).toMatchObject({
    attempts: 6,
    is_complete: true,
    from: new Date(FROM).toISOString(),
    recorded: { allow: 6, block: 0 },
    decisions: { allow: 3, block: 3 },
    blocks_by_rule: { 'velocity:card_ip': 3 },
    failures: { attempts: 5, stopped: 2 },
    successes: { attempts: 1, stopped: 1 },
    amounts: { EUR: { through: 1_500, failures_stopped: 1_000, successes_stopped: 500 } },
  });
  expect(await tried(merchant)).toMatchObject({ decisions: { allow: 6, block: 0 } });
});

it('tries the configuration in force where none is given', async () => {
  const merchant = await merchantWithPast({ card_testing_guard_config: { ...GUARD, card_ip_blocking_threshold: 5 } });
  expect(await tried(merchant)).toMatchObject({ decisions: { allow: 5, block: 1 } });
});

it('looks at the time that is asked for, and at nobody else’s', async () => {
  const merchant = await merchantWithPast();
  await merchantWithPast();
  const from = new Date(FROM + 60_000).toISOString();
  expect(await tried(merchant, { ...DAY, from })).toMatchObject({ attempts: 5, from });
  expect(await tried(merchant, { from: DAY.to })).toMatchObject({ attempts: 0, from: null, is_complete: true });
});

it('judges by the lists and leases that there are now, and says what it cannot judge', async () => {
  const network = { operating_countries: ['DE'], payer_country: false, leases: {} };
  const reputation = { feeds: ['nowhere'], shared: true };
  const merchant = await merchantWithPast({ network, reputation });
  expect(await tried(merchant)).toMatchObject({ decisions: { block: 6 }, blocks_by_rule: { country: 6 } });
  await listed(merchant, 'allow', { type: 'country', value: 'NL' });
  expect(await tried(merchant)).toMatchObject({ decisions: { allow: 6, block: 0 } });
  await listed(merchant, 'deny', { type: 'email', value: 'somebody@mail.example' });
  const told = await tried(merchant);
  expect(told).toMatchObject({ decisions: { allow: 6 } });
  expect(told.not_replayed).toEqual(['list_emails', 'leases', 'feed:nowhere', 'shared', 'emails']);
  await listed(merchant, 'deny', { type: 'ip', value: '203.0.113.9' });
  expect(await tried(merchant)).toMatchObject({ decisions: { block: 6 }, blocks_by_rule: { 'list:ip': 6 } });
});

it('tries other limits where it is asked to, of the rules that are named', async () => {
  const rule = { by: 'ip', limit: 2, window_seconds: 3_600 };
  const velocity = [
    { name: 'first', ...rule },
    { name: 'second', ...rule, limit: 4 },
  ];
  const merchant = await merchantWithPast({ velocity });
  const all = await tried(merchant, { ...DAY, suggestions: true });
  expect(all.limits?.map(({ rule: name, limit }) => [name, limit])).toEqual([
    ...[1, 2, 3, 4, 6].map((limit) => ['first', limit]),
    ...[1, 2, 3, 4, 6, 8, 12].map((limit) => ['second', limit]),
  ]);
  expect(all.limits?.[0]).toMatchObject({ is_written: false, failures: { attempts: 5, stopped: 4 } });
  expect(all.suggestions).toEqual([
    { rule: 'first', written: 2, suggested: 1 },
    { rule: 'second', written: 4, suggested: 1 },
  ]);
  const one = await tried(merchant, { ...DAY, suggestions: ['second'] });
  expect(one.suggestions?.map((suggestion) => suggestion.rule)).toEqual(['second']);
  expect(await tried(merchant)).not.toHaveProperty('suggestions');
});

it('answers 503 while the gate does not say what is on the lists', async () => {
  const merchant = await merchantWithPast();
  vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('no gate');
  });
  expect(await problemOf(await run(merchant, DAY))).toEqual([503, 'gate_unavailable']);
});

it.each([
  ['a rule that is none', { suggestions: ['nothing'] }, 'invalid_attempt', '/suggestions/0'],
  ['a fault in the configuration', { config: { rulez: [] } }, 'invalid_configuration', '/config/rulez'],
  ['another merchant’s', { config: { id: 'somebody' } }, 'invalid_configuration', '/config/id'],
  ['no time', { from: 'yesterday' }, 'invalid_attempt', '/from'],
  ['time backwards', { from: DAY.to, to: DAY.from }, 'invalid_attempt', '/to'],
  ['a field that nobody knows', { against: {} }, 'invalid_attempt', '/against'],
])('refuses %s', async (_, body, code, path) => {
  const answer = await run(await newMerchant(), body);
  const told = (await answer.clone().json()) as { errors: { path: string }[] };
  expect(await problemOf(answer)).toEqual([422, code]);
  expect(told.errors.map((error) => error.path)).toContain(path);
});

it('answers 503 while the record is away', async () => {
  const merchant = await newMerchant();
  const lost = vi.spyOn(env.RECORDS, 'batch').mockRejectedValue(new Error('down'));
  expect(await problemOf(await run(merchant, DAY))).toEqual([503, 'storage_unavailable']);
  lost.mockRestore();
});

it('is on record: who looked at which time under which version', async () => {
  const merchant = await merchantWithPast();
  const log = vi.spyOn(console, 'log');
  const { config_version } = await tried(merchant);
  const [line] = asAuditLines(log.mock.calls).filter(({ what }) => what === 'read.backtest');
  expect(line).toMatchObject({ who: 'admin', merchant, after: { ...asTold(DAY), config_version, attempts: 6 } });
});
