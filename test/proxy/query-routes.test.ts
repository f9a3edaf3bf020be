/**
 * Routes that are known by their query, or by their query alone.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { payRoute, putAcme, rule } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { codeOf, pay } from '../support/shopper.ts';

let origin: StandInOrigin;
beforeEach(async () => {
  origin = new StandInOrigin();
  origin.answer(answers.decline);
  const ajax = {
    ...payRoute,
    name: 'ajax',
    match: { methods: ['POST'], path: '*', query: { 'wc-ajax': ['checkout'] } },
  };
  const shop = { methods: ['POST'], path: '/shop', query: { step: ['pay'] } };
  await putAcme({ routes: [ajax, { ...payRoute, match: shop }], card_testing_guard_config: rule('card_ip', 1) });
});
afterEach(() => vi.unstubAllGlobals());

describe('a route on any path', () => {
  it.each(['/?wc-ajax=checkout', '/any/page/?a=1&wc-ajax=checkout'])('guards %s', async (path) => {
    expect((await pay({ path, ip: `192.0.2.${path.length}` })).headers.has('cordon-evaluation')).toBe(true);
    expect((await pay({ path, ip: `192.0.2.${path.length}` })).status).toBe(403);
  });

  it.each(['/?wc_ajax=checkout', '/x?wc-ajax[]=checkout', '/?wc-ajax=checkout&wc-ajax=y', '/?wc%2dajax=checkout'])(
    'refuses %s',
    async (path) => {
      expect(await codeOf(await pay({ path }))).toBe('ambiguous_path');
      expect(origin.arrived).toEqual([]);
    },
  );

  it('refuses methods that it does not list', async () => {
    expect((await pay({ path: '/?wc-ajax=checkout', method: 'PUT' })).status).toBe(405);
    expect(origin.arrived).toEqual([]);
  });

  it.each(['/?wc-ajax=add_to_cart', '/'])('lets %s be', async (path) => {
    expect((await pay({ path })).headers.has('cordon-evaluation')).toBe(false);
  });

  it('lets pages be, whatever they are called', async () => {
    for (const query of ['wc-ajax=checkout', 'wc_ajax=checkout']) {
      expect((await pay({ path: `/?${query}`, method: 'GET', body: null })).headers.has('cordon-evaluation')).toBe(
        false,
      );
    }
  });
});

describe('a route with a path and a query', () => {
  it('guards both together, and neither alone', async () => {
    expect((await pay({ path: '/shop?step=pay' })).headers.has('cordon-evaluation')).toBe(true);
    expect((await pay({ path: '/shop?step=cart' })).headers.has('cordon-evaluation')).toBe(false);
    expect((await pay({ path: '/shop' })).headers.has('cordon-evaluation')).toBe(false);
    expect((await pay({ path: '/other?step=pay' })).headers.has('cordon-evaluation')).toBe(false);
  });

  it.each(['/shop?STEP=pay', '/shop?step=Pay', '/SHOP?step=pay', '/shop/?step=pay', '/shop?step[]=pay'])(
    'refuses %s',
    async (path) => {
      expect(await codeOf(await pay({ path }))).toBe('ambiguous_path');
    },
  );
});
