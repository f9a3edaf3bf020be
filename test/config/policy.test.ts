/**
 * The contract's defaults, as they arrive in the compiled policy, and what a full configuration compiles to.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { deployment } from './deployment.ts';
import { full } from './full-merchant.ts';

let here: Environment;
beforeAll(async () => {
  here = await deployment();
});

async function policyOf(config: unknown): Promise<Policy> {
  const result = validateMerchant(config, 'acme', here);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return compilePolicy(result.value, { hash: 'h', writtenAt: 0 }, here);
}

const minimal = {
  id: 'acme',
  hosts: ['shop.acme.example'],
  origin: { pool: [{ url: 'https://origin.acme.example' }] },
  routes: [{ name: 'pay', match: { methods: ['POST'], path: '/api/pay' } }],
};

describe('absent means off: the default of', () => {
  it.each<[string, (policy: Policy) => unknown, unknown]>([
    ['mode', (it) => it.mode, 'enforce'],
    ['card_testing_guard_config', (it) => it.velocity, []],
    ['network.minimum_tls', (it) => it.tls, { minimum: '1.2', mode: 'enforce' }],
    ['network.operating_countries', (it) => it.network.operatingCountries, null],
    ['network.deny_countries', (it) => it.network.denyCountries.size, 0],
    ['network.unknown_country', (it) => it.network.unknownCountry, 'ignore'],
    ['network.tor', (it) => it.network.tor, 'ignore'],
    ['network.asn.allow', (it) => it.network.allowAsns, null],
    ['network.asn.deny', (it) => it.network.denyAsns.size, 0],
    ['network.modes', (it) => new Set(Object.values(it.network.modes)), new Set(['enforce'])],
    ['reputation', (it) => it.reputation, null],
    ['session', (it) => it.session, null],
    ['step_up.fallback', (it) => it.stepUpFallback, 'block'],
    ['on_gate_unavailable', (it) => it.onGateUnavailable, 'block'],
    ['gate', (it) => it.gate, {}],
    ['key_version', (it) => it.fingerprintKeys.length, 1],
    ['reservation_seconds', (it) => it.reservationMs, 900_000],
    ['max_block_seconds', (it) => it.maxBlockSeconds, 604_800],
    ['a route’s kind', (it) => it.routes[0]?.kind, 'payment'],
    ['a route’s formats', (it) => it.routes[0]?.formats, ['json']],
    ['a route’s processor', (it) => it.routes[0]?.outcome.processor, null],
    ['a route’s query', (it) => it.routes[0]?.query, null],
    ['a route’s attempt_unless', (it) => it.routes[0]?.reading.attemptUnless, null],
    ['a route’s fields', (it) => it.routes[0]?.fields, {}],
    ['a route’s customer: everyone is a guest', (it) => it.routes[0]?.customer, null],
    [
      'a route’s outcome',
      (it) => it.routes[0]?.outcome,
      { failed: [], succeeded: [], pending: [], unknown: [], unmatched: 'failed', processor: null },
    ],
    ['a route’s refusal', (it) => it.routes[0]?.refusal, 'problem'],
    ['the origin’s health: nobody looks', (it) => it.origin?.health, null],
    ['the origin’s shared_idempotency', (it) => it.origin?.sharedIdempotency, null],
    ['the origin’s timeout_seconds', (it) => it.origin?.timeoutMs, 30_000],
    ['a route’s timeout_seconds', (it) => it.routes[0]?.timeoutMs, 20_000],
  ])('%s', async (_, read, expected) => {
    expect(read(await policyOf(minimal))).toEqual(expected);
  });

  it('hosts, origin and routes is none', async () => {
    const { hosts, origin, routes } = await policyOf({ id: 'acme' });
    expect({ hosts: [...hosts], origin, routes }).toEqual({ hosts: [], origin: null, routes: [] });
  });
});

describe('Hyperswitch’s defaults', () => {
  const limitOf = async (config: Record<string, unknown>) =>
    (await policyOf({ ...minimal, card_testing_guard_config: config })).velocity;

  it.each([
    ['card_ip', 3],
    ['guest_user_card', 10],
    ['customer_id', 5],
    ['guest_ip', 10],
  ])('%s has the threshold %i and an expiry of an hour', async (prefix, limit) => {
    expect(await limitOf({ [`${prefix}_blocking_status`]: 'enabled' })).toMatchObject([{ limit, windowSeconds: 3600 }]);
  });

  it('an older configuration without guest_ip compiles as it did', async () => {
    const { guest_ip_blocking_status: _, guest_ip_blocking_threshold: __, ...older } = full.card_testing_guard_config;
    expect((await limitOf(older)).map(({ name }) => name)).toEqual(['card_ip', 'guest_card']);
  });
});

describe('unknown_country', () => {
  it.each([
    [{}, 'ignore'],
    [{ deny_countries: ['FR'] }, 'ignore'],
    [{ operating_countries: ['NL'] }, 'challenge'],
    [{ operating_countries: ['NL'], unknown_country: 'ignore' }, 'ignore'],
    [{ operating_countries: ['NL'], unknown_country: 'block' }, 'block'],
    [{ unknown_country: 'review' }, 'review'],
    [{ operating_countries: [] }, 'ignore'],
  ])('with %j is %s', async (network, expected) => {
    expect((await policyOf({ ...minimal, network })).network.unknownCountry).toBe(expected);
  });
});

it('compiles what was written', async () => {
  const policy = await policyOf(full);
  expect(policy).toMatchObject({
    merchant: 'acme',
    mode: 'shadow',
    tls: { minimum: '1.3', mode: 'enforce' },
    stepUpFallback: 'review',
    onGateUnavailable: 'review',
    gate: { location: 'weur', jurisdiction: 'eu' },
    reservationMs: 600_000,
    maxBlockSeconds: 86_400,
    version: { hash: 'h', writtenAt: 0 },
  });
  expect([...policy.hosts]).toEqual(full.hosts);
  expect(policy.origin).toMatchObject({
    health: { path: '/healthz', intervalMs: 120_000 },
    sharedIdempotency: 'idempotency-key',
    timeoutMs: 60_000,
  });
  expect(policy.origin?.pool).toEqual([
    {
      url: 'https://origin.acme.example:8443',
      host: 'origin.acme.example:8443',
      country: 'NL',
      priority: 1,
      weight: 2,
    },
  ]);
  expect(policy.fingerprintKeys).toHaveLength(2);
  expect(policy.velocity.map(({ name, mode }) => [name, mode])).toEqual([
    ['card_ip', 'enforce'],
    ['guest_card', 'shadow'],
    ['guest_ip', 'enforce'],
  ]);
  expect(policy.network.modes).toMatchObject({ country: 'shadow', asn: 'off', tor: 'enforce' });
  const [route] = policy.routes;
  expect(route).toMatchObject({
    name: 'pay',
    kind: 'setup',
    formats: ['form'],
    refusal: 'hyperswitch',
    timeoutMs: 10_000,
  });
  expect(route?.path?.segments).toEqual(['api', 'orders', null, 'pay']);
});

describe('session', () => {
  it('has the contract’s ages', async () => {
    const { session } = await policyOf({ ...minimal, session: { mode: 'shadow' } });
    expect(session).toMatchObject({ mode: 'shadow', minAgeMs: 2_000, maxAgeMs: 86_400_000 });
  });

  it('compiles what was written', async () => {
    expect((await policyOf(full)).session).toMatchObject({ mode: 'enforce', minAgeMs: 5_000, maxAgeMs: 3_600_000 });
  });

  it.each([
    ['its own mode', { session: { mode: 'off' } }],
    ['the merchant’s', { session: { mode: 'enforce' }, mode: 'off' }],
  ])('is off by %s', async (_, change) => {
    expect((await policyOf({ ...minimal, ...change })).session).toBeNull();
  });
});

it('is frozen', async () => {
  const policy = await policyOf(full);
  expect(Object.isFrozen(policy)).toBe(true);
  expect(policy.routes.every(Object.isFrozen)).toBe(true);
});
