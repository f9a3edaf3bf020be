/**
 * Every request that goes to the origin is signed, so that it can tell Cordon's from everybody else's: what it is told,
 * under which key, and what `origin.sign` and `origin.mtls` change.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileOrigin } from '../../src/config/origin-policy.ts';
import { originSchema } from '../../src/config/origin-schema.ts';
import { fetchBehind } from '../../src/origin/certificate.ts';
import { checkPlace } from '../../src/origin/check.ts';
import { deployment } from '../config/deployment.ts';
import { coverageOf, keysOf, parameterOf, REQUIRED } from '../support/cordon-signature.ts';
import { captureLog } from '../support/log-lines.ts';
import { acme, manage, ORIGIN, putAcme, rule, SHOP } from '../support/merchant.ts';
import { type Arrived, StandInOrigin } from '../support/origin.ts';
import { pay } from '../support/shopper.ts';

let origin: StandInOrigin;

beforeEach(async () => {
  origin = new StandInOrigin();
  await putAcme();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function onlyArrived(): Arrived {
  expect(origin.arrived).toHaveLength(1);
  return origin.arrived[0] as Arrived;
}
const covered = async () => (await coverageOf(onlyArrived(), SHOP)) ?? [];
const told = (name: string) => onlyArrived().headers.get(name);

describe('a payment', () => {
  it('is signed over what it is and what was decided of it', async () => {
    expect((await pay()).status).toBe(200);
    const judged = ['cordon-evaluation', 'cordon-decision', 'cordon-risk-score', 'cordon-loop'];
    const expected = [...REQUIRED, ...judged, 'content-digest', 'content-type', 'x-forwarded-for'];
    expect([...(await covered())].sort()).toEqual(expected.sort());
    expect([told('cordon-decision'), told('cordon-risk-score')]).toEqual(['allow', '0']);
  });

  it('has the evaluation that the client is told of', async () => {
    const answer = await pay();
    expect(told('cordon-evaluation')).toBe(answer.headers.get('cordon-evaluation'));
  });

  it('has a nonce of its own each time', async () => {
    await pay();
    await pay();
    const nonces = origin.arrived.map((arrived) => parameterOf(arrived, 'nonce'));
    expect(new Set(nonces).size).toBe(2);
  });

  it('of a merchant in shadow says that nothing was decided', async () => {
    await putAcme({ mode: 'shadow', card_testing_guard_config: rule('guest_ip', 1) });
    await pay();
    expect(told('cordon-decision')).toBe('shadow');
    expect(await covered()).toContain('cordon-decision');
  });

  it('that is to be reviewed says so', async () => {
    await putAcme({ rules: [{ name: 'every', when: 'true', then: 'review' }] });
    await pay();
    expect(told('cordon-decision')).toBe('review');
  });

  it('that asks for 3-D Secure is signed over that too', async () => {
    const step_up = { methods: ['3ds'] };
    await putAcme({ step_up, rules: [{ name: 'every', when: 'true', then: 'challenge' }] });
    await pay();
    expect([told('cordon-request-3ds'), (await covered()).includes('cordon-request-3ds')]).toEqual(['true', true]);
  });

  it('of a merchant whose guard is off says that nobody looked', async () => {
    await putAcme({ mode: 'off' });
    await pay();
    expect([told('cordon-decision'), told('cordon-risk-score'), told('cordon-evaluation')]).toEqual([
      'off',
      null,
      null,
    ]);
    expect(await covered()).toContain('cordon-decision');
  });
});

it('during a bypass a payment says so under the signature, so that an origin which demands a decision sells on', async () => {
  const until = new Date(Date.now() + 600_000).toISOString();
  const turn = (body: object) => manage('POST', '/merchants/acme/switches', body);
  expect((await turn({ bypass: 'on', until, reason: 'rehearsal' })).status).toBe(200);
  await pay();
  await turn({ bypass: 'off' });
  expect(told('cordon-decision')).toBe('off');
  expect(await covered()).toContain('cordon-decision');
});

describe('where nothing is paid', () => {
  const look = (init: RequestInit = {}, path = '/catalogue?page=2') =>
    pay({ path, method: init.method ?? 'GET', body: (init.body ?? null) as BodyInit | null, headers: {} });

  it('a page is asked for with a signature that judges nothing', async () => {
    await look();
    expect([...(await covered())].sort()).toEqual(
      [...REQUIRED, 'content-digest', 'x-forwarded-for', 'cordon-loop'].sort(),
    );
    expect(told('cordon-decision')).toBeNull();
  });

  it('an upload goes on as a stream, and says so under the signature', async () => {
    await look({ method: 'POST', body: 'x'.repeat(100_000) });
    expect(told('cordon-body')).toBe('streamed');
    expect(await covered()).toContain('cordon-body');
    expect(onlyArrived().body).toHaveLength(100_000);
  });

  it('no path without a query is one with another', async () => {
    await look({}, '/catalogue');
    expect(await covered()).toContain('@query');
  });
});

describe('the key', () => {
  it('is the one of the current key_version, and both sides of a rotation are published', async () => {
    await pay();
    const before = await keysOf(SHOP);
    await putAcme({ key_version: 2 });
    await pay();
    const after = await keysOf(SHOP);
    const ids = origin.arrived.map((arrived) => parameterOf(arrived, 'keyid') ?? '');
    expect(new Set(ids).size).toBe(2);
    expect(ids.map((id) => [before.has(id), after.has(id)])).toEqual([
      [true, true],
      [true, true],
    ]);
    for (const arrived of origin.arrived) expect(await coverageOf(arrived, SHOP)).not.toBeNull();
  });

  it('is another merchant’s nobody’s', async () => {
    const globex = { ...acme, id: 'globex', hosts: ['shop.globex.example'] };
    await manage('PUT', '/merchants/globex', globex);
    await pay({ shop: 'https://shop.globex.example' });
    expect(await coverageOf(onlyArrived(), SHOP)).toBeNull();
    expect(await coverageOf(onlyArrived(), 'https://shop.globex.example')).not.toBeNull();
  });
});

describe('where there are several servers', () => {
  const FIRST = 'https://a.origin.acme.example';
  const SECOND = 'https://b.origin.acme.example';
  const pool = [
    { url: FIRST, priority: 1 },
    { url: SECOND, priority: 2 },
  ];

  it('each that is asked gets a signature of its own, for itself', async () => {
    await putAcme({ origin: { pool } });
    origin.answer(({ url }) => {
      if (url.startsWith(FIRST)) throw new Error('connection refused');
      return Response.json({});
    });
    expect((await pay({ path: '/catalogue', method: 'GET', body: null })).status).toBe(200);
    const [first, second, ...more] = origin.arrived.filter(({ url }) => url.endsWith('/catalogue')) as Arrived[];
    expect([new URL(first?.url ?? '').origin, new URL(second?.url ?? '').origin, more]).toEqual([FIRST, SECOND, []]);
    for (const arrived of [first, second] as Arrived[]) expect(await coverageOf(arrived, SHOP)).not.toBeNull();
    const [nonce, other] = [first, second].map((arrived) => parameterOf(arrived as Arrived, 'nonce'));
    expect(nonce).not.toBe(other);
    // What was signed for the one is nobody's at the other.
    expect(await coverageOf({ ...(first as Arrived), url: second?.url ?? '' }, SHOP)).toBeNull();
  });

  it('so does one that is only asked whether it is well', async () => {
    const here = await deployment();
    const compiled = await compileOrigin(
      originSchema.parse({ pool, health: { path: '/healthz' } }),
      { merchant: 'acme', version: 1, hosts: acme.hosts },
      here,
    );
    const place = compiled?.pool[1];
    if (compiled === null || place === undefined) throw new Error('no pool');
    await checkPlace({ place, origin: compiled, shop: 'shop.acme.example' });
    expect(onlyArrived().url).toBe(`${SECOND}/healthz`);
    expect(await covered()).toContain('content-digest');
  });
});

it('with `sign: false` goes on as it did without', async () => {
  await putAcme({ origin: { pool: [{ url: ORIGIN }], sign: false } });
  const theirs = { signature: 'sig1=:AAAA:', 'signature-input': 'sig1=()', 'content-digest': 'sha-256=:AAAA:' };
  await pay({ headers: theirs });
  const names = ['cordon-decision', 'cordon-risk-score', 'cordon-body', ...Object.keys(theirs)];
  expect(names.map(told)).toEqual([null, null, null, ...Object.values(theirs)]);
});

describe('behind a certificate', () => {
  const BEHIND = { origin: { pool: [{ url: ORIGIN }], mtls: 'ORIGIN_TESTS' } };

  it('the origin is asked through the binding, and signed for as ever', async () => {
    await putAcme(BEHIND);
    const { asked } = (await (await pay()).json()) as { asked: Arrived & { headers: Record<string, string> } };
    expect(origin.arrived).toHaveLength(0);
    expect([asked.method, new URL(asked.url).pathname]).toEqual(['POST', '/api/pay']);
    const arrived = { ...asked, url: `${ORIGIN}/api/pay`, headers: new Headers(asked.headers) };
    expect(await coverageOf(arrived, SHOP)).not.toBeNull();
  });

  it('one that the deployment lacks is refused when it is written', async () => {
    const answer = await manage('PUT', '/merchants/acme', {
      ...acme,
      origin: { ...BEHIND.origin, mtls: 'ORIGIN_NONE' },
    });
    const { errors } = (await answer.json()) as { errors: readonly { path: string }[] };
    expect([answer.status, errors.map(({ path }) => path)]).toEqual([422, ['/origin/mtls']]);
  });

  it('one that is not there any more is not gone without, and the log says why', async () => {
    const said = captureLog();
    await expect(fetchBehind({ kind: 'missing', name: 'ORIGIN_GONE' }, ORIGIN, {})).rejects.toThrow();
    expect(origin.arrived).toHaveLength(0);
    expect(said()).toEqual(['{"event":"origin_certificate_missing","name":"ORIGIN_GONE"}']);
  });
});
