/**
 * A payer comes back from a bank: the shop's answer tells what became of the payment, and the client's words do not.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counts, gateOf } from '../gate/asking.ts';
import { manage, putAcme, rule } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { step, stepRoutes, told } from '../support/payment-shop.ts';
import { freshAddress } from '../support/preset-shop.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

const PACK = cards(90);
const outcome = {
  failed: [{ location: ['/checkout?payment=failed'] }, { json: { '/status': ['failed'] } }],
  succeeded: [{ location: ['/thanks'] }, { json: { '/status': ['succeeded'] } }],
};
const both = ['GET', 'POST'];
const returns = [
  { name: 'by-location', match: { methods: both, path: '/back' }, payment_id: { location: 'id' }, outcome },
  { name: 'by-answer', match: { methods: ['GET'], path: '/back/json' }, payment_id: { answer: '/id' }, outcome },
  { name: 'by-path', match: { methods: ['GET'], path: '/back/of/{id}' }, payment_id: { request: '{id}' }, outcome },
  { name: 'by-query', match: { methods: ['GET'], path: '/back/query' }, payment_id: { request: 'pi' }, outcome },
];

let next = 0;
let origin: StandInOrigin;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
  await shop();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const shop = (change: object = {}) =>
  putAcme({
    routes: stepRoutes({ continues: true }),
    returns,
    card_testing_guard_config: rule('guest_ip', 3),
    ...change,
  });

/** A payment that waits for its payer. */
async function waiting() {
  const [id, ip, card] = [`pay_${++next}`, freshAddress(), PACK[next] ?? ''];
  origin.answer(() => told.waits(id));
  const answer = await step('/payments', { confirm: true, card: { number: card } }, { ip });
  expect(answer.status).toBe(200);
  return { id, ip, evaluation: answer.headers.get('cordon-evaluation') ?? '' };
}

const comeBack = (path: string, ip: string, change: Try = {}) =>
  pay({ path, method: 'GET', body: null, ip, headers: {}, ...change });
const redirect = (location: string) => () => new Response(null, { status: 302, headers: { location } });
const outcomeOf = async (evaluation: string) =>
  ((await (await manage('GET', `/evaluations/${evaluation}`)).json()) as { outcome: { status: string } }).outcome
    .status;
const countOf = async (ip: string) =>
  Object.entries(await counts(gateOf('acme'))).find(([key]) => key === JSON.stringify(['guest_ip', ip]))?.[1] ?? 0;

describe('a return', () => {
  it.each([
    ['by its own name', 'https://origin.acme.example/thanks?id='],
    ['by its own name, over http', '//ORIGIN.acme.example:443/thanks?id='],
    ['by the shop’s, over http', 'http://shop.acme.example/thanks?id='],
  ])('that the server writes %s leads to the shop, for the client and for the outcome', async (_, location) => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(redirect(`${location}${id}`));
    const answer = await comeBack('/back', ip);
    expect(answer.headers.get('location')).toBe(`https://shop.acme.example/thanks?id=${id}`);
    expect(await outcomeOf(evaluation)).toBe('succeeded');
  });

  it.each([
    ['/thanks?id=', 'succeeded', 0],
    ['/checkout?payment=failed&id=', 'failed', 1],
    ['/somewhere?id=', 'pending', 0],
  ])('that leads to %s leaves the payment %s', async (location, status, count) => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(redirect(`${location}${id}`));
    for (let n = 0; n < 2; n++) {
      const answer = await comeBack('/back', freshAddress());
      expect([answer.status, answer.headers.get('location')]).toEqual([302, `${location}${id}`]);
    }
    expect(await outcomeOf(evaluation)).toBe(status);
    expect(await countOf(ip)).toBe(count);
  });

  it('may be told in JSON, with the payment’s id in it', async () => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(() => Response.json({ id, status: 'failed' }));
    expect((await comeBack('/back/json', freshAddress())).status).toBe(200);
    expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['failed', 1]);
    expect(origin.arrived.at(-1)?.headers.get('accept')).toBe('application/json');
  });

  it('may be a form’s post, which goes on as it came', async () => {
    const { id, evaluation } = await waiting();
    origin.answer(redirect(`/thanks?id=${id}`));
    const form = {
      method: 'POST',
      body: 'PaRes=eJx',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect((await comeBack('/back', freshAddress(), form)).status).toBe(302);
    expect(origin.arrived.at(-1)).toMatchObject({ method: 'POST', body: 'PaRes=eJx' });
    expect(await outcomeOf(evaluation)).toBe('succeeded');
  });

  it('after the last word changes nothing, but for a failure that nobody had told', async () => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(redirect(`/thanks?id=${id}`));
    await comeBack('/back', ip);
    origin.answer(redirect(`/checkout?payment=failed&id=${id}`));
    await comeBack('/back', ip);
    await comeBack('/back', ip);
    expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['failed', 1]);
  });

  it('of a payment that nobody knows of is passed on', async () => {
    origin.answer(redirect('/checkout?payment=failed&id=pay_unknown'));
    const before = await counts(gateOf('acme'));
    expect((await comeBack('/back', freshAddress())).status).toBe(302);
    expect(await counts(gateOf('acme'))).toEqual(before);
  });

  it('is passed on whole where the shop’s server fails', async () => {
    const { evaluation } = await waiting();
    origin.answer(() => new Response('oops', { status: 500 }));
    const answer = await comeBack('/back', freshAddress());
    expect([answer.status, await answer.text()]).toEqual([500, 'oops']);
    expect(await outcomeOf(evaluation)).toBe('pending');
  });

  it('asks for the whole answer, and lets nobody read a part', async () => {
    origin.answer(() => new Response('page'));
    await comeBack('/back', freshAddress(), { headers: { range: 'bytes=0-1', 'if-none-match': '"x"' } });
    const { headers } = origin.arrived.at(-1) ?? {};
    expect([headers?.get('range'), headers?.get('if-none-match'), headers?.get('accept-encoding')]).toEqual([
      null,
      null,
      'identity',
    ]);
  });

  it.each([
    ['block', '/checkout?payment=failed', 503],
    ['allow', '/checkout?payment=failed', 302],
    ['block', '/thanks', 302],
  ])('while the gate is away, and %s: to %s is %s', async (policy, location, status) => {
    await shop({ on_gate_unavailable: policy });
    vi.spyOn(console, 'error').mockReturnValue();
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('no gate');
    });
    const glue = location.includes('?') ? '&' : '?';
    origin.answer(redirect(`${location}${glue}id=pay_away`));
    const answer = await comeBack('/back', freshAddress());
    expect(answer.status).toBe(status);
    if (status === 503) expect(await codeOf(answer)).toBe('outcome_unrecorded');
  });

  it('is not looked at in mode off', async () => {
    const { id, evaluation } = await waiting();
    await shop({ mode: 'off' });
    origin.answer(redirect(`/thanks?id=${id}`));
    expect((await comeBack('/back', freshAddress())).status).toBe(302);
    expect(await outcomeOf(evaluation)).toBe('pending');
  });
});

describe('whose payment it is', () => {
  it.each(['/back/of/{id}', '/back/query?pi={id}'])(
    'a client may say from the payment’s own address: %s',
    async (path) => {
      const { id, ip, evaluation } = await waiting();
      origin.answer(redirect('/checkout?payment=failed'));
      await comeBack(path.replace('{id}', id), freshAddress());
      expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['pending', 0]);
      await comeBack(path.replace('{id}', id), ip);
      await comeBack(path.replace('{id}', id), ip);
      expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['failed', 1]);
    },
  );

  it('a client may say where cards alone are counted too, from the payment’s own address', async () => {
    await shop({ card_testing_guard_config: rule('guest_user_card', 3) });
    const { id, ip, evaluation } = await waiting();
    origin.answer(redirect('/checkout?payment=failed'));
    await comeBack(`/back/of/${id}`, freshAddress());
    expect(await outcomeOf(evaluation)).toBe('pending');
    await comeBack(`/back/of/${id}`, ip);
    expect(await outcomeOf(evaluation)).toBe('failed');
  });

  it('a client may say of what waits alone: a payment that is settled stays settled', async () => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(redirect('/thanks'));
    await comeBack(`/back/of/${id}`, ip);
    origin.answer(redirect('/checkout?payment=failed'));
    await comeBack(`/back/of/${id}`, ip);
    expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['succeeded', 0]);
  });

  it.each([
    ['a word in the query', '/back?payment=failed&redirect_status=failed&id={id}', '/account'],
    ['an id beside the shop’s own', '/back', '/checkout?payment=failed&id={id}&id={id}'],
    ['an outcome beside the shop’s own', '/back', '/thanks/../checkout?payment=failed&payment=processing&id={id}'],
    ['a fragment', '/back', '/checkout#?payment=failed&id={id}'],
    ['another host’s page', '/back', 'https://evil.example/checkout?payment=failed&id={id}'],
  ])('is not told by %s', async (_, path, location) => {
    const { id, ip, evaluation } = await waiting();
    origin.answer(redirect(location.replaceAll('{id}', id)));
    await comeBack(path.replaceAll('{id}', id), ip);
    expect([await outcomeOf(evaluation), await countOf(ip)]).toEqual(['pending', 0]);
  });
});

describe('a return is no way to pay', () => {
  const payment = { confirm: true, card: { number: '4242424242424242' } };

  it('a protected path stays protected, whatever return is written for it', async () => {
    const match = { methods: ['GET', 'POST'], path: '/payments' };
    const answer = await manage('PUT', '/merchants/acme', {
      id: 'acme',
      hosts: ['shop.acme.example'],
      origin: { pool: [{ url: 'https://origin.acme.example' }] },
      routes: stepRoutes({ continues: true }),
      returns: [{ name: 'over', match, payment_id: { location: 'id' }, outcome }],
    });
    expect([answer.status, (await answer.json()) as object]).toEqual([
      422,
      expect.objectContaining({ errors: [{ path: '/returns/0/match', message: 'a route takes these requests' }] }),
    ]);
  });

  it('on a protected path it is the page alone: posts are judged, and numbers in its query refused', async () => {
    await shop({
      returns: [
        { name: 'page', match: { methods: ['GET'], path: '/payments' }, payment_id: { location: 'id' }, outcome },
      ],
      card_testing_guard_config: rule('guest_ip', 1),
    });
    const { id, evaluation } = await waiting();
    origin.answer(redirect(`/thanks?id=${id}`));
    const ip = freshAddress();
    expect((await comeBack('/payments?_method=POST', ip)).status).toBe(302);
    expect(origin.arrived.at(-1)?.url).not.toContain('_method');
    expect(await outcomeOf(evaluation)).toBe('succeeded');
    expect((await comeBack('/payments?card=4242424242424242', ip)).status).toBe(400);
    origin.answer(() => told.failed('pay_x'));
    expect((await step('/payments', payment, { ip })).status).toBe(402);
    expect((await step('/payments', payment, { ip })).status).toBe(403);
  });

  it('a return that is as wide as a protected path takes nothing away from it', async () => {
    const wide = {
      name: 'wide',
      match: { methods: ['GET', 'POST'], path: '/{page}' },
      payment_id: { location: 'id' },
      outcome,
    };
    await shop({ returns: [wide], card_testing_guard_config: rule('guest_ip', 1) });
    const ip = freshAddress();
    origin.answer(() => told.failed('pay_x'));
    expect((await step('/payments', payment, { ip })).status).toBe(402);
    expect((await step('/payments', payment, { ip })).status).toBe(403);
    expect(await codeOf(await step('/PAYMENTS', payment, { ip }))).toBe('ambiguous_path');
  });

  it('another spelling of a protected path is refused beside it too', async () => {
    expect(await codeOf(await step('/Payments', payment))).toBe('ambiguous_path');
    expect(await codeOf(await step('/back/../payments/', payment))).toBe('ambiguous_path');
  });
});
