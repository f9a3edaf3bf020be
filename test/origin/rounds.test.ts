/**
 * The checks by the clock: whose turn it is, what a check means, and what everybody learns by it.
 */
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AlertBell } from '../../src/alerts/bell.ts';
import worker from '../../src/index.ts';
import { isDue } from '../../src/origin/rounds.ts';
import { manage, putAcme } from '../support/merchant.ts';
import { answers, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

/** An even minute. */
const MINUTE = 60_000;
const NOON = 29_000_000 * MINUTE;

let origin: StandInOrigin;
let test = 0;
let NL: string;
let DE: string;
beforeEach(() => {
  origin = new StandInOrigin();
  test++;
  [NL, DE] = [`https://nl-check${test}.acme.example`, `https://de-check${test}.acme.example`];
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const put = (origin: object = {}, more: object = {}) =>
  putAcme({
    origin: { pool: [{ url: NL }, { url: DE, priority: 2 }], health: { path: '/healthz' }, ...origin },
    ...more,
  });
const minute = (n = 0) =>
  worker.scheduled(createScheduledController({ scheduledTime: NOON + n * MINUTE, cron: '* * * * *' }), env);
const states = async () => {
  const told = (await (await manage('GET', '/merchants/acme/switches')).json()) as {
    origin: { places: { state: string }[] };
  };
  return told.origin.places.map(({ state }) => state);
};
const illAt = (place: string, status = 500) =>
  origin.answer(({ url }) => (url.startsWith(place) ? new Response('no', { status }) : answers.succeed()));

it('asks each server for the path, as the shop’s own host, and sends no card and no address', async () => {
  await put();
  await minute();
  const asked = origin.arrived.map(({ method, url, body }) => [method, url, body]);
  expect(asked).toEqual([
    ['GET', `${NL}/healthz`, ''],
    ['GET', `${DE}/healthz`, ''],
  ]);
  const { headers } = origin.arrived[0] ?? expect.fail();
  expect([headers.get('x-forwarded-host'), headers.get('x-forwarded-for')]).toEqual(['shop.acme.example', null]);
  expect(await states()).toEqual(['up', 'up']);
});

it('takes a server down that does not say that it is well, twice; then no payment goes there', async () => {
  await put();
  illAt(NL);
  await minute();
  expect(origin.arrived.filter(({ url }) => url.startsWith(NL))).toHaveLength(2);
  expect(await states()).toEqual(['down', 'up']);
  await pay();
  expect(origin.arrived.at(-1)?.url).toBe(`${DE}/api/pay`);
});

it('does not for one that says so when it is asked again', async () => {
  await put();
  let asked = 0;
  origin.answer(() => (asked++ === 0 ? new Response('', { status: 503 }) : answers.succeed()));
  await minute();
  expect(await states()).toEqual(['up', 'up']);
});

it('brings it back after three good checks, without a single request', async () => {
  await put();
  illAt(NL);
  await minute();
  origin.answer(answers.succeed);
  for (const n of [1, 2]) {
    await minute(n);
    expect(await states()).toEqual(['down', 'up']);
  }
  await minute(3);
  expect(await states()).toEqual(['up', 'up']);
});

it('asks as often as the configuration says', async () => {
  await put({ health: { path: '/healthz', interval_seconds: 120 } });
  const counts = [];
  for (const n of [0, 1, 2, 3]) {
    origin.arrived.length = 0;
    await minute(n);
    counts.push(origin.arrived.length);
  }
  expect(counts).toEqual([2, 0, 2, 0]);
});

it('asks nobody without health, and costs such a merchant no read', async () => {
  await put({ health: undefined });
  const read = vi.spyOn(env.MERCHANTS, 'getWithMetadata');
  await minute();
  expect([origin.arrived.length, read.mock.calls.length]).toEqual([0, 0]);
});

it('tells whoever is to be told, once a fall, and nobody else', async () => {
  const notice = vi.spyOn(AlertBell.prototype, 'notice').mockReturnValue();
  const alerts = { url: 'http://127.0.0.1:9/', secret_name: 'CORDON_ALERT_TESTS' };
  await put({}, { alerts });
  illAt(NL);
  for (const n of [0, 1]) await minute(n);
  const { host } = new URL(NL);
  expect(notice.mock.calls).toEqual([['acme', { kind: 'origin_down', places: [host] }]]);
});

it.each([
  [1, 1],
  [2, 1],
  [5, 5],
  [5, 3],
  [60, 7],
  [2, 7],
])('an interval of %i minutes is kept for whoever comes up every %i', (interval, every) => {
  for (let first = 0; first < every; first++) {
    const minutes = Array.from({ length: 600 }, (_, n) => 1_000 + first + n * every).filter((m) => m < 1_600);
    const checked = minutes.filter((minute) => isDue(interval, { minute, every }));
    const apart = checked.slice(1).map((minute, at) => minute - (checked[at] ?? 0));
    expect(checked.length).toBeGreaterThan(2);
    expect(Math.max(...apart)).toBeLessThan(interval + every);
  }
});
