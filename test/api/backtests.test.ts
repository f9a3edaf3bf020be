/**
 * A configuration tried on what the record holds: what would have been, what it takes and refuses, and who asked.
 */
import { env } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import type { Backtest } from '../../src/api/backtests.ts';
import { backtestAnswer } from '../../src/api/openapi-backtest-answers.ts';
import { asAuditLines } from '../support/audit.ts';
import { api, newMerchant, problemOf } from './backend.ts';
import { FROM, outcomeOf, plain, put } from './record-shelf.ts';

const DAY = { from: new Date(FROM - 1_000).toISOString(), to: new Date(FROM + 86_400_000).toISOString() };
const GUARD = { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 3 };

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

it.each([
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
