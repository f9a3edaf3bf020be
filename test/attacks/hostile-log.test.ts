/**
 * Hostile words in every field that somebody outside may fill, a whole run of them: each line of the log stays one JSON
 * object of a known event, bounded and inert, and nothing of what was planted is in any.
 */
import { env, exports } from 'cloudflare:workers';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { answer } from '../../src/app.ts';
import { api, stripeSignature } from '../api/backend.ts';
import { charge, stripeEvent } from '../outcome/webhooks/stripe-events.ts';
import { cron, follow, SOURCE } from '../support/feeds.ts';
import { checkout, graphqlRoute, payment } from '../support/graphql-shop.ts';
import { captureLog, eventsIn, faultsOf } from '../support/log-lines.ts';
import { manage, payRoute, putAcme, rule, SHOP } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, pay, tokenOf } from '../support/shopper.ts';

const [CARD = '', NOTED = '', UNTRIED = ''] = cards(3);
const EMAIL = 'mallory@evil.example';
const IP = '203.0.113.99';
const PLANTED = [CARD, NOTED, UNTRIED, EMAIL, 'mallory', IP, '2001:db8:bad', 'QUERYSECRET', 'HEADERSECRET'];
/** For fields that take any text. */
const WORDS = `${EMAIL} ${NOTED} ${IP} https://evil.example/?a=QUERYSECRET \u001b[31m\u009b2J\u2028\u202e\u0000\n{"event":"audit"}`;
/** For headers and URLs. */
const ASCII = `${EMAIL} ${NOTED} ${IP} https://evil.example/?a=QUERYSECRET`;

let origin: StandInOrigin;
let lines: () => readonly string[];
const quietly = <T>(work: Promise<T>) => work.catch(() => null);
const declined = () => Response.json({ id: WORDS, status: 'failed', error: { decline_code: WORDS } }, { status: 402 });

beforeAll(() => {
  origin = new StandInOrigin();
  origin.answer(declined);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** What each part of the run has written, looked at when it ends. */
let expected: readonly string[] = [];
const during = (name: string, events: readonly string[], work: () => Promise<unknown>) =>
  it(name, async () => {
    lines = captureLog();
    expected = events;
    await work();
  });
afterEach(() => {
  const written = lines();
  vi.restoreAllMocks();
  expect(written.flatMap((line) => faultsOf(line, PLANTED))).toEqual([]);
  expect([...eventsIn(written)]).toEqual(expect.arrayContaining([...expected]));
});

const headers = {
  'user-agent': ASCII,
  referer: ASCII,
  'x-card': NOTED,
  cookie: `a=${ASCII}`,
  'accept-language': ASCII,
};
const shop = (change: Record<string, unknown> = {}) =>
  putAcme({
    routes: [payRoute, graphqlRoute],
    card_testing_guard_config: { ...rule('card_ip', 2), ...rule('customer_id', 2) },
    network: { leases: {} },
    webhooks: { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } },
    ...change,
  });

during('by a checkout', ['decision'], async () => {
  await shop();
  const said = { ip: IP, card: CARD, headers };
  for (let n = 0; n < 4; n++) await pay({ ...said, customer: WORDS });
  await pay({ ...said, headers: { ...headers, authorization: `Bearer ${await tokenOf(EMAIL)}HEADERSECRET` } });
  await pay({ ...said, path: `/api/pay?a=QUERYSECRET&card=${NOTED}` });
  await pay({ ...said, path: `/API/pay/;${encodeURIComponent(WORDS)}?a=QUERYSECRET` });
  await pay({ ...said, path: `/${encodeURIComponent(EMAIL)}` });
  await pay({ ...said, body: JSON.stringify({ card: { number: CARD }, [WORDS]: WORDS, [NOTED]: IP }) });
  await pay({ ...said, body: WORDS });
  await pay({ ...said, body: 'x=1', headers: { 'content-type': `text/plain; ${EMAIL}` } });
  await pay({ ...said, method: 'PUT' });
  await pay({ ...said, cf: { country: WORDS, asn: 1, tlsVersion: WORDS } });
});

during('by GraphQL', ['decision'], async () => {
  await shop();
  const post = (body: unknown) =>
    pay({
      path: '/shop-api',
      ip: IP,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const name = `mallory_${NOTED}`;
  await post({ query: `mutation ${name} { ${payment(name, CARD)} }`, operationName: name });
  await post({ ...checkout(CARD), operationName: WORDS });
  await post({ query: `mutation { ${WORDS} }`, extensions: { persistedQuery: { sha256Hash: WORDS } } });
});

during('by a processor', ['webhook'], async () => {
  await shop();
  const report = async (event: Record<string, unknown>, object: Record<string, unknown>) => {
    const body = JSON.stringify({ ...stripeEvent('charge.failed', charge({ status: 'failed', ...object })), ...event });
    return exports.default.fetch('https://localhost/.cordon/v1/webhooks/acme/stripe', {
      method: 'POST',
      headers: { ...headers, 'stripe-signature': await stripeSignature(body) },
      body,
    });
  };
  const created = Math.ceil(Date.now() / 1000);
  await report(
    { id: `evt_${NOTED}`, created },
    { id: `ch_${NOTED}`, payment_intent: `pi_${NOTED}`, failure_code: WORDS },
  );
  await report({ id: WORDS, created }, { id: WORDS, payment_intent: WORDS, metadata: { cordon_evaluation: WORDS } });
  await report({ id: 'evt_2', created }, { metadata: { cordon_evaluation: `ev_${NOTED}${NOTED}acme` } });
  await exports.default.fetch(
    `https://localhost/.cordon/v1/webhooks/${encodeURIComponent(WORDS)}/${NOTED}?a=QUERYSECRET`,
    {
      method: 'POST',
      body: WORDS,
    },
  );
});

during('by a backend', ['decision', 'audit'], async () => {
  await shop();
  const attempt = {
    ip: IP,
    card: { number: CARD },
    customer_id: WORDS,
    email: EMAIL,
    session_id: WORDS,
    device_id: WORDS,
  };
  const call = { body: { merchant: 'acme', attempt: { ...attempt, user_agent: WORDS } } };
  for (let n = 0; n < 3; n++) {
    const asked = await api('POST', '/evaluations', { ...call, headers: { 'idempotency-key': `${n}${NOTED}` } });
    const { id } = (await asked.json()) as { id: string };
    await api('POST', `/evaluations/${id}/outcome`, {
      body: { status: 'failed', decline_reason: WORDS, processor_payment_id: WORDS },
    });
  }
  await api('GET', `/evaluations/${encodeURIComponent(WORDS)}?a=QUERYSECRET`);
  await api('POST', '/merchants/acme/unblock', {
    body: { ip: IP, customer_id: WORDS, card: { number: CARD }, email: EMAIL },
  });
});

during('by who manages', ['audit'], async () => {
  await shop();
  const lease = { cidr: '192.0.2.0/28', owner: WORDS.replace(NOTED, ''), ttl_seconds: 60, reason: EMAIL };
  await manage('POST', '/merchants/acme/leases', lease);
  await manage('POST', `/merchants/acme/leases/${encodeURIComponent(WORDS)}/renew`, { proof: WORDS });
  await manage('POST', `/merchants/acme/leases/${NOTED}/renew`, { proof: NOTED });
  await manage('DELETE', `/merchants/acme/keys/${NOTED}`);
  await manage('POST', '/merchants/acme/keys', { name: WORDS.slice(0, 60), scopes: ['evaluate'] });
  await manage('DELETE', `/merchants/acme/blocks/${encodeURIComponent(WORDS)}`);
  await manage('PUT', `/feeds/${encodeURIComponent(WORDS)}`, WORDS);
  await manage('POST', '/merchants/acme/switches', { bypass: 'on', until: WORDS, reason: WORDS });
  await manage('PUT', `/merchants/${encodeURIComponent(WORDS)}`, { [WORDS]: WORDS });
  await manage('PUT', '/merchants/acme', { id: 'acme', [WORDS]: { [NOTED]: WORDS } });
});

during('in a list and its source', ['feed_not_refreshed', 'audit'], async () => {
  origin.answer(() => new Response('198.51.100.7\n'));
  await follow('bad-hosts', { url: `${SOURCE}?key=QUERYSECRET` });
  origin.answer(() => Promise.reject(new TypeError(WORDS)));
  await cron(Date.now() + 7_200_000);
  origin.answer(() => new Response(`${WORDS}\n`.repeat(9)));
  await cron(Date.now() + 14_400_000);
  origin.answer(declined);
});

during('written into KV', ['configuration_faulty', 'bypass_in_force'], async () => {
  const raw = (value: unknown) =>
    env.MERCHANTS.put('merchant:raw', typeof value === 'string' ? value : JSON.stringify(value));
  await env.MERCHANTS.put('host:shop.raw.example', 'raw');
  await raw({ id: 'raw', hosts: ['shop.raw.example'], [WORDS]: WORDS, routes: [{ name: WORDS, [NOTED]: EMAIL }] });
  await pay({ shop: 'https://shop.raw.example', ip: IP, card: CARD });
  const at = new Date().toISOString();
  const until = new Date(Date.now() + 60_000).toISOString();
  await env.MERCHANTS.put('bypass:acme', JSON.stringify({ at, until, reason: WORDS, by: EMAIL }));
  await shop();
  await pay({ ip: IP, card: CARD });
  await manage('POST', '/merchants/acme/switches', { bypass: 'off' });
});

during(
  'in what fails',
  ['gate_unavailable', 'configuration_unreachable', 'storage_unavailable', 'outcome_lost'],
  async () => {
    await shop();
    const fail = () => {
      throw new TypeError(WORDS);
    };
    vi.spyOn(scheduler, 'wait').mockResolvedValue();
    const gate = vi.spyOn(env.GATE, 'getByName');
    const real = env.GATE.getByName.bind(env.GATE);
    gate.mockImplementation(fail);
    await shop({ on_gate_unavailable: 'allow' });
    await pay({ ip: '203.0.113.98', card: UNTRIED });
    await vi.waitFor(() => expect([...eventsIn(lines())]).toContain('outcome_lost'));
    gate.mockImplementation(real);
    vi.spyOn(env.MERCHANTS, 'get').mockRejectedValue(new Error(WORDS));
    vi.spyOn(env.MERCHANTS, 'getWithMetadata').mockRejectedValue(new Error(WORDS) as never);
    await quietly(pay({ shop: `https://${NOTED}.${EMAIL.replace('@', '.')}`, ip: IP }));
    await manage('GET', '/merchants');
    await manage('GET', '/merchants/other');
  },
);

during('in a fault of Cordon’s own', ['unexpected_error'], async () => {
  const now = vi.spyOn(Date, 'now').mockImplementation(() => {
    throw new TypeError(`${WORDS}\n    at ${EMAIL} (${NOTED}:1:1)`);
  });
  const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
  await answer(new Request(`${SHOP}/api/pay?a=QUERYSECRET`), env as never, ctx);
  now.mockRestore();
});
