/**
 * A machine that asks for challenge after challenge, answers wrongly, or answers one for ever: what it leaves unanswered
 * shuts its address and its card, and whoever else pays sees nothing of that.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Asked, answer, HOSTING, RISKY, solved } from '../support/challenges.ts';
import { putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { passFor } from '../support/passes.ts';
import { cards, codeOf, pay } from '../support/shopper.ts';
import { cookieFor } from '../support/visit.ts';

const FEW = { ...RISKY, step_up: { ...RISKY.step_up, max_unanswered: 4 } };
const card = (index: number) => cards(200)[index] ?? '';
const ask = (ip: string, number: string, headers: Record<string, string> = {}) =>
  pay({ cf: HOSTING, ip, card: number, headers });

beforeEach(async () => {
  new StandInOrigin();
  await putAcme(FEW);
});
afterEach(() => vi.unstubAllGlobals());

/** Waits until what was told to the gate after the answers has come back to the isolate. */
const isShut = (ip: string, number: string) =>
  vi.waitFor(async () => expect(await codeOf(await ask(ip, number))).toBe('payment_refused'), { interval: 20 });

it('shuts an address that asks with card after card', async () => {
  for (let index = 0; index < 4; index++) await ask('10.8.0.1', card(index));
  await isShut('10.8.0.1', card(9));
  expect(await codeOf(await ask('10.8.0.2', card(8)))).toBe('challenge_required');
});

it('shuts a card that is tried from address after address', async () => {
  for (let index = 0; index < 4; index++) await ask(`10.8.1.${index}`, card(10));
  await isShut('10.8.1.9', card(10));
  expect(await codeOf(await ask('10.8.1.8', card(11)))).toBe('challenge_required');
});

it('sees nothing of it who is below the threshold', async () => {
  for (let index = 0; index < 4; index++) await ask('10.8.2.1', card(20));
  await isShut('10.8.2.1', card(20));
  expect((await pay({ ip: '10.8.2.1', card: card(20) })).status).toBe(200);
});

it('counts wrong answers as well', async () => {
  const { challenge } = (await (await ask('10.8.3.1', card(30))).json()) as Asked;
  for (let wrong = 0; wrong < 3; wrong++) {
    expect(await codeOf(await answer(challenge.url, 'wrong', { ip: '10.8.3.1' }))).toBe('challenge_failed');
  }
  await isShut('10.8.3.1', card(31));
});

it('looks at five answers to one challenge, however many come at once', async () => {
  const { challenge } = (await (await ask('10.8.4.1', card(40))).json()) as Asked;
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => answer(challenge.url, `guess ${i}`)));
  const codes = await Promise.all(answers.map(codeOf));
  expect(codes.filter((code) => code === 'challenge_failed')).toHaveLength(5);
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(25);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
  const right = await answer(challenge.url, await solved(challenge.url));
  expect(await codeOf(right)).toBe('rate_limited');
});

it('takes no answer to a challenge that was asked when too many were open', async () => {
  const payers = Array.from({ length: 5 }, (_, index) => `10.8.5.${index}`);
  const asked: Asked[] = [];
  // From different addresses, so that no copy in the isolate refuses the last before the gate has counted the others.
  for (const ip of payers) asked.push((await (await ask(ip, card(50))).json()) as Asked);
  const last = asked.at(-1) as Asked;
  if (last.code !== 'challenge_required') return;
  await vi.waitFor(async () => {
    const late = await answer(last.challenge.url, await solved(last.challenge.url), { ip: '10.8.5.200' });
    expect(await codeOf(late)).toBe('rate_limited');
  });
});

it('lets in who passes, however many are open', async () => {
  const asked = [];
  for (let index = 0; index < 4; index++) asked.push(await ask('10.8.6.1', card(60)));
  await isShut('10.8.6.1', card(60));
  const pass = await passFor(asked[0] as Response);
  expect((await ask('10.8.6.1', card(60), { 'cordon-pass': pass })).status).toBe(200);
});

it('shuts an address whose session was used too often, which the gate alone finds', async () => {
  await putAcme({ ...FEW, session: { mode: 'enforce', max_addresses: 1 } });
  const cookie = await cookieFor('acme');
  const use = (ip: string) => pay({ ip, card: card(70), headers: { cookie } });
  expect((await use('10.8.7.1')).status).toBe(200);
  for (let index = 0; index < 4; index++) expect(await codeOf(await use('10.8.7.2'))).toBe('challenge_required');
  await vi.waitFor(async () => expect(await codeOf(await use('10.8.7.2'))).toBe('payment_refused'), { interval: 20 });
  expect((await use('10.8.7.1')).status).toBe(200);
});
