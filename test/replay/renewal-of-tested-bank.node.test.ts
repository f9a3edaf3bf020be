/**
 * A renewal of a card whose bank is tested just now: nobody is there to be asked, and it tests nothing.
 */
import { expect, it } from 'vitest';
import { replayAll, type Said } from './replaying.ts';

const RECOMMENDED = { velocity: 'recommended', step_up: { methods: ['proof_of_work'] } };
const BIN = '424242';

/** Each from another network, with another card of the one bank. */
const tested = Array.from({ length: 40 }, (_, index): Said => {
  const card = { fingerprint: `tested ${index}`, bin: BIN };
  return { at: index, attempt: { ip: `203.${index}.113.9`, card }, passed: false };
});
const card = { fingerprint: 'on file', bin: BIN };

it.each<[string, object, string]>([
  ['a renewal goes through', { kind: 'renewal', ip: undefined, customer_id: 'cus_1', card }, 'allow'],
  ['somebody who is there is asked', { ip: '198.51.100.1', card }, 'challenge'],
])('%s', async (_, attempt, decision) => {
  const replayed = await replayAll(RECOMMENDED, [...tested, { at: 50, attempt, status: 'succeeded' }]);
  expect(replayed.at(-1)?.evaluation.decision).toBe(decision);
});
