/**
 * A tester who has got hold of sealed payments, his own and others': none buys him an attempt that an open one would not.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Carried, carriedBy, FORM_SHOP, formOf, navigate, passIn, resend } from '../support/browsers.ts';
import { HOSTING } from '../support/challenges.ts';
import { acme, manage, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';

const OTHER_SHOP = 'https://shop.other.example';
const limits = { step_up: { ...FORM_SHOP.step_up, max_unanswered: 1_000 } };
const SPELLING = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let origin: StandInOrigin;
let ip = '';
let tests = 0;
const ask = async (card: string): Promise<Carried> => carriedBy(await navigate({ card, ip }));
const bodies = () => origin.arrived.map(({ body }) => body);

beforeEach(async () => {
  ip = `198.51.104.${++tests}`;
  origin = new StandInOrigin();
  await putAcme({ ...FORM_SHOP, ...limits });
  const other = { ...acme, ...FORM_SHOP, ...limits, id: 'other', hosts: ['shop.other.example'] };
  expect((await manage('PUT', '/merchants/other', other)).status).toBeLessThan(300);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('altered by a bit anywhere, it opens for nobody, and the honest one still does', { timeout: 120_000 }, async () => {
  const carried = await ask(cards(1)[0] ?? '');
  const pass = await passIn(carried);
  const { sealed } = carried;
  const statuses = new Set<number>();
  for (let at = 0; at < sealed.length; at += 3) {
    const value = SPELLING.indexOf(sealed[at] ?? '');
    const bent = `${sealed.slice(0, at)}${value < 0 ? '_' : SPELLING[value ^ 32]}${sealed.slice(at + 1)}`;
    statuses.add((await resend(bent, pass, { ip: `10.66.${at >> 8}.${at & 255}` })).status);
  }
  expect([...statuses]).toEqual([400]);
  expect((await resend(sealed, pass, { ip })).status).toBe(200);
  expect(bodies()).toEqual([formOf(cards(1)[0])]);
});

it('sent ten times at once with its pass, it pays once', async () => {
  const carried = await ask(cards(2)[1] ?? '');
  const pass = await passIn(carried);
  const all = await Promise.all(Array.from({ length: 10 }, () => resend(carried.sealed, pass, { ip })));
  expect(all.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(403)]);
  expect(origin.arrived).toHaveLength(1);
});

it('with the pass of another payment it is challenged, whoever’s that is', async () => {
  const [mine, theirs] = [await ask(cards(4)[2] ?? ''), await ask(cards(4)[3] ?? '')];
  const pass = await passIn(mine);
  expect((await resend(theirs.sealed, pass, { ip })).status).toBe(403);
  expect(bodies()).toEqual([]);
});

it('with the pass of a payment that was sent openly it is that payment, and once', async () => {
  const card = cards(6)[5] ?? '';
  const carried = await ask(card);
  const pass = await passIn(carried);
  const openly = () => navigate({ card, ip, headers: { 'cordon-pass': pass } });
  expect((await openly()).status).toBe(200);
  expect((await resend(carried.sealed, pass, { ip })).status).toBe(403);
  expect(origin.arrived).toHaveLength(1);
});

it('it opens on no other host of the same shop', async () => {
  await putAcme({ ...FORM_SHOP, ...limits, hosts: [...acme.hosts, 'cheap.acme.example'] });
  const carried = await ask(cards(12)[11] ?? '');
  const pass = await passIn(carried);
  expect((await resend(carried.sealed, pass, { ip, shop: 'https://cheap.acme.example' })).status).toBe(400);
  expect((await resend(carried.sealed, pass, { ip })).status).toBe(200);
});

it('it opens at no other URL, method or merchant of the deployment', async () => {
  const carried = await ask(cards(7)[6] ?? '');
  const pass = await passIn(carried);
  const elsewhere = [{ shop: OTHER_SHOP }, { path: '/api/pay?discount=100' }, { path: '/api/pay?', shop: OTHER_SHOP }];
  for (const change of elsewhere) expect((await resend(carried.sealed, pass, { ip, ...change })).status).toBe(400);
  expect((await resend(carried.sealed, pass, { ip, method: 'PUT' })).status).toBe(405);
  expect(origin.arrived).toEqual([]);
});

it('a rule that has shut its payer refuses it, pass or not', async () => {
  await putAcme({ ...FORM_SHOP, ...limits, card_testing_guard_config: rule('guest_ip', 1) });
  const carried = await ask(cards(8)[7] ?? '');
  const pass = await passIn(carried);
  origin.answer(() => new Response('no', { status: 402 }));
  await pay({ ip, body: formOf(cards(9)[8]), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  expect((await resend(carried.sealed, pass, { ip })).status).toBe(403);
  expect(origin.arrived).toHaveLength(1);
});

it('what is beside the two fields is no payment: nothing of it reaches the shop', async () => {
  const { sealed } = await ask(cards(10)[9] ?? '');
  const send = (body: string) => pay({ cf: HOSTING, ip, body, headers: { 'content-type': 'text/plain' } });
  const bent = [
    `cordon_sealed=${sealed}\r\ncordon_sealed=${sealed}\r\ncordon_pass=\r\n`,
    `cordon_pass=\r\ncordon_sealed=${sealed}\r\n`,
    `number=4242424242424242&cordon_sealed=${sealed}\r\ncordon_pass=\r\n`,
    `cordon_sealed=${sealed}&cordon_pass=`,
    `cordon_sealed=${'A'.repeat(200_000)}\r\ncordon_pass=\r\n`,
  ];
  for (const body of bent) expect((await send(body)).status).toBe(415);
  expect(origin.arrived).toEqual([]);
});

it('it cannot be kept for a day of rain: its time ends with its challenge’s', async () => {
  const carried = await ask(cards(11)[10] ?? '');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 901_000 });
  const fresh = await ask(cards(12)[11] ?? '');
  expect((await resend(carried.sealed, await passIn(fresh), { ip })).status).toBe(400);
});
