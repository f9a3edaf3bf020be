/**
 * A challenge beside everything else that may be said of a payment: the score at its threshold, what only the gate finds,
 * leases, several payments at once, cards that anybody can name, and a gate of the release before.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestHeaders } from '../../src/origin/headers.ts';
import { type Asked, HOSTING, passOf, RISKY } from '../support/challenges.ts';
import { answered, graphqlRoute, mutation, payment, post, result } from '../support/graphql-shop.ts';
import { leased, revoke } from '../support/leases.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { stepRoutes, told } from '../support/payment-shop.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';
import { cookieFor } from '../support/visit.ts';

let origin: StandInOrigin;
let tests = 0;
let payer: Try = {};

beforeEach(() => {
  tests++;
  payer = { ip: `198.18.0.${tests}`, card: cards(300)[200 + tests] ?? '' };
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const step_up = RISKY.step_up;

it.each([
  [70, 403],
  [71, 200],
])('the risk score of 71 above %i answers %i', async (step_up_above, status) => {
  const reputation = { step_up_above, sizes: { hosting: 71 } };
  await putAcme({ network: { asn: { hosting: 'score' } }, reputation, step_up });
  const told = await pay({ ...payer, cf: HOSTING });
  expect(told.status).toBe(status);
  if (status === 403) expect(await codeOf(told)).toBe('challenge_required');
});

describe('what the gate alone finds', () => {
  it.each([
    ['no counter', {}],
    ['a counter', rule('card_ip', 50)],
  ])('a session used too often, beside %s: asked once the gate has spoken, and passed', async (_, guard) => {
    const session = { mode: 'enforce', max_addresses: 1 };
    await putAcme({ session, step_up, card_testing_guard_config: guard });
    const cookie = await cookieFor('acme');
    expect((await pay({ ...payer, headers: { cookie } })).status).toBe(200);
    const elsewhere = { ...payer, ip: `198.18.1.${tests}` };
    const asked = await pay({ ...elsewhere, headers: { cookie } });
    expect(asked.status).toBe(403);
    const pass = await passOf(asked);
    const withPass = () => pay({ ...elsewhere, headers: { cookie, 'cordon-pass': pass } });
    expect((await withPass()).status).toBe(200);
    expect(await codeOf(await withPass())).toBe('challenge_required');
    expect(origin.arrived).toHaveLength(2);
  });
});

describe('a lease of the address', () => {
  const network = { ...RISKY.network, leases: { max_active: 10 } };

  it('sets the challenge aside, and leaves the pass good', async () => {
    await putAcme({ network, step_up, card_testing_guard_config: rule('card_ip', 50) });
    const pass = await passOf(await pay({ ...payer, cf: HOSTING }));
    const { id } = await leased('acme', { cidr: `${payer.ip}/32` });
    expect((await pay({ ...payer, cf: HOSTING })).status).toBe(200);
    await revoke('acme', id);
    const withPass = () => pay({ ...payer, cf: HOSTING, headers: { 'cordon-pass': pass } });
    expect((await withPass()).status).toBe(200);
    expect((await withPass()).status).toBe(403);
  });

  it('is asked about before the challenge is', async () => {
    await putAcme({ network, step_up });
    expect(await codeOf(await pay({ ...payer, cf: HOSTING }))).toBe('challenge_required');
  });
});

describe('several payments in one request', () => {
  const many = (fallback: string) =>
    putAcme({
      ...RISKY,
      routes: [graphqlRoute],
      step_up: { ...step_up, fallback },
      card_testing_guard_config: rule('card_ip', 50),
    });
  const two = () => mutation(payment('a', payer.card ?? ''), payment('b', payer.card ?? ''));

  it.each(['block', 'review', 'allow'])('are refused, not challenged, and meet no fallback: %s', async (fallback) => {
    await many(fallback);
    const answer = await post(two(), { ip: payer.ip ?? null, cf: HOSTING });
    expect(await codeOf(answer.clone())).toBe('payment_refused');
    expect(origin.arrived).toEqual([]);
  });

  it('one alone is challenged, and goes on with its pass', async () => {
    await many('block');
    origin.answer(() => answered({ a: result.order }));
    const one = mutation(payment('a', payer.card ?? ''));
    const pass = await passOf(await post(one, { ip: payer.ip ?? null, cf: HOSTING }));
    const headers = { 'content-type': 'application/json', 'cordon-pass': pass };
    expect((await post(one, { ip: payer.ip ?? null, cf: HOSTING, headers })).status).toBe(200);
  });
});

it('a decoy: the pass of one card is none where another stands beside it', async () => {
  const fields = { card_number: '/card/number', token: '/token' };
  await putAcme({ ...RISKY, routes: [{ ...payRoute, fields, customer: undefined }] });
  const body = { card: { number: payer.card } };
  const send = (more: object, headers: Record<string, string> = {}) =>
    pay({ ...payer, cf: HOSTING, body: JSON.stringify({ ...body, ...more }), headers });
  const pass = await passOf(await send({}));
  expect((await send({ token: 'tok_another' }, { 'cordon-pass': pass })).status).toBe(403);
  expect((await send({}, { 'cordon-pass': pass })).status).toBe(200);
});

it('a card that a guest can name by counting is not held against its owner', async () => {
  const fields = { token: '/token' };
  const few = { ...step_up, max_unanswered: 2 };
  await putAcme({ ...RISKY, step_up: few, routes: [{ ...payRoute, fields, customer: undefined }] });
  const body = JSON.stringify({ token: '1234' });
  for (let n = 0; n < 4; n++) await pay({ ip: `198.18.2.${n}`, cf: HOSTING, body });
  const last = await pay({ ip: '198.18.2.99', cf: HOSTING, body });
  expect(await codeOf(last)).toBe('challenge_required');
});

it('a gate of the release before, which knows no pass, admits nobody by one and holds no place', async () => {
  await putAcme({ ...RISKY, card_testing_guard_config: rule('guest_ip', 1) });
  const pass = await passOf(await pay({ ...payer, cf: HOSTING }));
  const old = (name: string) =>
    new Proxy(env.GATE.get(env.GATE.idFromName(name)), {
      get: (stub, method) =>
        method !== 'admitText'
          ? Reflect.get(stub, method)
          : (request: string) => {
              const { pass: _, ...known } = JSON.parse(request) as Record<string, unknown>;
              return stub.admitText(JSON.stringify(known));
            },
    });
  const spy = vi.spyOn(env.GATE, 'getByName').mockImplementation(old);
  const log = vi.spyOn(console, 'log');
  const withPass = () => pay({ ...payer, cf: HOSTING, headers: { 'cordon-pass': pass } });
  expect(await codeOf(await withPass())).toBe('challenge_required');
  expect(log.mock.calls.join()).toContain('"pass_fault":"unproven"');
  spy.mockRestore();
  await vi.waitFor(async () => expect((await withPass()).status).toBe(200));
});

it('a card that is attached is challenged by itself', async () => {
  await putAcme({ ...RISKY, routes: stepRoutes({ continues: false }) });
  origin.answer(() => told.made('p1'));
  const attach = (headers: Record<string, string> = {}) =>
    pay({ ...payer, cf: HOSTING, path: '/payments', body: JSON.stringify({ card: { number: payer.card } }), headers });
  const asked = await attach();
  expect(((await asked.clone().json()) as Asked).code).toBe('challenge_required');
  expect((await attach({ 'cordon-pass': await passOf(asked) })).status).toBe(200);
});

describe('3-D Secure towards the origin', () => {
  const provenance = { ip: '192.0.2.1', host: 'shop', evaluation: 'ev_1' };

  it('is asked for by a header that no client can send', () => {
    const client = new Headers({ 'cordon-request-3ds': 'true', cordon_request_3ds: 'true' });
    expect(requestHeaders(client, provenance).has('cordon-request-3ds')).toBe(false);
    expect(requestHeaders(client, { ...provenance, request3ds: true }).get('cordon-request-3ds')).toBe('true');
    expect([...requestHeaders(client, provenance).keys()].join()).not.toContain('3ds');
  });
});
