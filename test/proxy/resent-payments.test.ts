/**
 * A payment that a challenge's page sends again: the shop gets what the payer's own form had sent, once.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BROWSER,
  type Carried,
  carriedBy,
  FORM,
  FORM_SHOP,
  formOf,
  navigate,
  passIn,
  resend,
} from '../support/browsers.ts';
import { HOSTING } from '../support/challenges.ts';
import { captureLog } from '../support/log-lines.ts';
import { acme, manage, payRoute, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, codeOf, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
let ip = '';
let card = '';
let tests = 0;
const ask = async (change = {}): Promise<Carried> => carriedBy(await navigate({ card, ip, ...change }));

beforeEach(async () => {
  ip = `198.51.103.${++tests}`;
  card = cards(100)[tests] ?? '';
  origin = new StandInOrigin();
  await putAcme(FORM_SHOP);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('goes through with its pass, as it was', async () => {
  const carried = await ask({ headers: { cookie: 'cart=7', 'accept-language': 'nl' } });
  const paid = await resend(carried.sealed, await passIn(carried), {
    ip,
    headers: { cookie: 'cart=7', origin: 'https://shop.acme.example' },
  });
  expect(paid.status).toBe(200);
  const [{ method, url, headers, body } = { headers: new Headers() }, ...more] = origin.arrived;
  expect(more).toEqual([]);
  expect([method, new URL(url ?? '').pathname, body]).toEqual(['POST', '/api/pay', formOf(card)]);
  expect(headers.get('content-type')).toBe(FORM);
  expect(headers.get('cookie')).toBe('cart=7');
  expect(headers.get('origin')).toBe('https://shop.acme.example');
  const cordons = ['cordon-decision', 'cordon-evaluation', 'cordon-loop', 'cordon-risk-score'];
  expect([...headers.keys()].filter((name) => name.startsWith('cordon-'))).toEqual(cordons);
  const length = headers.get('content-length');
  expect(length === null || Number(length) === formOf(card).length).toBe(true);
});

it('is sent to its own address, with its query', async () => {
  const carried = await carriedBy(await navigate({ card, ip, path: '/api/pay?step=2' }));
  expect(carried.action).toBe('https://shop.acme.example/api/pay?step=2');
  const pass = await passIn(carried);
  expect((await resend(carried.sealed, pass, { ip })).status).toBe(400);
  expect((await resend(carried.sealed, pass, { ip, path: '/api/pay?step=2' })).status).toBe(200);
});

it('is never sent to another host, whatever its path looks like', async () => {
  const [route] = FORM_SHOP.routes;
  await putAcme({ ...FORM_SHOP, routes: [{ ...route, match: { methods: ['POST'], path: '/{shop}/{order}/pay' } }] });
  for (const path of [
    '//elsewhere.example/pay',
    '/a/b/pay',
    '/%2F/elsewhere.example/pay',
    '/\\\\elsewhere.example/b/pay',
  ]) {
    const shown = await navigate({ card, ip, path });
    if (shown.status !== 403) continue;
    const { hostname } = new URL((await carriedBy(shown)).action, 'https://shop.acme.example');
    expect(hostname).toBe('shop.acme.example');
  }
});

describe('is asked again', () => {
  it.each([
    ['without a pass', () => ''],
    ['with none of ours', () => 'nonsense'],
  ])('%s', async (_, pass) => {
    const carried = await ask();
    const again = await resend(carried.sealed, pass(), { ip });
    expect([again.status, again.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
    const next = await carriedBy(again);
    expect((await resend(next.sealed, await passIn(next), { ip })).status).toBe(200);
    expect(origin.arrived.map(({ body }) => body)).toEqual([formOf(card)]);
  });

  it('when its pass was used, and then nothing begins by itself', async () => {
    const carried = await ask();
    expect(carried.html).toContain('&quot;isRepeated&quot;:false');
    const pass = await passIn(carried);
    expect((await resend(carried.sealed, pass, { ip })).status).toBe(200);
    const again = await resend(carried.sealed, pass, { ip });
    expect([again.status, (await again.text()).includes('&quot;isRepeated&quot;:true')]).toEqual([403, true]);
    expect(origin.arrived).toHaveLength(1);
  });

  it('from another network, and goes through from there', async () => {
    const carried = await ask();
    const pass = await passIn(carried);
    const elsewhere = { ip, cf: { ...HOSTING, asn: 14061 } };
    const again = await resend(carried.sealed, pass, elsewhere);
    expect(again.status).toBe(403);
    const next = await carriedBy(again);
    expect((await resend(next.sealed, await passIn(next), elsewhere)).status).toBe(200);
  });
});

describe('is refused with a page that says why', () => {
  const refusal = async (answer: Response) => {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('cordon-evaluation')).toMatch(/^ev_/);
    expect(origin.arrived).toHaveLength(0);
    return answer.text();
  };

  it('when its time is over', async () => {
    const carried = await ask();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 900_000 });
    expect(await refusal(await resend(carried.sealed, 'x', { ip }))).toContain(
      'The time to send this payment again is over',
    );
  });

  it('when it was altered', async () => {
    const { sealed } = await ask();
    expect(await refusal(await resend(`${sealed.slice(0, -4)}AAAA`, 'x', { ip }))).toContain('could not be sent again');
  });

  it.each(['cross-site', 'same-site'])('when it comes from a page of somebody else: %s', async (site) => {
    const carried = await ask();
    const pass = await passIn(carried);
    await refusal(await resend(carried.sealed, pass, { ip, headers: { 'sec-fetch-site': site } }));
    expect((await resend(carried.sealed, pass, { ip })).status).toBe(200);
  });

  it('on another route', async () => {
    const other = { ...FORM_SHOP.routes[0], name: 'other', match: { methods: ['POST'], path: '/api/other' } };
    await putAcme({ ...FORM_SHOP, routes: [...FORM_SHOP.routes, other] });
    const carried = await ask();
    await refusal(await resend(carried.sealed, await passIn(carried), { ip, path: '/api/other' }));
  });

  it('at another merchant', async () => {
    const other = { ...acme, ...FORM_SHOP, id: 'other', hosts: ['shop.other.example'] };
    expect((await manage('PUT', '/merchants/other', other)).status).toBeLessThan(300);
    const carried = await ask();
    await refusal(await resend(carried.sealed, await passIn(carried), { ip, shop: 'https://shop.other.example' }));
  });

  it('in the payer’s language, and in JSON for a script', async () => {
    expect(await refusal(await resend('x.y', '', { ip, headers: { 'accept-language': 'de' } }))).toContain(
      'Bitte bezahlen Sie noch einmal',
    );
    const told = await resend('x.y', '', { ip, headers: { 'sec-fetch-mode': 'cors' } });
    expect([told.status, await codeOf(told)]).toEqual([400, 'unreadable']);
  });
});

it('is nothing special where no step-up is configured, nor what does not look like it', async () => {
  const plain = (body: string) => pay({ cf: HOSTING, ip, body, headers: { ...BROWSER, 'content-type': 'text/plain' } });
  expect((await plain('number=4242424242424242\r\n')).status).toBe(415);
  expect((await plain('cordon_sealed=a.b\r\n')).status).toBe(415);
  expect((await plain('cordon_sealed=a.b\r\ncordon_pass=x\r\nnumber=4242424242424242\r\n')).status).toBe(415);
  const { sealed } = await ask();
  await putAcme({ ...FORM_SHOP, step_up: {} });
  expect((await resend(sealed, '', { ip })).status).toBe(415);
});

it('is read anew: what was no fault then may be one now', async () => {
  const carried = await ask();
  const pass = await passIn(carried);
  await putAcme({ ...FORM_SHOP, routes: [{ ...payRoute, body: 'form', fields: { card_number: '/pan' } }] });
  expect((await resend(carried.sealed, pass, { ip })).status).toBe(400);
  expect(origin.arrived).toHaveLength(0);
});

it('is counted and refused like any other', async () => {
  await putAcme({ ...FORM_SHOP, card_testing_guard_config: rule('card_ip', 1) });
  const carried = await ask();
  const pass = await passIn(carried);
  origin.answer(() => new Response('no', { status: 402 }));
  expect((await resend(carried.sealed, pass, { ip })).status).toBe(402);
  const next = await ask();
  const again = await resend(next.sealed, await passIn(next), { ip });
  expect([again.status, await codeOf(again)]).toEqual([403, 'payment_refused']);
});

it('of a form that is too large says so, and carries nothing', async () => {
  const body = `${formOf(card)}&note=${'x'.repeat(100_000)}`;
  const shown = await navigate({ card, ip, body });
  expect(shown.status).toBe(403);
  const { sealed, html } = await carriedBy(shown);
  expect(sealed).toBe('');
  expect(html).toContain('too large');
  expect(html.length).toBeLessThan(10_000);
});

it('leaves nothing of it in the log, in any key or row', async () => {
  const lines = captureLog();
  const put = vi.spyOn(env.MERCHANTS, 'put');
  const carried = await ask();
  await resend(`${carried.sealed}AAAA`, '', { ip });
  const pass = await passIn(carried);
  await resend(carried.sealed, pass, { ip });
  await vi.waitFor(() => expect(origin.arrived).toHaveLength(1));
  const logged = lines().join('\n');
  for (const secret of [card, carried.sealed.slice(50, 90), pass, 'cvc']) expect(logged).not.toContain(secret);
  expect(put).not.toHaveBeenCalled();
});
