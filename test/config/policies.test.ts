/**
 * Which configuration is in force: written by the API or straight into KV, newer, faulty, gone.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Policies } from '../../src/config/policies.ts';
import type { GateCalls } from '../../src/gate/gate-client.ts';
import { calls, gateOf } from '../gate/asking.ts';
import { acme, manage, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';
import { deployment } from './deployment.ts';

const US = { country: 'US', asn: 1 };
const counting = { card_testing_guard_config: { card_ip_blocking_status: 'enabled' } };
const blocking = (country: string) => ({ ...acme, network: { deny_countries: [country] } });

let origin: StandInOrigin;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  origin = new StandInOrigin();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const rawPut = (value: unknown) =>
  env.MERCHANTS.put('merchant:acme', typeof value === 'string' ? value : JSON.stringify(value));

it('is in force at the next request when the API wrote it', async () => {
  await putAcme();
  expect((await pay({ cf: US })).status).toBe(200);
  await putAcme({ network: { deny_countries: ['US'] } });
  expect((await pay({ cf: US })).status).toBe(403);
});

it('is in force within five seconds when it was put straight into KV', async () => {
  await putAcme();
  expect((await pay({ cf: US })).status).toBe(200);
  passSeconds(60);
  await rawPut(blocking('US'));
  await pay();
  passSeconds(5.001);
  expect((await pay({ cf: US })).status).toBe(403);
  await rawPut(blocking('BE'));
  passSeconds(5.001);
  expect((await pay({ cf: US })).status).toBe(200);
});

it('serves a host that was added to KV by hand, a second after it was unknown', async () => {
  expect((await pay({ shop: 'https://new.example' })).status).toBe(503);
  await env.MERCHANTS.put('merchant:new', JSON.stringify({ ...acme, id: 'new', hosts: ['new.example'] }));
  await env.MERCHANTS.put('host:new.example', 'new');
  passSeconds(1.001);
  expect((await pay({ shop: 'https://new.example' })).status).toBe(200);
});

describe('a faulty value in KV', () => {
  it.each([
    ['no JSON', '{'],
    ['duplicate names', '{"id":"acme","id":"acme"}'],
    ['an unknown field', JSON.stringify({ ...acme, nework: {} })],
    ['another id', JSON.stringify({ ...acme, id: 'other' })],
    ['nothing', ''],
  ])('leaves the last good one in force and raises an alert: %s', async (_, faulty) => {
    await putAcme({ network: { deny_countries: ['US'] } });
    await pay();
    const alert = vi.spyOn(console, 'error');
    await rawPut(faulty);
    passSeconds(5.001);
    expect([(await pay({ cf: US })).status, (await pay()).status]).toEqual([403, 200]);
    expect(alert.mock.calls.join()).toContain('configuration_faulty');
  });

  it('answers 503 where there never was a good one', async () => {
    await env.MERCHANTS.put('host:bad.example', 'bad');
    await env.MERCHANTS.put('merchant:bad', '{"id":"bad"');
    expect((await pay({ shop: 'https://bad.example' })).status).toBe(503);
    expect(origin.arrived).toHaveLength(0);
  });

  it('falls back to a last good one that was itself put straight into KV', async () => {
    const raw = { ...blocking('US'), id: 'raw', hosts: ['raw.example'] };
    const shop = 'https://raw.example';
    await env.MERCHANTS.put('host:raw.example', 'raw');
    await env.MERCHANTS.put('merchant:raw', JSON.stringify(raw));
    expect((await pay({ shop })).status).toBe(200);
    await env.MERCHANTS.put('merchant:raw', '[]');
    passSeconds(5.001);
    expect([(await pay({ shop, cf: US })).status, (await pay({ shop })).status]).toEqual([403, 200]);
  });
});

it('stays as it is while KV does not answer, and is 503 for a host never seen', async () => {
  await putAcme({ network: { deny_countries: ['US'] } });
  await pay();
  passSeconds(6);
  vi.spyOn(env.MERCHANTS, 'get').mockRejectedValue(new Error('KV is down'));
  expect([(await pay({ cf: US })).status, (await pay()).status]).toEqual([403, 200]);
  expect((await pay({ shop: 'https://never.example' })).status).toBe(503);
});

describe('where KV still shows what the API has replaced', () => {
  async function showOld(change: Record<string, unknown>): Promise<void> {
    await putAcme(counting);
    const old = await env.MERCHANTS.getWithMetadata('merchant:acme');
    passSeconds(1);
    await putAcme({ ...counting, ...change });
    await env.MERCHANTS.put('merchant:acme', old.value ?? '', { metadata: old.metadata });
  }

  it('is re-read at once from the gate, which knows better', async () => {
    await showOld({ network: { deny_countries: ['US'] } });
    expect((await pay()).status).toBe(200);
    expect((await pay({ cf: US })).status).toBe(403);
  });

  it('is found out within five seconds also where no attempt asks the gate', async () => {
    await putAcme({ mode: 'off' });
    const old = await env.MERCHANTS.getWithMetadata('merchant:acme');
    await pay();
    passSeconds(1);
    await putAcme({ network: { deny_countries: ['US'] } });
    await env.MERCHANTS.put('merchant:acme', old.value ?? '', { metadata: old.metadata });
    await pay({ cf: US });
    passSeconds(5.001);
    await pay({ cf: US });
    expect((await pay({ cf: US })).status).toBe(403);
  });

  it('is gone at once when the merchant was deleted', async () => {
    await putAcme(counting);
    const old = await env.MERCHANTS.getWithMetadata('merchant:acme');
    passSeconds(1);
    await manage('DELETE', '/merchants/acme');
    await env.MERCHANTS.put('merchant:acme', old.value ?? '', { metadata: old.metadata });
    await env.MERCHANTS.put('host:shop.acme.example', 'acme');
    expect((await pay()).status).toBe(503);
  });
});

it('is looked at again when the body took longer to arrive than a policy is good for', async () => {
  await putAcme();
  const body = new ReadableStream({
    type: 'bytes',
    async start(controller) {
      await scheduler.wait(50);
      passSeconds(6);
      await env.MERCHANTS.put('merchant:acme', JSON.stringify(blocking('US')));
      controller.enqueue(new TextEncoder().encode('{"card":{"number":"4242424242424242"}}'));
      controller.close();
    },
  });
  expect((await pay({ cf: US, body })).status).toBe(403);
  expect(origin.arrived).toHaveLength(0);
});

describe('what is renewed', () => {
  /** An environment whose gates count how often a whole configuration is given to them. */
  async function counted() {
    const { gates, ...environment } = await deployment();
    let offers = 0;
    const namespace = new Proxy(gates.namespace, {
      get: (target, name) => {
        if (name !== 'getByName') return Reflect.get(target, name);
        return (merchant: string) => {
          const stub = target.getByName(merchant) as unknown as GateCalls;
          return {
            keptVersion: () => stub.keptVersion(),
            lastGoodConfig: () => stub.lastGoodConfig(),
            bypass: () => stub.bypass(),
            listsWord: () => stub.listsWord(),
            offerConfig: (...args: Parameters<GateCalls['offerConfig']>) => {
              offers += 1;
              return stub.offerConfig(...args);
            },
          };
        };
      },
    });
    return { environment: { ...environment, gates: { ...gates, namespace } }, offers: () => offers };
  }

  it('is asked of the gate by its version: the text travels only where the gate keeps another', async () => {
    await putAcme();
    const { environment, offers } = await counted();
    const policies = new Policies(environment);
    const works: Promise<unknown>[] = [];
    const renew = async () => {
      passSeconds(6);
      await policies.ofMerchant('acme', Date.now(), (work) => works.push(work));
      await Promise.all(works);
    };
    await renew();
    expect(offers()).toBe(1);
    await renew();
    await renew();
    expect([works.length, offers()]).toEqual([2, 1]);
    await calls(gateOf('acme')).offerConfig({ hash: 'other', writtenAt: 0, json: '{}' }, 0);
    await renew();
    expect(offers()).toBe(2);
  });
});

it('tells what the gate knows of the servers also where the value in KV is faulty', async () => {
  const pool = ['https://nl.acme.example', 'https://de.acme.example'].map((url) => ({ url }));
  await putAcme({ origin: { pool } });
  await pay();
  await manage('POST', '/merchants/acme/switches', { drain: { place: 'nl.acme.example' } });
  await rawPut('{');
  vi.spyOn(console, 'error').mockReturnValue();
  const heard: string[] = [];
  const isolate = new Policies(
    await deployment(),
    async () => {},
    (_, { drains }) => heard.push(...drains.map(({ name }) => name)),
  );
  expect(await isolate.ofHost('shop.acme.example', Date.now(), () => {})).not.toBeNull();
  await manage('POST', '/merchants/acme/switches', { undrain: { place: 'nl.acme.example' } });
  expect(heard).toEqual(['nl.acme.example']);
});
