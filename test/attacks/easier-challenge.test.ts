/**
 * A payer who is asked for more than he has looks for an easier way: a pass that was won where less was asked for, and an
 * address at which his challenge cannot be run, so that the merchant's fallback lets him through.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer as appAnswer } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';
import { type Asked, call, HOSTING, LIGHT, passOf, RISKY } from '../support/challenges.ts';
import { payRoute, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { BY_PASSKEY, challenged, enrolled, requestOf } from '../support/passkeys.ts';
import { cards, codeOf, pay, type Try } from '../support/shopper.ts';

let origin: StandInOrigin;
let tests = 0;
let payer: Try = {};

beforeEach(() => {
  tests++;
  payer = { ip: `198.19.7.${tests}`, card: cards(900)[800 + tests] ?? '', cf: HOSTING };
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a pass by what a payer is not offered here', () => {
  const { customer: _, ...open } = payRoute;
  const route = (name: string, methods: readonly string[]) => ({
    ...open,
    name,
    match: { methods: ['POST'], path: `/api/${name}` },
    step_up: { methods },
  });
  const turnstile = { site_key: '0x4AAAAAAAtest', secret_name: 'CORDON_TURNSTILE_TESTS' };
  const shop = (methods: readonly string[]) => ({
    ...RISKY,
    step_up: { methods: ['proof_of_work', ...methods], proof_of_work: LIGHT, turnstile },
    routes: [route('small', ['proof_of_work']), route('dear', methods)],
  });

  it('is none on a route that asks for more', async () => {
    await putAcme(shop(['turnstile']));
    const pass = await passOf(await pay({ ...payer, path: '/api/small' }));
    const headers = { 'cordon-pass': pass };
    const dear = await pay({ ...payer, path: '/api/dear', headers });
    expect([dear.status, await codeOf(dear)]).toEqual([403, 'challenge_required']);
    expect(origin.arrived).toHaveLength(0);
    expect((await pay({ ...payer, path: '/api/small', headers })).status).toBe(200);
  });

  it('spares nobody the 3-D Secure of a route that asks for that', async () => {
    await putAcme(shop(['3ds']));
    const pass = await passOf(await pay({ ...payer, path: '/api/small' }));
    expect((await pay({ ...payer, path: '/api/dear', headers: { 'cordon-pass': pass } })).status).toBe(200);
    expect(origin.arrived.map(({ headers }) => headers.get('cordon-request-3ds'))).toEqual(['true']);
  });

  it('is none where something could be run, when it was given because nothing could', async () => {
    const { customer } = payRoute;
    const routes = [route('small', ['passkey']), route('dear', ['proof_of_work'])].map((it) => ({ ...it, customer }));
    const step_up = { ...BY_PASSKEY.step_up, methods: ['passkey', 'proof_of_work'], proof_of_work: LIGHT };
    await putAcme({ ...RISKY, step_up: { ...step_up, fallback: 'allow' }, routes });
    payer = { ...payer, customer: 'cus_without_passkey' };
    const { challenge } = (await (await pay({ ...payer, path: '/api/small' })).json()) as Asked;
    const { pass } = (await (await call(challenge.url)).json()) as { pass: string };
    const headers = { 'cordon-pass': pass };
    expect(await codeOf(await pay({ ...payer, path: '/api/dear', headers }))).toBe('challenge_required');
    expect((await pay({ ...payer, path: '/api/small', headers })).status).toBe(200);
  });

  it('is none once the risk asks for more', async () => {
    const scored = (hosting: number) => ({
      network: { asn: { hosting: 'score' } },
      reputation: { step_up_above: 70, sizes: { hosting } },
      step_up: {
        methods: ['proof_of_work'],
        by_risk: [{ above: 90, methods: ['turnstile'] }],
        proof_of_work: LIGHT,
        turnstile,
      },
    });
    await putAcme(scored(80));
    const pass = await passOf(await pay(payer));
    await putAcme(scored(95));
    const dear = await pay({ ...payer, headers: { 'cordon-pass': pass } });
    expect([dear.status, await codeOf(dear)]).toEqual([403, 'challenge_required']);
  });
});

describe('where his passkey cannot be asked for, and the fallback is to let him go on', () => {
  const step_up = { ...BY_PASSKEY.step_up, fallback: 'allow' };
  const at = (url: string, host: string) => url.replace('shop.acme.example', host);

  it('the host that the shop is managed at gives out nothing', async () => {
    await putAcme({ ...BY_PASSKEY, step_up });
    const customer = `cus_easier_${tests}`;
    await enrolled(customer);
    const { url } = await challenged(customer);
    const raw = env as unknown as RawEnvironment;
    const production = { ...raw, CORDON_ENV: 'production', CORDON_ADMIN_HOST: 'a.example' };
    const ctx = { waitUntil: () => {}, passThroughOnException: () => {} } as unknown as ExecutionContext;
    const headers = { 'cf-connecting-ip': '10.7.3.1' };
    const elsewhere = await appAnswer(new Request(at(url, 'a.example'), { headers }), production, ctx);
    await appAnswer(new Request('https://localhost/.cordon/health'), raw, ctx);
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, expect.not.stringContaining('"pass"')]);
  });

  it('the shop’s host with a dot behind it asks for the passkey', async () => {
    await putAcme({ ...BY_PASSKEY, step_up });
    const customer = `cus_easier_${tests}`;
    await enrolled(customer);
    const { url } = await challenged(customer);
    const dotted = at(url, 'shop.acme.example.');
    expect(await (await call(dotted)).json()).not.toHaveProperty('pass');
    expect(await requestOf(dotted)).toMatchObject({ rpId: 'shop.acme.example' });
  });
});
