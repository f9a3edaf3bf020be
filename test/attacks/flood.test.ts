/**
 * Flood until the gate is overloaded and the policy opens.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
let tries = 0;

beforeEach(() => {
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

// The limiter's ten seconds are the clock's: one that ends in the middle lets more through, and the next try begins anew.
it('sheds an address after a hundred attempts in ten seconds, and no other', { retry: 2 }, async () => {
  await putAcme({ card_testing_guard_config: rule('guest_ip', 10_000) });
  const statuses = [];
  const ip = `192.0.2.${100 + tries++}`;
  for (let n = 0; n < 101; n++) statuses.push((await pay({ ip })).status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  const shed = await pay({ ip });
  expect([shed.status, shed.headers.get('retry-after'), await codeOf(shed)]).toEqual([429, '10', 'rate_limited']);
  expect((await pay({ ip: '192.0.2.2' })).status).toBe(200);
});

it('asks the gate once for a payer who is shut out, and not again for a moment', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  origin.answer(answers.decline);
  await pay({ ip: '192.0.2.3' });
  const admit = vi.spyOn(Gate.prototype, 'admit');
  for (let n = 0; n < 20; n++) expect((await pay({ ip: '192.0.2.3' })).status).toBe(403);
  expect(admit).toHaveBeenCalledTimes(1);
});

it('writes one line about the repeats of a payer who is shut out, and each answer has an id of its own', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  origin.answer(answers.decline);
  await pay({ ip: '192.0.2.10' });
  const log = vi.spyOn(console, 'log');
  const ids = new Set<string | null>();
  for (let n = 0; n < 6; n++) ids.add((await pay({ ip: '192.0.2.10' })).headers.get('cordon-evaluation'));
  expect(ids.size).toBe(6);
  // The repeats of another test's payer may be written here too.
  const lines = () => log.mock.calls.map(([line]) => JSON.parse(String(line))).filter(({ id }) => ids.has(id));
  await vi.waitFor(() => expect(lines()).toHaveLength(2), { timeout: 4_000, interval: 50 });
  const [full, repeats] = lines();
  expect(full).not.toHaveProperty('repeats');
  expect(repeats).toEqual({ ...full, id: expect.any(String), repeats: 5 });
});

it('costs an allowed payment one call before the origin and one after', async () => {
  await putAcme({ card_testing_guard_config: { ...rule('card_ip', 3), ...rule('guest_ip', 3) } });
  await pay({ ip: '192.0.2.4' });
  // What manages the gate, what origins ask of it, and what payments do, are a class each.
  const above = Object.getPrototypeOf(Gate.prototype) as object;
  const classes = [Gate.prototype, above, Object.getPrototypeOf(above) as object];
  const methods = classes.flatMap(Object.getOwnPropertyNames).filter((name) => name !== 'constructor');
  const spies = methods.map((name) => [name, vi.spyOn(Gate.prototype, name as 'admit')] as const);
  expect((await pay({ ip: '192.0.2.4' })).status).toBe(200);
  const called = spies.flatMap(([name, spy]) => spy.mock.calls.map(() => name));
  // `admitText` calls `admit` within the object.
  expect(called.toSorted()).toEqual(['admit', 'admitText', 'settleText']);
});

describe('without the gate', () => {
  const broken = () =>
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });

  /** To every word about what became of an attempt. */
  const deaf = () =>
    vi.spyOn(Gate.prototype, 'settleText').mockImplementation(() => {
      throw new Error('no gate');
    });

  it.each([
    ['block', 403, 0],
    ['review', 200, 1],
    ['allow', 200, 1],
  ])('on_gate_unavailable %s answers %i', async (on_gate_unavailable, status, reached) => {
    const log = vi.spyOn(console, 'log');
    await putAcme({ card_testing_guard_config: rule('card_ip', 1), on_gate_unavailable });
    await pay({ method: 'GET', path: '/', body: null });
    origin.arrived.length = 0;
    broken();
    expect((await pay({ ip: '192.0.2.5' })).status).toBe(status);
    expect(origin.arrived).toHaveLength(reached);
    expect(log.mock.calls.join()).toContain('gate_unavailable/enforce');
  });

  it.each([
    ['a merchant in shadow', { mode: 'shadow', card_testing_guard_config: rule('card_ip', 3) }],
    ['rules in shadow', { card_testing_guard_config: rule('card_ip', 3, 'shadow') }],
  ])('changes nothing for %s, before the origin or after it', async (_, change) => {
    await putAcme(change);
    await pay({ ip: '192.0.2.8' });
    origin.answer(async () => {
      deaf();
      return answers.decline();
    });
    expect((await pay({ ip: '192.0.2.8' })).status).toBe(402);
    expect((await pay({ ip: '192.0.2.8' })).status).toBe(402);
  });

  it('gives back the place that an admission took whose answer never came', async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
    await pay({ ip: '192.0.2.9', method: 'GET', body: null });
    // The stub must be made in the request that uses it: the platform lends no I/O to another.
    const losesReplies = (name: string) =>
      new Proxy(env.GATE.get(env.GATE.idFromName(name)), {
        get: (stub, method) =>
          method !== 'admitText'
            ? Reflect.get(stub, method)
            : async (request: string) => {
                admitted.push(JSON.parse(await stub.admitText(request)).kind);
                throw new Error('the reply was lost');
              },
      });
    const admitted: string[] = [];
    const lost = vi.spyOn(env.GATE, 'getByName');
    lost.mockImplementationOnce(losesReplies).mockImplementationOnce(losesReplies);
    expect((await pay({ ip: '192.0.2.9' })).status).toBe(403);
    expect(admitted).toEqual(['admitted', 'admitted']);
    lost.mockRestore();
    await vi.waitFor(async () => expect((await pay({ ip: '192.0.2.9' })).status).toBe(200));
  });

  it('tells nobody of a decline that it could not record', async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
    origin.answer(async () => {
      deaf();
      return answers.decline();
    });
    const answer = await pay({ ip: '192.0.2.6', card: cards(9)[8] ?? '' });
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'outcome_unrecorded']);
  });

  it('goes on trying, so that the failure counts once the gate is back', async () => {
    await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
    origin.answer(async () => {
      deaf();
      return answers.decline();
    });
    const payer = { ip: '192.0.2.7', card: cards(9)[7] ?? '' };
    await pay(payer);
    vi.restoreAllMocks();
    await vi.waitFor(async () => expect((await pay(payer)).status).toBe(403), { timeout: 5_000, interval: 200 });
  });
});
