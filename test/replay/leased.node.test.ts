/**
 * A block that a lease lifts, beside a challenge by a rule of the merchant's own: asked first, judged by counters once
 * that is passed, as live (test/api/one-answer.test.ts).
 */
import { expect, it } from 'vitest';
import { leaseOf } from '../../commands/backtest/listed.ts';
import { NO_TABLES } from '../../src/network/tables.ts';
import { Replay } from '../../src/replay/replay.ts';
import { ReplayLists } from '../../src/replay/replay-lists.ts';
import { lineOf, policyOf, START } from './replaying.ts';

const CONFIG = {
  card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 },
  network: { deny_countries: ['KP'], leases: {} },
  rules: [{ name: 'own', when: 'ip.country == "KP"', then: 'challenge' }],
  step_up: { methods: ['proof_of_work'] },
};
const time = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

it.each([
  ['203.0.113.0/28', ['challenge', 'block']],
  ['198.51.100.0/28', ['block', undefined]],
])('a lease of %s', async (cidr, decisions) => {
  const leases = [leaseOf({ cidr, created_at: time(0), expires_at: time(600) })];
  const given = { tables: NO_TABLES, kinds: [], lists: new ReplayLists(), leases, areAllLeases: true };
  const replay = new Replay(await policyOf(CONFIG), given);
  await replay.next(lineOf({ attempt: { country: 'NL' } }));
  const { evaluation, afterChallenge } = await replay.next(lineOf({ at: 1, attempt: { country: 'KP' } }));
  expect([evaluation.decision, afterChallenge?.decision]).toEqual(decisions);
});
