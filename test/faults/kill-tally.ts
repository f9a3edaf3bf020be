/**
 * What a kill test knows from outside: which declines clients were told, and which attempts reached the origin. It is
 * held against the gate's tables; fingerprints are computed here anew, so that no code of Cordon's checks itself.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { expect } from 'vitest';
import { MASTER_KEY } from '../support/bare-config.ts';
import type { LedgerOnDisk } from '../support/bare-ledger.ts';
import type { ArrivedAtOrigin } from '../support/bare-origin.ts';

const fingerprintKey = hkdfSync(
  'sha256',
  Buffer.from(MASTER_KEY, 'base64'),
  new Uint8Array(),
  'cordon card fingerprint|acme|1',
  32,
);

/** Holds the tables against the evidence; returns how many failures each counter holds in all. */
export function checkTally(
  { counters, outcomes }: LedgerOnDisk,
  { acknowledged, arrived }: { acknowledged: readonly string[]; arrived: readonly ArrivedAtOrigin[] },
): number {
  const known = new Map(arrived.map((one) => [one.evaluation, one]));
  expect(known.size, 'every attempt reaches the origin once').toBe(arrived.length);
  const missing = acknowledged.filter((evaluation) => !outcomes.has(evaluation));
  expect(missing, 'acknowledged declines that are not on record').toEqual([]);
  const expected = new Map<string, number>();
  for (const [evaluation, outcome] of outcomes) {
    const attempt = known.get(evaluation);
    if (attempt === undefined) throw new Error(`${evaluation} is on record and never reached the origin`);
    expect(outcome).toEqual({ status: 'failed', counted: 1 });
    for (const key of keysOf(attempt)) expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  expect(Object.fromEntries(counters), 'each counter is the sum of its outcomes').toEqual(Object.fromEntries(expected));
  return outcomes.size;
}

/** The keys under which a failure of this attempt counts, by the rules that the test switches on. */
function keysOf({ ip, body }: ArrivedAtOrigin): readonly string[] {
  const { card } = JSON.parse(body) as { card: { number: string } };
  const fingerprint = fingerprintOf(card.number);
  return [
    JSON.stringify(['card_ip', fingerprint, ip]),
    JSON.stringify(['guest_card', fingerprint]),
    JSON.stringify(['guest_ip', ip]),
  ];
}

function fingerprintOf(digits: string): string {
  return `fp_${createHmac('sha256', Buffer.from(fingerprintKey)).update(digits).digest('base64url')}`;
}
