/**
 * Other limits than the written ones: which are tried, and which is suggested.
 */
import { expect, it } from 'vitest';
import { type Swept, suggestionsOf, variantsOf } from '../../src/replay/limit-sweep.ts';
import { policyOf } from './replaying.ts';

const GUARD = { card_ip_blocking_status: 'shadow', card_ip_blocking_threshold: 3, guest_ip_blocking_status: 'enabled' };

it('tries each rule with other limits, enforced, and the others as they are', async () => {
  const policy = await policyOf({ card_testing_guard_config: GUARD });
  const variants = variantsOf(policy);
  expect(variants.map(({ rule, limit, isWritten }) => [rule, limit, isWritten])).toEqual([
    ['card_ip', 1, false],
    ['card_ip', 2, false],
    ['card_ip', 3, true],
    ['card_ip', 5, false],
    ['card_ip', 6, false],
    ['card_ip', 9, false],
    ['guest_ip', 3, false],
    ['guest_ip', 5, false],
    ['guest_ip', 7, false],
    ['guest_ip', 10, true],
    ['guest_ip', 15, false],
    ['guest_ip', 20, false],
    ['guest_ip', 30, false],
  ]);
  const [first, , , , , , last] = variants;
  expect(first?.policy.velocity.map(({ name, limit, mode }) => [name, limit, mode])).toEqual([
    ['card_ip', 1, 'enforce'],
    ['guest_ip', 10, 'enforce'],
  ]);
  expect(last?.policy.velocity[0]).toMatchObject({ limit: 3, mode: 'shadow' });
});

const swept = (limit: number, failures: number, successes: number, is_written = false): Swept => ({
  rule: 'r',
  limit,
  is_written,
  failures: { attempts: 1_000, stopped: failures, blocked: failures, challenged: 0 },
  successes: { attempts: 10_000, stopped: successes, blocked: successes, challenged: 0 },
});

it.each([
  ['a lower limit that stops more and costs little', [swept(2, 600, 9), swept(4, 400, 0, true)], 2],
  ['none that stops more than one good payment in a thousand', [swept(2, 900, 11), swept(4, 400, 0, true)], 4],
  ['none that costs more than it is worth', [swept(2, 420, 5), swept(4, 400, 0, true)], 4],
  [
    'a higher limit where the written one stops good payments for nothing',
    [swept(4, 400, 30, true), swept(8, 390, 0)],
    8,
  ],
  ['what is written where another is no better', [swept(2, 400, 0), swept(4, 400, 0, true), swept(8, 400, 0)], 4],
])('suggests %s', (_, limits, suggested) => {
  expect(suggestionsOf(limits)).toEqual([{ rule: 'r', written: 4, suggested }]);
});
