/**
 * A route of sealed cards: what is opened and counted goes on to the shop byte for byte, and of everything that is sealed
 * otherwise, or not at all, nothing does. A valid body and one change give one reason.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { allowlist, chargeRoute, replay } from '../support/core-server.ts';
import { manage, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import {
  base64url,
  encrypt,
  type Jwe,
  makePair,
  PAYMENT,
  type Pair,
  type Parts,
  PINNED_HEADER,
  type Published,
  paySealed,
  plaintextOf,
  publishedBy,
  random,
  SEALED_TYPE,
  seal,
  sealedShop,
  utf8,
} from '../support/sealed.ts';
import { pay } from '../support/shopper.ts';
import { makeKey, signedHeaders, written } from '../support/signer.ts';

const HOST = 'shop.acme.example';
const NUMBER = PAYMENT.card.number;

let origin: StandInOrigin;
let shop: Pair;
let own: Published;
beforeAll(async () => {
  shop = await makePair('shop-1');
});
beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme(sealedShop([shop], { card_testing_guard_config: rule('card_ip', 3) }));
  [own] = await publishedBy(HOST);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const sealed = (change: Partial<Parts> = {}) => seal({ own, origin: shop.jwk, ...change });
/** What is said of a body that is refused; null for one that goes on. */
async function refusal(jwe: Jwe | string, attempt: Parameters<typeof paySealed>[1] = {}): Promise<string | null> {
  const before = origin.arrived.length;
  const answer = await paySealed(jwe, attempt);
  const isOn = origin.arrived.length > before;
  expect(isOn).toBe(answer.status === 200);
  return isOn ? null : `${answer.status} ${((await answer.json()) as { detail?: string }).detail}`;
}

it('goes on as it came, byte for byte, and is declared as what it is', async () => {
  const body = JSON.stringify(await sealed(), null, 1);
  expect((await paySealed(body)).status).toBe(200);
  const [arrived] = origin.arrived;
  expect(arrived?.body).toBe(body);
  expect(arrived?.headers.get('content-type')).toBe(SEALED_TYPE);
  expect(JSON.stringify([arrived?.body, ...(arrived?.headers ?? [])])).not.toContain(NUMBER);
});

it('counts the card that is inside: after three declines it is shut, however it is sealed', async () => {
  origin.answer(answers.decline);
  const attempt = async () => (await paySealed(await sealed(), { ip: '198.51.100.7' })).status;
  expect([await attempt(), await attempt(), await attempt(), await attempt()]).toEqual([402, 402, 402, 403]);
  const blocks = await (await manage('GET', '/merchants/acme/blocks')).json();
  expect(blocks).toMatchObject({ blocks: [{ rule: 'card_ip' }] });
});

it('reads amount, currency and the rest from inside', async () => {
  const payment = { ...PAYMENT, currency: 'EUR', email: 'a@example.com' };
  const answer = await paySealed(await sealed({ payment }));
  const told = await (await manage('GET', `/evaluations/${answer.headers.get('cordon-evaluation')}`)).json();
  expect(told).toMatchObject({ decision: 'allow' });
});

describe('takes', () => {
  it('the recipients in either order', async () => {
    const jwe = await sealed();
    expect(await refusal({ ...jwe, recipients: jwe.recipients.toReversed() })).toBeNull();
  });
  it('the members in any order, with spaces between', async () => {
    const { protected: header, recipients, ...rest } = await sealed();
    expect(await refusal(JSON.stringify({ ...rest, recipients, protected: header }, null, 2))).toBeNull();
  });
  it('a type with a charset', async () => {
    const headers = { 'content-type': `${SEALED_TYPE}; charset=utf-8` };
    expect(await refusal(await sealed(), { headers })).toBeNull();
  });
});

const MALFORMED =
  '400 the body must be a JWE in general JSON serialization, without any member that the documentation does not name';
const HEADER = '400 the protected header must say ECDH-ES+A256KW and A256GCM, and nothing else';
const RECIPIENTS = '400 it must be sealed for two: a key of Cordon and a key of the shop, both in force';
const UNOPENED = '400 the sealed payment does not open with the key that it names';
const CLAIMS =
  '400 the sealed text must hold aud, iat, exp, jti, proof and payment, each of its type, and nothing else';
const TYPE = '415 the content type must be application/jose+json';
const TWICE = '400 a name occurs twice in one object';

describe('refuses around the ciphertext', () => {
  type Change = (jwe: Jwe) => unknown;
  const at = (index: number, change: (header: Record<string, unknown>) => object): Change => {
    return ({ recipients, ...rest }) => ({
      ...rest,
      recipients: recipients.map((one, i) => (i === index ? { ...one, header: change(one.header) } : one)),
    });
  };
  const epk = (header: Record<string, unknown>) => header.epk as Record<string, unknown>;
  it.each<[string, Change, string]>([
    ['a third recipient', (jwe) => ({ ...jwe, recipients: [...jwe.recipients, jwe.recipients[1]] }), MALFORMED],
    ['one recipient', (jwe) => ({ ...jwe, recipients: jwe.recipients.slice(0, 1) }), MALFORMED],
    ['no list of recipients', (jwe) => ({ ...jwe, recipients: {} }), MALFORMED],
    ['the flattened form', ({ recipients: [one], ...jwe }) => ({ ...jwe, ...one }), MALFORMED],
    ['both forms in one', (jwe) => ({ ...jwe, ...jwe.recipients[0] }), MALFORMED],
    ['a shared unprotected header', (jwe) => ({ ...jwe, unprotected: { zip: 'DEF' } }), MALFORMED],
    ['further authenticated data', (jwe) => ({ ...jwe, aad: 'AAAA' }), MALFORMED],
    ['a member that nobody knows', (jwe) => ({ ...jwe, note: '' }), MALFORMED],
    ['no iv', ({ iv: _, ...jwe }) => jwe, MALFORMED],
    ['a longer iv', (jwe) => ({ ...jwe, iv: base64url(random(16)) }), MALFORMED],
    ['a shorter tag', (jwe) => ({ ...jwe, tag: base64url(random(12)) }), MALFORMED],
    ['an empty ciphertext', (jwe) => ({ ...jwe, ciphertext: '' }), MALFORMED],
    ['padding', (jwe) => ({ ...jwe, tag: `${jwe.tag}==` }), MALFORMED],
    ['the alphabet of mail', (jwe) => ({ ...jwe, iv: '+///++++////++++' }), MALFORMED],
    ['spare bits', (jwe) => ({ ...jwe, tag: jwe.tag.slice(0, -1) + (jwe.tag.endsWith('A') ? 'B' : 'h') }), MALFORMED],
    ['a space inside', (jwe) => ({ ...jwe, ciphertext: ` ${jwe.ciphertext.slice(1)}` }), MALFORMED],
    ['a list', (jwe) => [jwe], MALFORMED],
    ['an enc beside the protected one', at(0, (header) => ({ ...header, enc: 'A256GCM' })), MALFORMED],
    ['an alg beside the protected one', at(1, (header) => ({ ...header, alg: 'dir' })), MALFORMED],
    ['zip in the header of a recipient', at(1, (header) => ({ ...header, zip: 'DEF' })), MALFORMED],
    ['apu', at(0, (header) => ({ ...header, apu: 'QWxpY2U' })), MALFORMED],
    ['jwk', at(0, (header) => ({ ...header, jwk: header.epk })), MALFORMED],
    ['jku', at(0, (header) => ({ ...header, jku: 'https://evil.example' })), MALFORMED],
    ['x5u', at(1, (header) => ({ ...header, x5u: 'https://evil.example' })), MALFORMED],
    ['crit', at(1, (header) => ({ ...header, crit: ['exp'] })), MALFORMED],
    ['another curve', at(0, (header) => ({ ...header, epk: { ...epk(header), crv: 'P-384' } })), MALFORMED],
    ['a private key as epk', at(1, (header) => ({ ...header, epk: { ...epk(header), d: epk(header).x } })), MALFORMED],
    ['no kid', at(1, ({ kid: _, ...header }) => header), MALFORMED],
    ['a kid of nobody', at(1, (header) => ({ ...header, kid: 'shop-9' })), RECIPIENTS],
    ['Cordon twice', at(1, (header) => ({ ...header, kid: own.kid })), RECIPIENTS],
    ['the shop twice', at(0, (header) => ({ ...header, kid: 'shop-1' })), RECIPIENTS],
    ['a point off the curve', at(0, (header) => ({ ...header, epk: { ...epk(header), y: epk(header).x } })), UNOPENED],
    [
      'swapped keys',
      ({ recipients: [a, b], ...jwe }) => ({
        ...jwe,
        recipients: [
          { ...a, encrypted_key: b?.encrypted_key },
          { ...b, encrypted_key: a?.encrypted_key },
        ],
      }),
      UNOPENED,
    ],
    ['another ciphertext', (jwe) => ({ ...jwe, ciphertext: base64url(random(300)) }), UNOPENED],
    ['another tag', (jwe) => ({ ...jwe, tag: base64url(random(16)) }), UNOPENED],
    ['the same header, written otherwise', (jwe) => ({ ...jwe, protected: base64url(` ${PINNED_HEADER}`) }), UNOPENED],
  ])('%s', async (_, change, reason) => {
    expect(await refusal(JSON.stringify(change(await sealed())))).toBe(reason);
  });

  const header = (more: object) => JSON.stringify({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', ...more });
  it.each([
    ['compression', header({ zip: 'DEF' })],
    ['crit', header({ crit: ['exp'], exp: 1 })],
    ['jku', header({ jku: 'https://evil.example/keys' })],
    ['jwk', header({ jwk: {} })],
    ['a type', header({ typ: 'JWT' })],
    ['another wrapping', header({ alg: 'ECDH-ES+A128KW' })],
    ['no wrapping', header({ alg: 'dir' })],
    ['another cipher', header({ enc: 'A128GCM' })],
    ['a cipher with a MAC', header({ enc: 'A256CBC-HS512' })],
    ['no cipher', '{"alg":"ECDH-ES+A256KW"}'],
    ['a name twice', '{"alg":"ECDH-ES+A256KW","enc":"A256GCM","enc":"A256GCM"}'],
    ['no JSON', 'alg'],
    ['a list', '["ECDH-ES+A256KW","A256GCM"]'],
  ])('in the protected header: %s', async (_, protectedHeader) => {
    expect(await refusal(await sealed({ protectedHeader }))).toBe(HEADER);
  });

  it('a protected header of any length', async () => {
    expect(await refusal(await sealed({ protectedHeader: PINNED_HEADER + ' '.repeat(200) }))).toBe(MALFORMED);
  });

  it('a name twice', async () => {
    const text = JSON.stringify(await sealed());
    expect(await refusal(text.replace('"iv":', '"tag":"AAAAAAAAAAAAAAAAAAAAAA","iv":'))).toBe(TWICE);
    expect(await refusal(text.replace('"kid":', '"kid":"x","kid":'))).toBe(TWICE);
  });

  it('a body of 128 KiB and a byte', async () => {
    const jwe = await sealed({ payment: { ...PAYMENT, note: 'x'.repeat(100_000) } });
    expect((await paySealed(jwe)).status).toBe(413);
    expect(origin.arrived).toEqual([]);
  });

  it.each(['application/json', 'application/jose', 'text/plain', ''])('the type %s', async (type) => {
    expect(await refusal(await sealed(), { headers: { 'content-type': type } })).toBe(TYPE);
  });

  it('a card that nobody has sealed, in whatever place', async () => {
    const plain = JSON.stringify(PAYMENT);
    expect((await pay({ body: plain })).status).toBe(415);
    expect(await refusal(plain)).toBe(MALFORMED);
    expect(await refusal({ ...(await sealed()), ...PAYMENT } as unknown as Jwe)).toBe(MALFORMED);
    expect(await refusal(await sealed(), { path: `/api/pay?n=${NUMBER}` })).toBe(
      '400 a card number must not stand in a URL',
    );
    expect(await refusal(await sealed(), { path: '/api/pay?card[number]=1' })).toContain(
      'could be taken for the card number',
    );
    expect(origin.arrived).toEqual([]);
  });
});

describe('refuses inside', () => {
  const now = () => Math.floor(Date.now() / 1000);
  it.each<[string, () => Record<string, unknown>, string]>([
    ['another audience', () => ({ aud: 'shop.globex.example' }), '400 the payment is sealed for somebody else'],
    ['a list of audiences', () => ({ aud: [HOST] }), CLAIMS],
    ['no audience', () => ({ aud: undefined }), CLAIMS],
    ['what is over', () => ({ iat: now() - 200, exp: now() }), '400 the time of the sealed payment is over'],
    ['what is to come', () => ({ iat: now() + 90, exp: now() + 120 }), '400 the payment is sealed in the future'],
    ['a long life', () => ({ exp: now() + 310 }), '400 the sealed payment is good for longer than it may be'],
    ['an end without a beginning', () => ({ iat: undefined }), CLAIMS],
    ['a time as text', () => ({ exp: String(now() + 60) }), CLAIMS],
    ['half a second', () => ({ exp: now() + 60.5 }), CLAIMS],
    ['no id', () => ({ jti: undefined }), CLAIMS],
    ['a short id', () => ({ jti: 'abc' }), CLAIMS],
    ['an id that is a number', () => ({ jti: 1234567890123456 }), CLAIMS],
    ['no proof', () => ({ proof: undefined }), CLAIMS],
    ['a member that nobody knows', () => ({ nbf: now() }), CLAIMS],
  ])('%s', async (_, claims, reason) => {
    expect(await refusal(await sealed({ claims: claims() }))).toBe(reason);
  });

  it.each<[string, (text: string) => string, string]>([
    ['no JSON', () => 'card', '400 the body is malformed'],
    ['a list', () => '[]', CLAIMS],
    ['a name twice', (text) => text.replace('"aud":', `"aud":"${HOST}","aud":`), TWICE],
    ['the payment twice', (text) => text.replace('"payment":', '"payment":{"card":{}},"payment":'), TWICE],
    ['the number twice', (text) => text.replace('"number":', '"number":"4000000000000002","number":'), TWICE],
    ['a lone surrogate', (text) => text.replace('"cvc":"123"', '"cvc":"\\ud800"'), '400 the body is malformed'],
  ])('as its text: %s', async (_, text, reason) => {
    expect(await refusal(await sealed({ text }))).toBe(reason);
  });

  it.each<[string, unknown, string]>([
    ['a list', [PAYMENT], CLAIMS],
    ['null', null, CLAIMS],
    ['a text', NUMBER, CLAIMS],
    ['nothing', {}, '400 /card/number is missing'],
    [
      'no number',
      { card: { number: 'x' } },
      '400 /card/number must be 12 to 19 digits, with single spaces or hyphens at most',
    ],
    [
      'two cards',
      { ...PAYMENT, Card_Number: '4000000000000002' },
      '400 /Card_Number could be taken for the card number',
    ],
    ['a card elsewhere', { ...PAYMENT, note: '4000000000000002' }, '400 /note holds what looks like a card number'],
    [
      'a number that is not exact',
      { ...PAYMENT, id: 2 ** 53 + 2 },
      '400 /payment/id is a number that not every reader reads alike',
    ],
  ])('as its payment: %s', async (_, payment, reason) => {
    const text = plaintextOf({ payment, claims: {} }, '§');
    expect(
      await refusal(
        await sealed({ text: (usual) => text.replace('§', (JSON.parse(usual) as { proof: string }).proof) }),
      ),
    ).toBe(reason);
  });

  it('what is not UTF-8', async () => {
    const cek = random(32);
    const iv = random(12);
    const aad = utf8(base64url(PINNED_HEADER));
    const whole = await encrypt(new Uint8Array([0x7b, 0xff, 0x7d]), { cek, iv, aad });
    const jwe = await sealed({ cek, iv, ciphertext: whole.slice(0, -16), tag: whole.slice(-16) });
    expect(await refusal(jwe)).toBe('400 the body is not UTF-8');
  });
});

describe('an audience of its own', () => {
  it('stands for the host, and is told to pages', async () => {
    const { sealed: written, ...rest } = sealedShop([shop]);
    await putAcme({ ...rest, sealed: { ...(written as object), audience: 'acme-pay', max_age_seconds: 60 } });
    const iat = Math.floor(Date.now() / 1000);
    const claims = { aud: 'acme-pay', iat, exp: iat + 60 };
    expect(await refusal(await sealed({ claims }))).toBeNull();
    expect(await refusal(await sealed({ claims: { ...claims, aud: HOST } }))).toContain('somebody else');
    expect(await refusal(await sealed({ claims: { ...claims, exp: iat + 61 } }))).toContain('longer than it may be');
  });
});

describe('on a route of the shop’s own servers', () => {
  const BACK = `https://${HOST}/internal/charge`;
  it('is good once, as the signature is that it came with: one of them used up is enough', async () => {
    const key = await makeKey('core-1');
    const { routes, ...rest } = sealedShop([shop]) as { routes: readonly object[] };
    const route = {
      ...routes[0],
      ...chargeRoute({ signature: { keys: ['core-1'] } }),
      fields: { card_number: '/card/number' },
    };
    await putAcme({
      ...rest,
      routes: [{ ...route, body: 'sealed' }],
      network: { allowlist, egress_keys: [written(key)] },
    });
    // Not the payers' above: of one address a hundred attempts in ten seconds are let on to the gate.
    const ip = '203.0.113.10';
    const send = async (body: string, signed: Record<string, string>) =>
      (await replay(signed, { ip, body, headers: { ...signed, 'content-type': SEALED_TYPE } })).status;
    const sign = (body: string) => signedHeaders({ url: BACK, body, key });
    const first = JSON.stringify(await sealed());
    const signature = await sign(first);
    expect(await send(first, signature)).toBe(200);
    expect(await send(first, signature)).toBe(403);
    expect(await send(first, await sign(first))).toBe(403);
    const second = JSON.stringify(await sealed());
    expect(await send(second, await sign(second))).toBe(200);
    expect(origin.arrived).toHaveLength(2);
  });
});
