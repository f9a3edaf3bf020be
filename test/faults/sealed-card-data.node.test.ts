/**
 * Of a sealed card nothing readable is left anywhere, and nothing readable arrives: not in a log line, a KV value, a row, an
 * answer, nor at the shop's own door. Sealed by the page's script, opened by the production bundle.
 */
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sealPayment } from '../../src/challenge/page/sealing.ts';
import { openSealed } from '../../src/middleware/sealed.ts';
import { type BareAnswer, SHOP_HOST } from '../support/bare-client.ts';
import { openShop, payRoute, type Shop } from '../support/bare-merchant.ts';
import { declined, paid } from '../support/bare-origin.ts';
import { filesBelow, findSecret, type Trace, trace } from './left-behind.ts';
import { newSecrets, type Secrets } from './payer-secrets.ts';

const GUARD = { guest_user_card_blocking_status: 'enabled', guest_user_card_blocking_threshold: 1 };
const HEADERS = { 'content-type': 'application/jose+json', 'cf-connecting-ip': '203.0.113.9' };

interface Case {
  readonly name: string;
  readonly statuses: readonly number[];
  readonly payment?: (secrets: Secrets) => object;
  readonly change?: { readonly audience?: string; readonly now?: number };
  readonly body?: (body: string, secrets: Secrets) => string;
}

const usual = ({ card, cvc }: Secrets) => ({ card: { number: card, cvc } });
const CASES: readonly Case[] = [
  { name: 'a card that is declined, and then shut', statuses: [402, 403] },
  { name: 'two cards', statuses: [400, 400], payment: (it) => ({ ...usual(it), note: `my ${it.card}` }) },
  {
    name: 'a number of another form',
    statuses: [400, 400],
    payment: ({ card, cvc }) => ({ card: { number: `${card}x`, cvc } }),
  },
  { name: 'another audience', statuses: [400, 400], change: { audience: 'elsewhere.example' } },
  { name: 'what is over', statuses: [400, 400], change: { now: 1_000 } },
  {
    name: 'a ciphertext that was cut',
    statuses: [400, 400],
    body: (body) => body.replace(/"ciphertext":".{8}/, '"ciphertext":"'),
  },
  {
    name: 'a card beside the seal',
    statuses: [400, 400],
    body: (body, it) => `{"card":"${it.card}","cvc":"${it.cvc}",${body.slice(1)}`,
  },
];

const ends: (() => void | Promise<void>)[] = [];
const secretsOf = new Map(CASES.map(({ name }) => [name, newSecrets()]));
const good = newSecrets();
const answers: BareAnswer[] = [];
let shop: Shop;
let key: JWK;
let traces: readonly Trace[] = [];
const statuses = new Map<string, readonly number[]>();

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  key = { ...(await exportJWK(privateKey)), kid: 'shop-1' };
  const { kty, crv, x, y, kid } = key;
  const sealed = { origin_keys: [{ kty, crv, x, y, kid }] };
  const config = { card_testing_guard_config: GUARD, routes: [{ ...payRoute, body: 'sealed' }], sealed };
  shop = await openShop(config, { atTheEnd: (end) => ends.push(end) });
  shop.origin.reply(() => declined(0));
  for (const one of CASES) {
    const secrets = secretsOf.get(one.name) ?? newSecrets();
    const tries = [await send(secrets, one), await send(secrets, one)];
    statuses.set(
      one.name,
      tries.map(({ status }) => status),
    );
  }
  shop.origin.reply(() => paid(0));
  const body = await seal(good, {});
  statuses.set('good', [(await sendBody(body)).status, (await sendBody(body)).status]);
  await shop.bare.kill();
  traces = [
    ...(await filesBelow(shop.bare.storageFolder)),
    ...[...shop.bare.kv.entries].map(([name, entry]) => trace(`KV ${name}`, JSON.stringify([name, entry]))),
    ...answers.map(({ headers, body: text }) => trace('answer', JSON.stringify(headers) + text)),
    ...shop.origin.arrived.map(({ body: text }) => trace('origin', text)),
    trace('log', shop.bare.output),
  ];
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function seal(secrets: Secrets, { payment = usual, change = {} }: Partial<Case>): Promise<string> {
  const { body } = await shop.client().send({ method: 'GET', path: '/.cordon/jwks.json' });
  const { keys } = JSON.parse(body) as { keys: readonly { kid: string; use: string; x: string; y: string }[] };
  const [own, ...others] = keys.filter(({ use }) => use === 'enc');
  const theirs = others.find(({ kid }) => kid === 'shop-1');
  if (own === undefined || theirs === undefined) throw new Error('no keys');
  const now = Math.floor(Date.now() / 1000);
  return sealPayment(payment(secrets), { own, shop: theirs, audience: SHOP_HOST, now, lifeSeconds: 300, ...change });
}

async function send(secrets: Secrets, one: Case): Promise<BareAnswer> {
  return sendBody((one.body ?? ((same) => same))(await seal(secrets, one), secrets));
}

async function sendBody(body: string): Promise<BareAnswer> {
  const answer = await shop.client().send({ headers: HEADERS, body });
  answers.push(answer);
  return answer;
}

it.for(CASES)('leaves nothing of $name', ({ name, statuses: expected }) => {
  const { card, cvc } = secretsOf.get(name) ?? newSecrets();
  expect(statuses.get(name)).toEqual(expected);
  expect([...findSecret(card, traces), ...findSecret(cvc, traces)]).toEqual([]);
});

it('leaves nothing of a card that is paid with, nor of its replay; the shop opens it', async () => {
  expect(statuses.get('good')).toEqual([200, 403]);
  expect([...findSecret(good.card, traces), ...findSecret(good.cvc, traces)]).toEqual([]);
  const body = shop.origin.arrived.at(-1)?.body ?? '';
  expect(await openSealed(body, { keys: [key], audience: SHOP_HOST })).toMatchObject({ payment: usual(good) });
});

it('looks where something can be found', () => {
  const holding = (text: string) => traces.filter(({ bytes }) => bytes.includes(text)).length;
  expect(holding('guest_card')).toBeGreaterThan(0);
  expect(holding('"ciphertext"')).toBe(2);
  expect(shop.bare.output.split('"event":"decision"').length).toBeGreaterThan(CASES.length);
});
