/**
 * The emergency bypass: on at the next attempt, over by itself, and there when the gate is what is broken.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Policies } from '../../src/config/policies.ts';
import * as routing from '../../src/proxy/routing.ts';
import { deployment } from '../config/deployment.ts';
import { manage, payRoute, putAcme, rule, SHOP } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { codeOf, pay } from '../support/shopper.ts';

const MINUTE_MS = 60_000;
/** Each test has a day of its own: what one has said lies far behind the next. */
const DAY_MS = 86_400_000;
const BEGIN = Date.now();
/** Somebody who is shut out: his own address in each test. */
let ip: string;
let tests = 0;
let origin: StandInOrigin;

beforeEach(async () => {
  ip = `198.18.77.${++tests}`;
  vi.useFakeTimers({ toFake: ['Date'], now: BEGIN + 3 * tests * DAY_MS });
  origin = new StandInOrigin();
  origin.answer(answers.decline);
  await putAcme({ card_testing_guard_config: rule('card_ip', 1), network: { deny_countries: ['US'] } });
  expect([(await pay({ ip })).status, (await pay({ ip })).status]).toEqual([402, 403]);
  // Copies of blocks live a moment longer than one is known of.
  passSeconds(2);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await turn({ bypass: 'off' });
  vi.useRealTimers();
});

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const turn = (said: unknown) => manage('POST', '/merchants/acme/switches', said);
const begin = (minutes = 30) =>
  turn({ bypass: 'on', until: new Date(Date.now() + minutes * MINUTE_MS).toISOString(), reason: 'rehearsal' });

it('lets go on what would be refused, and refuses again by itself when its time is over', async () => {
  expect((await begin()).status).toBe(200);
  expect((await pay({ ip })).status).toBe(402);
  passSeconds(30 * 60 - 3);
  expect((await pay({ ip })).status).toBe(402);
  passSeconds(2);
  // Its time ends between two looks at anything.
  await pay({ ip });
  passSeconds(1);
  expect((await pay({ ip })).status).toBe(403);
});

it('is ended by hand', async () => {
  await begin();
  expect((await pay({ ip })).status).toBe(402);
  expect((await turn({ bypass: 'off' })).status).toBe(200);
  expect((await pay({ ip })).status).toBe(403);
});

it('judges nothing, reads no body, sets no session and counts nothing meanwhile', async () => {
  await putAcme({ card_testing_guard_config: rule('card_ip', 1), session: { mode: 'enforce' } });
  await begin();
  const log = vi.spyOn(console, 'log');
  const fresh = '198.18.78.1';
  const statuses = [
    (await pay({ ip: fresh })).status,
    (await pay({ ip: fresh })).status,
    (await pay({ ip: fresh, body: 'no JSON' })).status,
    (await pay({ ip: null })).status,
  ];
  expect(statuses).toEqual([402, 402, 402, 402]);
  const decisions = log.mock.calls
    .map(([line]) => JSON.parse(String(line)))
    .filter(({ event }) => event === 'decision');
  expect(decisions.map(({ decision, mode, reasons }) => [decision, mode, reasons])).toEqual(
    Array.from({ length: 4 }, () => ['allow', 'off', []]),
  );
  await turn({ bypass: 'off' });
  await putAcme({ card_testing_guard_config: rule('card_ip', 1) });
  expect((await pay({ ip: fresh })).status).toBe(402);
});

it('still takes no card in plain text', async () => {
  await begin();
  const before = origin.arrived.length;
  expect((await pay({ ip, shop: SHOP.replace('https:', 'http:') })).status).toBe(403);
  expect(origin.arrived).toHaveLength(before);
});

it('changes no configuration, and no version of it', async () => {
  const before = (await manage('GET', '/merchants/acme')).headers.get('etag');
  await begin();
  const after = await manage('GET', '/merchants/acme');
  expect(after.headers.get('etag')).toBe(before);
  expect(await after.json()).not.toHaveProperty('mode');
});

it('outlasts a configuration that is written meanwhile', async () => {
  await begin();
  await putAcme({ card_testing_guard_config: rule('card_ip', 1), network: { deny_countries: ['BE'] } });
  expect((await pay({ ip })).status).toBe(402);
});

it('lets a request go on when even looking for its route fails', async () => {
  await begin();
  const error = vi.spyOn(console, 'error').mockReturnValue();
  vi.spyOn(routing, 'placeRequest').mockImplementation(() => {
    throw new Error('a fault of Cordon’s own');
  });
  expect((await pay({ ip })).status).toBe(402);
  expect(error.mock.calls.join()).toContain('unexpected_error');
});

it('does not outlive its merchant', async () => {
  await begin();
  await manage('DELETE', '/merchants/acme');
  await putAcme({ card_testing_guard_config: rule('card_ip', 1), network: { deny_countries: ['US'] } });
  expect((await pay({ ip, cf: { country: 'US', tlsVersion: 'TLSv1.3' } })).status).toBe(403);
  expect(await env.MERCHANTS.get('bypass:acme')).toBeNull();
});

describe('for who learns of it late', () => {
  it('is loud: one line when an isolate begins, one when it judges again', async () => {
    const error = vi.spyOn(console, 'error').mockReturnValue();
    const events = () => error.mock.calls.map(([line]) => JSON.parse(String(line)));
    await begin();
    await pay({ ip });
    await pay({ ip });
    passSeconds(6);
    await pay({ ip });
    await turn({ bypass: 'off', reason: 'it was the bank' });
    await pay({ ip });
    expect(events().map(({ event }) => event)).toEqual([
      'bypass_turned',
      'bypass_in_force',
      'bypass_turned',
      'bypass_over',
    ]);
    expect(events()[1]).toEqual({
      event: 'bypass_in_force',
      merchant: 'acme',
      until: expect.any(String),
      reason: 'rehearsal',
      by: 'admin',
    });
  });
});

describe('without the gate', () => {
  it('makes nobody wait for a gate that hangs, not even where nothing is known yet', async () => {
    await begin();
    vi.spyOn(console, 'error').mockReturnValue();
    const hanging = new Proxy({}, { get: () => () => new Promise(() => {}) });
    vi.spyOn(env.GATE, 'getByName').mockReturnValue(hanging as never);
    const startedAt = performance.now();
    const inForce = await new Policies(await deployment()).ofHost('shop.acme.example', Date.now(), () => {});
    expect([inForce?.policy.mode, performance.now() - startedAt < 1_000]).toEqual(['off', true]);
  });

  const breakGate = () => {
    vi.spyOn(console, 'error').mockReturnValue();
    return vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
  };

  it('is turned on through KV, and the answer says who has heard of it', async () => {
    const broken = breakGate();
    expect((await pay({ ip })).status).toBe(403);
    const answer = await begin();
    expect([answer.status, ((await answer.json()) as { heard: unknown }).heard]).toEqual([
      200,
      { gate: false, kv: true },
    ]);
    expect((await pay({ ip })).status).toBe(402);
    passSeconds(6);
    expect((await pay({ ip })).status).toBe(402);
    broken.mockRestore();
    passSeconds(6);
    // The gate knows nothing of it, and that is no word against it.
    expect([(await pay({ ip })).status, (await pay({ ip })).status]).toEqual([402, 402]);
    passSeconds(30 * 60);
    expect((await pay({ ip })).status).toBe(403);
  });

  it('is ended through KV, and stays ended when a gate comes back that has not heard of it', async () => {
    await begin();
    await pay({ ip });
    const broken = breakGate();
    await turn({ bypass: 'off' });
    expect((await pay({ ip })).status).toBe(403);
    broken.mockRestore();
    passSeconds(6);
    expect([(await pay({ ip })).status, (await pay({ ip })).status]).toEqual([403, 403]);
  });

  it('says that nobody heard of it when neither gate nor KV did', async () => {
    breakGate();
    vi.spyOn(env.MERCHANTS, 'put').mockRejectedValue(new Error('KV is down'));
    expect((await begin()).status).toBe(503);
  });
});

describe('written into KV by hand', () => {
  const write = (value: unknown) => env.MERCHANTS.put('bypass:acme', JSON.stringify(value));
  const at = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS).toISOString();

  async function statusAfter(value: unknown): Promise<number> {
    await write(value);
    passSeconds(6);
    return (await pay({ ip })).status;
  }

  it('is in force within five seconds', async () => {
    expect(await statusAfter({ at: at(0), until: at(30), reason: 'the API does not answer' })).toBe(402);
  });

  it.each<[string, (now: typeof at) => unknown]>([
    ['no end', () => ({ at: at(0), reason: 'r' })],
    ['no reason', () => ({ at: at(0), until: at(30) })],
    ['no beginning', () => ({ until: at(30), reason: 'r' })],
    ['a beginning far ahead', () => ({ at: at(60), until: at(90), reason: 'r' })],
    ['more than a day', () => ({ at: at(0), until: at(24 * 60 + 1), reason: 'r' })],
    ['a field that nobody knows', () => ({ at: at(0), until: at(30), reason: 'r', for: 'ever' })],
    ['an end that is past', () => ({ at: at(-60), until: at(-30), reason: 'r' })],
    ['no object', () => 'on'],
  ])('opens nothing with %s', async (_, made) => {
    vi.spyOn(console, 'error').mockReturnValue();
    expect(await statusAfter(made(at))).toBe(403);
  });

  it('opens nothing where KV does not say', async () => {
    await write({ at: at(0), until: at(30), reason: 'r' });
    const { get } = env.MERCHANTS;
    const silent = (key: string) =>
      key.startsWith('bypass:') ? Promise.reject(new Error('down')) : get.call(env.MERCHANTS, key as never);
    vi.spyOn(env.MERCHANTS, 'get').mockImplementation(silent as unknown as typeof get);
    passSeconds(6);
    expect(await codeOf(await pay({ ip }))).toBe('payment_refused');
    // Nor is anything shut by it that an isolate begins to serve.
    const inForce = await new Policies(await deployment()).ofHost('shop.acme.example', Date.now(), () => {});
    expect(inForce?.policy.mode).toBe('enforce');
  });

  it('is ended by the API', async () => {
    expect(await statusAfter({ at: at(0), until: at(30), reason: 'r' })).toBe(402);
    await turn({ bypass: 'off' });
    expect((await pay({ ip })).status).toBe(403);
  });
});

it('leaves other merchants alone', async () => {
  const other = { ...payRoute, name: 'other' };
  const origin = { pool: [{ url: 'https://origin.other.example' }] };
  const config = { id: 'other', hosts: ['shop.other.example'], origin, routes: [other] };
  await manage('PUT', '/merchants/other', { ...config, network: { deny_countries: ['US'] } });
  await begin();
  await pay({ ip });
  const answer = await pay({ ip, shop: 'https://shop.other.example', cf: { country: 'US', tlsVersion: 'TLSv1.3' } });
  expect(answer.status).toBe(403);
});
