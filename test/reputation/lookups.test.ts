/**
 * Asking providers: once for many, from memory first, and of each failure a named silence within the time limit.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UNDER_WAY_LIMIT } from '../../src/reputation/lookups.ts';
import { IP, newAsker, newIsolate, silenceOf } from './asking.ts';
import { type Arrived, breaking, dripping, hanging, StandInProviders, scored, slowly } from './stand-in.ts';

let providers: StandInProviders;
let alerts: string[];
beforeEach(() => {
  providers = new StandInProviders();
  alerts = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void alerts.push(line));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const elsewhere = (index: number) => `185.220.${Math.floor(index / 250)}.${(index % 250) + 1}`;

describe('what is sent', () => {
  it('is the address and the key, to the provider itself, and no redirect is followed', async () => {
    await newIsolate().ask(await newAsker());
    const [sent] = providers.arrived;
    expect(sent?.url.href).toBe(`https://api.abuseipdb.com/api/v2/check?ipAddress=${IP}&maxAgeInDays=30`);
    expect(sent?.method).toBe('GET');
    expect(sent?.redirect).toBe('manual');
    expect(Object.fromEntries(sent?.headers ?? [])).toEqual({
      accept: 'application/json',
      key: 'abuse_key',
      'user-agent': 'Cordon',
    });
  });

  it('goes to each provider with its own key', async () => {
    await newIsolate().ask(await newAsker({}, { name: 'ipqualityscore' }));
    expect(
      providers.arrived.map(({ url, headers }) => [url.host, headers.get('key'), headers.get('ipqs-key')]),
    ).toEqual([
      ['api.abuseipdb.com', 'abuse_key', null],
      ['www.ipqualityscore.com', null, 'ipqs_key'],
    ]);
  });

  it.each(['10.0.0.1', '203.0.113.9', 'fd00::1', '::ffff:192.168.1.1'])('never tells of %s', async (address) => {
    expect(await newIsolate().ask(await newAsker(), address)).toBeNull();
    expect(providers.arrived).toEqual([]);
  });
});

describe('what is heard', () => {
  it('is a signal with its source, its score and why', async () => {
    providers.answer(scored(87));
    expect(await newIsolate().ask(await newAsker())).toEqual({
      asked: 1,
      signals: [
        {
          source: 'provider:abuseipdb',
          score: 87,
          message: 'AbuseIPDB: confidence of abuse 87, 42 reports in 30 days',
        },
      ],
      silent: [],
    });
  });

  it('is no signal, and no silence, where nothing is known against the address', async () => {
    expect(await newIsolate().ask(await newAsker())).toEqual({ asked: 1, signals: [], silent: [] });
  });

  it('weighs as configured', async () => {
    providers.answer(scored(80));
    const asker = await newAsker({ weight: 0.5 }, { name: 'ipqualityscore' });
    const heard = await newIsolate().ask(asker);
    expect(heard?.signals.map(({ source, score }) => [source, score])).toEqual([
      ['provider:abuseipdb', 40],
      ['provider:ipqualityscore', 80],
    ]);
    expect(heard?.asked).toBe(2);
  });

  it('is of several providers side by side: one in silence does not hold up another', async () => {
    providers.answer((arrived) => (arrived.url.host === 'api.abuseipdb.com' ? new Response('x') : scored(60)(arrived)));
    const heard = await newIsolate().ask(await newAsker({}, { name: 'ipqualityscore' }));
    expect(heard?.silent).toEqual([{ source: 'provider:abuseipdb', reason: 'nonsense' }]);
    expect(heard?.signals.map(({ source }) => source)).toEqual(['provider:ipqualityscore']);
  });
});

/** A good answer, and too much of it. */
const huge = async (arrived: Arrived) => new Response((await scored(90)(arrived).text()) + ' '.repeat(40_000));
const html = () => new Response('<!doctype html><title>502</title>', { headers: { 'content-type': 'text/html' } });
const redirect = () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } });

describe('silence within the time limit', () => {
  it.each([
    ['a provider that is slow', slowly(6_000, scored(90)), 'timeout'],
    ['one that hangs after its headers', hanging(), 'timeout'],
    ['one that drips', dripping(20), 'timeout'],
    ['a connection that breaks', breaking(), 'unreachable'],
    ['one that is not there', () => Promise.reject(new TypeError('connection refused')), 'unreachable'],
    ['status 500', () => new Response('oops', { status: 500 }), 'unreachable'],
    ['status 404', () => Response.json({}, { status: 404 }), 'nonsense'],
    ['a redirect', redirect, 'nonsense'],
    ['HTML', html, 'nonsense'],
    ['nothing at all', () => new Response(''), 'nonsense'],
    ['another shape', () => Response.json({ data: { score: 3 } }), 'nonsense'],
    ['a huge answer', huge, 'nonsense'],
    ['a score beyond the scale', scored(101), 'nonsense'],
    ['status 429', () => new Response('', { status: 429 }), 'over_budget'],
    ['status 402', () => new Response('', { status: 402 }), 'over_budget'],
    ['status 401', () => Response.json({ errors: [] }, { status: 401 }), 'refused'],
    ['status 403', () => new Response('', { status: 403 }), 'refused'],
  ] as const)('%s', async (_, answer, reason) => {
    providers.answer(answer);
    const asker = await newAsker({ timeout_ms: reason === 'timeout' ? 150 : 1_000 });
    const begun = performance.now();
    const heard = await newIsolate().ask(asker);
    expect(performance.now() - begun).toBeLessThan(2_500);
    expect(heard).toEqual({ asked: 1, signals: [], silent: [{ source: 'provider:abuseipdb', reason }] });
  });

  it('no such secret any more', async () => {
    const heard = await newIsolate().ask(await newAsker({ key_name: 'CORDON_REPUTATION_ABUSEIPDB_GONE' }));
    expect(silenceOf(heard)).toBe('missing');
    expect(providers.arrived).toEqual([]);
  });
});

describe('once for many', () => {
  it('fifty attempts of a new address at once ask once', async () => {
    providers.answer(slowly(50, scored(70)));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    const all = await Promise.all(Array.from({ length: 50 }, () => isolate.ask(asker)));
    expect(providers.arrived).toHaveLength(1);
    expect(all.every((heard) => heard?.signals[0]?.score === 70)).toBe(true);
  });

  it.each([0, 70])('an address that is known, to score %i, is not asked about again', async (score) => {
    providers.answer(scored(score));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    const first = await isolate.ask(asker);
    expect(await isolate.ask(asker)).toEqual(first);
    expect(providers.arrived).toHaveLength(1);
  });

  it('what is known is told without waiting', async () => {
    const [isolate, asker] = [newIsolate(), await newAsker()];
    await isolate.ask(asker);
    expect(isolate.ask(asker)).not.toBeInstanceOf(Promise);
  });

  it('an IPv6 subscriber is asked about once, whichever of his addresses he uses', async () => {
    const [isolate, asker] = [newIsolate(), await newAsker()];
    for (const address of ['2606:4700::1', '2606:4700::2', '2606:4700:0:1::1']) await isolate.ask(asker, address);
    expect(providers.asked).toEqual(['2606:4700::1', '2606:4700:0:1::1']);
  });

  it('until it is old', async () => {
    const [isolate, asker] = [newIsolate(), await newAsker({ cache_seconds: 60 })];
    await isolate.ask(asker);
    await isolate.rest();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 59_000 });
    await isolate.ask(asker);
    expect(providers.arrived).toHaveLength(1);
    vi.setSystemTime(Date.now() + 2_000);
    await isolate.ask(asker);
    vi.useRealTimers();
    expect(providers.arrived).toHaveLength(2);
  });

  it('another isolate of the same data centre has it without asking', async () => {
    providers.answer(scored(70));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    const first = await isolate.ask(asker);
    await isolate.rest();
    expect(await newIsolate().ask(asker)).toEqual(first);
    expect(providers.arrived).toHaveLength(1);
  });

  it('but no other merchant: it was not his money', async () => {
    const isolate = newIsolate();
    for (const asker of [await newAsker(), await newAsker()]) {
      await isolate.ask(asker);
      await isolate.rest();
    }
    expect(providers.arrived).toHaveLength(2);
  });

  it('an address whose look-up failed is left alone for some seconds', async () => {
    providers.answer(() => new Response('', { status: 500 }));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    for (let i = 0; i < 3; i++) expect(silenceOf(await isolate.ask(asker))).toBe('unreachable');
    expect(providers.arrived).toHaveLength(1);
  });
});

it('a flood of new addresses keeps so many look-ups under way and no more', { timeout: 30_000 }, async () => {
  const [isolate, asker] = [newIsolate(), await newAsker({ daily_budget: 1_000_000 })];
  const addresses = Array.from({ length: UNDER_WAY_LIMIT + 20 }, (_, i) => elsewhere(i));
  const asked = addresses.map((address) => isolate.ask(asker, address));
  const refused = asked.flatMap((heard) => (heard instanceof Promise ? [] : [silenceOf(heard)]));
  expect(refused).toEqual(Array(20).fill('over_budget'));
  await Promise.all(asked);
  await isolate.rest();
  expect(providers.arrived.length).toBeLessThanOrEqual(UNDER_WAY_LIMIT);
  expect(isolate.ask(asker, elsewhere(UNDER_WAY_LIMIT + 19))).toBeInstanceOf(Promise);
  await isolate.rest();
});

describe('a late answer', () => {
  it('is there for the next payment, which meanwhile does not wait again', async () => {
    providers.answer(slowly(1_500, scored(90)));
    const [isolate, asker] = [newIsolate(), await newAsker({ timeout_ms: 100 })];
    expect(silenceOf(await isolate.ask(asker))).toBe('timeout');
    await vi.waitFor(async () => expect(isolate.ask(asker)).not.toBeInstanceOf(Promise), { timeout: 1_200 });
    const begun = performance.now();
    expect(silenceOf(await isolate.ask(asker))).toBe('timeout');
    expect(performance.now() - begun).toBeLessThan(500);
    await isolate.rest();
    expect((await isolate.ask(asker))?.signals[0]?.score).toBe(90);
    expect(providers.arrived).toHaveLength(1);
  });
});

describe('the circuit', () => {
  it('leaves a provider alone after five failures in a row, and says so at once', async () => {
    providers.answer(slowly(5_000, scored(0)));
    const [isolate, asker] = [newIsolate(), await newAsker({ timeout_ms: 60 })];
    await Promise.all(Array.from({ length: 5 }, (_, i) => isolate.ask(asker, elsewhere(i))));
    await vi.waitFor(() => expect(alerts).toHaveLength(1), { timeout: 3_000 });
    const begun = performance.now();
    expect(silenceOf(await isolate.ask(asker, elsewhere(9)))).toBe('circuit_open');
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(providers.arrived).toHaveLength(5);
    expect(alerts.map((line) => JSON.parse(line))).toEqual([
      { event: 'provider_circuit_open', merchant: asker.merchant, provider: 'abuseipdb' },
    ]);
  });

  it('tries again with one look-up after the pause', async () => {
    providers.answer(() => new Response('', { status: 503 }));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    for (let i = 0; i < 5; i++) await isolate.ask(asker, elsewhere(i));
    expect(silenceOf(await isolate.ask(asker, elsewhere(5)))).toBe('circuit_open');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_001 });
    providers.answer(slowly(50, scored(0)));
    const heard = await Promise.all(Array.from({ length: 10 }, (_, i) => isolate.ask(asker, elsewhere(10 + i))));
    expect(heard.filter((one) => silenceOf(one) === null)).toHaveLength(1);
    expect(silenceOf(await isolate.ask(asker, elsewhere(30)))).toBeNull();
    vi.useRealTimers();
    expect(providers.arrived).toHaveLength(7);
  });

  it('is each merchant’s own: what one’s key meets is not held against another’s', async () => {
    providers.answer(() => new Response('', { status: 503 }));
    const [isolate, one, other] = [newIsolate(), await newAsker(), await newAsker()];
    for (let i = 0; i < 6; i++) await isolate.ask(one, elsewhere(i));
    providers.answer(scored(5));
    expect(silenceOf(await isolate.ask(other, elsewhere(7)))).toBeNull();
  });

  it('does not open on what is the merchant’s to put right', async () => {
    providers.answer(() => new Response('', { status: 401 }));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    for (let i = 0; i < 8; i++) expect(silenceOf(await isolate.ask(asker, elsewhere(i)))).toBe('refused');
  });
});

describe('a key that is refused', () => {
  it('is told to the operator once, without the key, and is not tried with each payment', async () => {
    providers.answer(() => new Response('', { status: 401 }));
    const [isolate, asker] = [newIsolate(), await newAsker()];
    for (let i = 0; i < 5; i++) await isolate.ask(asker, elsewhere(i));
    expect(providers.arrived).toHaveLength(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    await isolate.ask(asker, elsewhere(6));
    vi.useRealTimers();
    expect(providers.arrived).toHaveLength(2);
    const { merchant } = asker;
    const line = JSON.stringify({ event: 'provider_refuses_key', merchant, provider: 'abuseipdb' });
    expect(alerts).toEqual([line]);
  });
});
