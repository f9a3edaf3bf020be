/**
 * A flood of attempts by payers who are shut out: the record's messages grow with the payers, not with the requests.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { Written } from '../support/written.ts';

/** Repeats are counted for a second and a half, entries gather for a quarter of one. */
const WRITTEN_MS = 2_200;

let written: Written;
beforeEach(async () => {
  new StandInOrigin().answer(answers.decline);
  written = new Written();
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each([
  // Each from addresses of its own: one may try a hundred times in ten seconds (wrangler.toml).
  ['unreadable requests', '198.18.10', { body: '{"card":' }, 'unreadable'],
  ['another sort of them', '198.18.11', { headers: { 'content-type': 'text/plain' } }, 'unreadable'],
])('of %s is some entries an address, and each is counted', { timeout: 30_000 }, async (_, net, sent, code) => {
  await pay({ ip: `${net}.2`, ...sent });
  for (let n = 0; n < 80; n++) await pay({ ip: `${net}.1`, ...sent });
  await scheduler.wait(WRITTEN_MS);
  const entries = written.of('decision').filter(({ reasons }) => reasons.some((reason) => reason.code === code));
  expect(entries.reduce((sum, { repeats }) => sum + (repeats ?? 1), 0)).toBe(81);
  expect(entries.length).toBeLessThanOrEqual(25);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
});

it('is some entries a payer, and every refusal is counted in one of them', { timeout: 30_000 }, async () => {
  const payers = Array.from({ length: 5 }, (_, n) => `198.18.9.${n}`);
  for (const ip of payers) await pay({ ip });
  await scheduler.wait(WRITTEN_MS);
  const before = written.messages.length;
  expect(written.of('decision')).toHaveLength(5);
  // An address may try a hundred times in ten seconds (wrangler.toml).
  for (let n = 0; n < 60; n++) await Promise.all(payers.map((ip) => pay({ ip })));
  await scheduler.wait(WRITTEN_MS);
  const refusals = written.of('decision').slice(5);
  expect(refusals.reduce((sum, { repeats }) => sum + (repeats ?? 1), 0)).toBe(300);
  expect(refusals.length).toBeLessThanOrEqual(payers.length * 8);
  expect(written.messages.length - before).toBeLessThanOrEqual(10);
});
