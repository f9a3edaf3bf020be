/**
 * `Idempotency-Key`: the same answer for the same request, one reservation, and nothing kept that could be read.
 */
import { abortAllDurableObjects } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gateOf } from '../gate/asking.ts';
import { rule } from '../support/merchant.ts';
import {
  api,
  ask,
  attempt,
  CARD,
  configure,
  everythingStored,
  IP,
  newKey,
  newMerchant,
  problemOf,
  rowsOf,
  tell,
} from './backend.ts';

afterEach(() => {
  vi.useRealTimers();
});

const guard = (change = {}) => newMerchant({ card_testing_guard_config: rule('card_ip', 2), ...change });
const askWith = (merchant: string, key: string, said: unknown = attempt, bearer?: string) =>
  ask(merchant, said, { headers: { 'idempotency-key': key }, ...(bearer === undefined ? {} : { key: bearer }) });
const evaluations = async (merchant: string) =>
  (await rowsOf<{ n: number }>(gateOf(merchant), 'SELECT count(*) AS n FROM evaluations'))[0]?.n;

describe('the same key and request', () => {
  it('give the same bytes, and one reservation, whatever happened in between', async () => {
    const merchant = await guard();
    const first = await (await askWith(merchant, 'k')).text();
    const { id } = JSON.parse(first) as { id: string };
    expect(await (await askWith(merchant, 'k')).text()).toBe(first);
    await abortAllDurableObjects();
    expect(await (await askWith(merchant, 'k')).text()).toBe(first);
    await tell(id, { status: 'failed' });
    expect(await (await askWith(merchant, 'k')).text()).toBe(first);
    await configure(merchant, { mode: 'shadow' });
    expect(await (await askWith(merchant, 'k')).text()).toBe(first);
    expect(await evaluations(merchant)).toBe(1);
  });

  it('give a refusal again as it was', async () => {
    const merchant = await guard({ card_testing_guard_config: rule('card_ip', 1) });
    const { id } = (await (await ask(merchant)).json()) as { id: string };
    const refused = await (await askWith(merchant, 'k')).text();
    expect(refused).toContain('in_flight');
    await tell(id, { status: 'succeeded' });
    expect(await (await askWith(merchant, 'k')).text()).toBe(refused);
  });

  it('make one reservation of fifty at once', async () => {
    const merchant = await guard();
    const answers = await Promise.all(Array.from({ length: 50 }, () => askWith(merchant, 'k')));
    const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect([texts.size, await evaluations(merchant)]).toEqual([1, 1]);
    expect(await (await ask(merchant)).text()).toContain('"allow"');
  });

  it('are the same in another order of names, spacing, and with a default said', async () => {
    const merchant = await guard();
    const headers = { 'idempotency-key': 'k' };
    const first = await (await askWith(merchant, 'k')).text();
    const body = `{ "attempt" : {"kind":"payment","card":{"number":"${CARD}"},\n"ip":"${IP}"},"merchant":"${merchant}"}`;
    expect(await (await api('POST', '/evaluations', { headers, body })).text()).toBe(first);
  });

  it('are the same under another key of the merchant', async () => {
    const merchant = await guard();
    const first = await (await askWith(merchant, 'k')).text();
    const { key } = await newKey(merchant);
    expect(await (await askWith(merchant, 'k', attempt, key)).text()).toBe(first);
  });

  it('are one decision in the log', async () => {
    const merchant = await guard();
    const log = vi.spyOn(console, 'log');
    for (let i = 0; i < 3; i++) await askWith(merchant, 'k');
    expect(log.mock.calls.filter(([line]) => String(line).includes('"decision"'))).toHaveLength(1);
    log.mockRestore();
  });

  it('are the same after the fingerprint key was rotated', async () => {
    const merchant = await guard();
    const first = await (await askWith(merchant, 'k')).text();
    await configure(merchant, { card_testing_guard_config: rule('card_ip', 2), key_version: 2 });
    expect(await (await askWith(merchant, 'k')).text()).toBe(first);
  });
});

describe('the same key', () => {
  it.each([
    ['another card', { ip: IP, card: { number: '5555555555554444' } }],
    ['another address', { ...attempt, ip: '203.0.113.10' }],
    ['one field more', { ...attempt, amount: 1 }],
    ['one field less', { ip: IP }],
    ['the number as a token', { ip: IP, card: { token: CARD } }],
    ['another kind', { ...attempt, kind: 'setup' }],
  ])('with %s is refused and reserves nothing', async (_, said) => {
    const merchant = await guard();
    await askWith(merchant, 'k');
    expect(await problemOf(await askWith(merchant, 'k', said))).toEqual([422, 'idempotency_key_reused']);
    expect(await evaluations(merchant)).toBe(1);
  });

  it('at another merchant is another key', async () => {
    const [one, other] = [await guard(), await guard()];
    const ids = new Set([await (await askWith(one, 'k')).text(), await (await askWith(other, 'k')).text()]);
    expect(ids.size).toBe(2);
  });

  it.each([
    ['within the day', 86_399, 200, 1],
    ['after the day', 86_401, 200, 2],
  ])('%s', async (_, seconds, status, count) => {
    const merchant = await guard();
    await askWith(merchant, 'k');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
    expect((await askWith(merchant, 'k')).status).toBe(status);
    expect(await evaluations(merchant)).toBe(count);
  });

  it('in other letters is another key', async () => {
    const merchant = await guard();
    await askWith(merchant, 'k');
    await askWith(merchant, 'K');
    expect(await evaluations(merchant)).toBe(2);
  });

  it('after a fault in the body is still unused', async () => {
    const merchant = await guard();
    expect((await askWith(merchant, 'k', { ip: 'x' })).status).toBe(422);
    expect((await askWith(merchant, 'k')).status).toBe(200);
  });
});

describe('a key that cannot be kept', () => {
  it.each([
    ['empty', ''],
    ['with a space', 'a b'],
    ['256 long', 'x'.repeat(256)],
    ['not ASCII', 'ümläut'],
    ['sent twice', 'a, b'],
  ])('is refused: %s', async (_, key) => {
    const merchant = await guard();
    expect(await problemOf(await askWith(merchant, key))).toEqual([400, 'invalid_request']);
    expect(await evaluations(merchant)).toBe(0);
  });

  it.each(['x', 'x'.repeat(255), '~!@#$%^&*()_+{}|:"<>?', '__proto__', CARD])('is taken: %s', async (key) => {
    const merchant = await guard();
    expect((await askWith(merchant, key)).status).toBe(200);
    expect((await askWith(merchant, key)).status).toBe(200);
    expect(await evaluations(merchant)).toBe(1);
  });
});

it('leaves no card number, no token and no key of the caller in any row', async () => {
  const merchant = await guard();
  const secrets = [CARD, 'tok_visa_secret', 'fpr_of_the_processor', 'order-4711'];
  await askWith(merchant, secrets[3] ?? '', attempt);
  await askWith(merchant, CARD, attempt);
  await askWith(merchant, 'b', { ip: IP, card: { token: secrets[1] } });
  const { id } = (await (await askWith(merchant, 'c', { ip: IP, card: { fingerprint: secrets[2] } })).json()) as {
    id: string;
  };
  await tell(id, { status: 'failed' });
  const stored = await everythingStored(merchant);
  expect(stored).toContain(id);
  for (const secret of secrets) expect(stored, secret).not.toContain(secret);
  expect(stored).not.toContain(btoa(CARD));
  expect(stored).not.toContain('4242 4242');
});
