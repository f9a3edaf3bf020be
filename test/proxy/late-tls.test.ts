/**
 * While some payer is known to be shut, the TLS version is looked at after his block: whoever is not that payer must
 * hear of an old version before anything else, as ever.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from '../../src/gate/gate.ts';
import { checkout, graphqlRoute, post } from '../support/graphql-shop.ts';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

const { customer: _, ...ROUTE } = payRoute;
const OLD = { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.1' };
const [SHUT = '', OTHER = ''] = cards(2);
/** Of the payer who is shut: another in each test, for an isolate remembers. */
let ip = '';
let tests = 0;
let origin: StandInOrigin;

beforeEach(() => {
  ip = `198.51.100.${++tests}`;
  origin = new StandInOrigin();
  origin.answer(answers.decline);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Somebody pays once too often: by then the isolate has a copy of his block. */
async function shut(change: Record<string, unknown> = {}): Promise<void> {
  await putAcme({ routes: [ROUTE], card_testing_guard_config: rule('card_ip', 1), ...change });
  expect([(await payShut()).status, (await payShut()).status]).toEqual([402, 403]);
  origin.arrived.length = 0;
}

function payShut(attempt: Try = {}): Promise<Response> {
  return pay({ card: SHUT, ip, ...attempt });
}

function asked() {
  return vi.spyOn(Gate.prototype, 'admit');
}

describe('an old TLS version, while somebody is shut', () => {
  it.each<[string, Try]>([
    ['an attempt of another card', {}],
    ['an attempt from another address', { card: SHUT, ip: '198.51.100.200' }],
    ['a body that is no JSON', { body: 'card=1' }],
    ['a body of another type', { headers: { 'content-type': 'text/plain' } }],
    ['a body that is too large', { body: JSON.stringify({ x: 'y'.repeat(400_000) }) }],
    ['a body without a card', { body: '{"amount":1}' }],
    ['a card in the query too', { path: `/api/pay?number=${OTHER}` }],
    ['no address', { ip: null }],
    ['another method', { method: 'PUT' }],
    ['a safe method', { method: 'GET', body: null }],
    ['an ambiguous path', { path: '/API/pay' }],
    ['a page', { path: '/other', method: 'GET', body: null }],
  ])('is refused as such, unheard and off the record: %s', async (_case, attempt) => {
    await shut();
    const admit = asked();
    const log = vi.spyOn(console, 'log');
    const answer = await pay({ card: OTHER, ip, cf: OLD, ...attempt });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'tls_version']);
    expect(answer.headers.get('cordon-evaluation')).toBeNull();
    expect([origin.arrived.length, admit.mock.calls.length]).toEqual([0, 0]);
    // A line about the repeats of an earlier test's payer may come at any time.
    expect(log.mock.calls.filter(([line]) => !String(line).includes('"repeats"'))).toEqual([]);
  });

  it('is refused as such where nothing need be paid', async () => {
    await shut({ routes: [{ ...ROUTE, attempt_unless: { '/confirm': [false] } }] });
    expect((await pay({ ip, body: '{"confirm":false}' })).status).toBe(402);
    const answer = await pay({ ip, body: '{"confirm":false}', cf: OLD });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'tls_version']);
    expect(origin.arrived).toHaveLength(1);
  });

  it('is refused as such however often it comes', async () => {
    await shut();
    const codes = [];
    for (let n = 0; n < 110; n++) codes.push(await codeOf(await pay({ card: OTHER, ip, cf: OLD })));
    expect(new Set(codes)).toEqual(new Set(['tls_version']));
  });

  it.each<[string, Record<string, unknown>]>([
    ['customers', { routes: [payRoute] }],
    ['a server route', { routes: [{ ...ROUTE, access: 'server' }] }],
    ['sessions', { session: { mode: 'enforce' } }],
    ['reputation', { network: { asn: { hosting: 'score' } }, reputation: {} }],
    ['a table of issuers', { network: { operating_countries: ['NL'], payer_country: true } }],
  ])('is refused first, before anything is known of the payer: %s', async (_case, change) => {
    await shut();
    await putAcme({ routes: [ROUTE], card_testing_guard_config: rule('card_ip', 1), ...change });
    await pay({ method: 'GET', path: '/other', body: null });
    const answer = await payShut({ cf: OLD });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'tls_version']);
  });

  it('is refused first on a GraphQL route', async () => {
    await shut({ routes: [ROUTE, graphqlRoute] });
    expect((await post(checkout(SHUT), { ip })).status).toBe(403);
    expect(await codeOf(await post(checkout(SHUT), { ip, cf: OLD }))).toBe('tls_version');
  });

  it('is on record alone in shadow, and with whatever else speaks', async () => {
    const log = vi.spyOn(console, 'log');
    await shut({ network: { modes: { tls_version: 'shadow' } } });
    log.mockClear();
    expect((await pay({ card: OTHER, ip: '198.51.100.201', cf: OLD })).status).toBe(402);
    expect((await pay({ ip, cf: OLD, body: 'x' })).status).toBe(400);
    const said = log.mock.calls
      .map(([line]) => JSON.parse(String(line)))
      .filter(({ repeats }) => repeats === undefined);
    expect(said.map(({ reasons }) => reasons)).toEqual([
      ['tls_version/shadow'],
      ['tls_version/shadow', 'unreadable/enforce'],
    ]);
  });

  it.each(['shadow', 'off'])('goes on at a merchant in mode %s', async (mode) => {
    await shut();
    await putAcme({ mode, routes: [ROUTE], card_testing_guard_config: rule('card_ip', 1) });
    await pay({ method: 'GET', path: '/other', body: null });
    expect((await payShut({ cf: OLD })).status).toBe(402);
  });
});

describe('a payer who is known to be shut', () => {
  it('is refused for that under an old TLS version too, and nobody is asked', async () => {
    await shut();
    const admit = asked();
    const answer = await payShut({ cf: OLD });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'payment_refused']);
    expect([origin.arrived.length, admit.mock.calls.length]).toEqual([0, 0]);
  });

  it('leaves a line with country and network', async () => {
    const log = vi.spyOn(console, 'log');
    await shut();
    const answer = await payShut();
    const again = [await payShut(), await payShut()];
    expect([answer, ...again].map(({ status }) => status)).toEqual([403, 403, 403]);
    const id = answer.headers.get('cordon-evaluation');
    const line = () => log.mock.calls.map(([text]) => JSON.parse(String(text))).find((one) => one.id === id);
    await vi.waitFor(() => expect(line()).toBeDefined(), { timeout: 4_000, interval: 50 });
    expect(line()).toMatchObject({ route: 'pay', country: 'NL', asn: 1136, repeats: 3, bin: SHUT.slice(0, 6) });
    expect(line().reasons).toEqual(['velocity:card_ip/enforce']);
  });

  it('is told of plain text first', async () => {
    await shut();
    const answer = await payShut({ shop: 'http://shop.acme.example', cf: OLD });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'https_required']);
  });
});
