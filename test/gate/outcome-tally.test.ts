/**
 * How many attempts of a stretch of time were let through, and of how many nobody said how they ended.
 */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { firstIdOf } from '../../src/gate/evaluation-id.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { newGate } from './asking.ts';

const AT = Date.UTC(2026, 0, 15, 10);
const MINUTE = 60_000;
let made = 0;

interface Row {
  readonly at?: number;
  /** Of the outcome; null: none is on record. */
  readonly status: string | null;
  readonly settledAfterMs?: number;
  readonly counted?: number;
  readonly attempt?: string | null;
  readonly paymentId?: string | null;
  /** Whether the API asked; false where it was refused. */
  readonly api?: boolean;
  readonly suffix?: string;
}

async function tallyOf(rows: readonly Row[]) {
  return runInDurableObject(newGate(), (gate: Gate, { storage }) => {
    for (const {
      at = AT,
      status,
      settledAfterMs = 1_000,
      counted = 0,
      attempt = null,
      paymentId = null,
      api,
      suffix = '',
    } of rows) {
      const id = `${firstIdOf(at)}${String(++made).padStart(20, '0')}acme${suffix}`;
      if (status !== null) {
        storage.sql.exec(
          `INSERT INTO outcomes (evaluation, status, counted, contradicted, settled_at, attempt, payment_id)
           VALUES (?, ?, ?, 0, ?, ?, ?)`,
          ...[id, status, counted, at + settledAfterMs, attempt, paymentId],
        );
      }
      if (api !== undefined) {
        storage.sql.exec(
          `INSERT INTO evaluations (evaluation, record, verdicts, places, guest, reserved_until, reservation_ms, created_at)
           VALUES (?, '', '[]', '[]', 1, ?, 900000, ?)`,
          ...[id, api ? at + 900_000 : null, at],
        );
      }
    }
    return gate.tallyOutcomes(AT - MINUTE, AT + MINUTE);
  });
}

const KEPT = '{"places":[]}';

describe('an attempt', () => {
  it.each([
    ['that succeeded', { status: 'succeeded' }, [1, 0, 1]],
    ['that failed', { status: 'failed' }, [1, 0, 0]],
    ['that waits for its payer', { status: 'pending' }, [1, 0, 1]],
    [
      'whose payer never came back',
      { status: 'unknown', settledAfterMs: 900_000, attempt: KEPT, counted: 0.5 },
      [1, 0, 1],
    ],
    [
      'whose payer, a customer, never came back',
      { status: 'unknown', settledAfterMs: 900_000, attempt: KEPT },
      [1, 0, 1],
    ],
    ['whose answer told nothing', { status: 'unknown', attempt: KEPT }, [1, 1, 0]],
    ['that the API let through, of which nobody spoke', { status: null, api: true }, [1, 1, 1]],
    [
      'that the API let through, and the clock has ended',
      { status: 'unknown', settledAfterMs: 900_000, api: true },
      [1, 1, 1],
    ],
    ['that the API let through and was told of', { status: 'succeeded', api: true }, [1, 0, 1]],
    ['that the API refused', { status: null, api: false }, [0, 0, 0]],
    ['that was let through by nobody', { status: 'failed', attempt: '{"stranger":["pi_1"]}' }, [0, 0, 0]],
    ['and its further tries', { status: 'failed', suffix: '/ch_2' }, [0, 0, 0]],
    ['before', { status: 'succeeded', at: AT - 2 * MINUTE }, [0, 0, 0]],
    ['at the beginning', { status: 'succeeded', at: AT - MINUTE }, [1, 0, 1]],
    ['at the end, which is the next stretch’s', { status: 'succeeded', at: AT + MINUTE }, [0, 0, 0]],
  ] as readonly [string, Row, readonly number[]][])('%s', async (_, row, [letThrough, missing, payments]) => {
    expect(await tallyOf([row])).toEqual({ letThrough, missing, payments });
  });
});

it('looks at a bounded number of rows, and at both tables as far as at one', { timeout: 30_000 }, async () => {
  const many = Array.from({ length: 2_500 }, (_, index): Row => ({ status: 'succeeded', at: AT - MINUTE + index }));
  const silent = Array.from({ length: 500 }, (_, index): Row => ({ status: null, api: true, at: AT + index }));
  expect(await tallyOf([...many, ...silent])).toEqual({ letThrough: 2_000, missing: 0, payments: 2_000 });
});
