/**
 * The history of a configuration over the API: what was in force, by whom, what changed, and the way back.
 */
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Merchants } from '../../src/api/merchants.ts';
import { type ToldDifference, type ToldVersion, type ToldVersions, Versions } from '../../src/api/versions.ts';
import type { GateAddress } from '../../src/gate/gate-client.ts';
import { deployment } from '../config/deployment.ts';
import { acme, manage, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { codeOf, pay } from '../support/shopper.ts';
import { api, newKey, newMerchant } from './backend.ts';

const US = { country: 'US', asn: 1 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

async function put(merchant: string, change: object, headers: Record<string, string> = {}) {
  return api('PUT', `/merchants/${merchant}`, { body: { id: merchant, ...change }, headers });
}
async function written(merchant: string, change: object): Promise<string> {
  const answer = await put(merchant, change);
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return versionOf(answer);
}
const versionOf = (answer: Response) => answer.headers.get('etag')?.slice(1, -1) ?? '';
async function versionsOf(merchant: string): Promise<readonly ToldVersion[]> {
  const answer = await api('GET', `/merchants/${merchant}/versions`);
  return ((await answer.json()) as ToldVersions).versions;
}
const saidOf = async (merchant: string) =>
  (await versionsOf(merchant)).map(({ version, who, in_force }) => `${version} ${who}${in_force ? ' *' : ''}`);
const restore = (merchant: string, version: string, call: { key?: string; headers?: Record<string, string> } = {}) =>
  api('POST', `/merchants/${merchant}/versions/${version}/restore`, call);

describe('the list', () => {
  it('says what was in force, by whom, since when, and what it restored', async () => {
    const merchant = await newMerchant();
    const { id, key } = await newKey(merchant, { scopes: ['manage'] });
    const [{ version: first = '' } = {}] = await versionsOf(merchant);
    passSeconds(1);
    const answer = await api('PUT', `/merchants/${merchant}`, { key, body: { id: merchant, mode: 'shadow' } });
    const second = versionOf(answer);
    passSeconds(1);
    await restore(merchant, String(first));
    expect(await versionsOf(merchant)).toMatchObject([
      { version: first, in_force: true, who: 'admin', restores: first },
      {
        version: second,
        in_force: false,
        who: `key:${id}`,
        restores: null,
        bytes: JSON.stringify({ id: merchant, mode: 'shadow' }).length,
      },
      { version: first, in_force: false, who: 'admin', restores: null },
    ]);
    const times = (await versionsOf(merchant)).map(({ since }) => Date.parse(since));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('comes in pages', async () => {
    const merchant = await newMerchant();
    for (let limit = 1; limit < 5; limit++) await written(merchant, { key_version: limit });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await api('GET', `/merchants/${merchant}/versions?limit=2&cursor=${cursor}`);
      const page = (await answer.json()) as ToldVersions;
      expect(page.versions.length).toBeLessThanOrEqual(2);
      seen.push(...page.versions.map(({ version }) => String(version)));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual((await versionsOf(merchant)).map(({ version }) => version));
    expect(seen).toHaveLength(5);
  });

  it.each(['?cursor=nonsense', '?limit=0', '?limit=501'])('refuses %s', async (query) => {
    const merchant = await newMerchant();
    expect((await api('GET', `/merchants/${merchant}/versions${query}`)).status).toBe(400);
  });

  it('is not there for a merchant that never was', async () => {
    expect((await api('GET', '/merchants/never-was/versions')).status).toBe(404);
  });
});

describe('a version', () => {
  it('is its text', async () => {
    const merchant = await newMerchant();
    const version = await written(merchant, { mode: 'shadow' });
    await written(merchant, {});
    const answer = await api('GET', `/merchants/${merchant}/versions/${version}`);
    expect([await answer.json(), versionOf(answer)]).toEqual([{ id: merchant, mode: 'shadow' }, version]);
  });

  it.each(['0'.repeat(32), 'nonsense', '..%2f..'])('%s is not there', async (version) => {
    const merchant = await newMerchant();
    for (const path of ['', '/difference']) {
      expect((await api('GET', `/merchants/${merchant}/versions/${version}${path}`)).status).toBe(404);
    }
    expect((await restore(merchant, version)).status).toBe(404);
  });
});

describe('the difference', () => {
  const differenceOf = async (merchant: string, version: string, query = '') => {
    const answer = await api('GET', `/merchants/${merchant}/versions/${version}/difference${query}`);
    return (await answer.json()) as ToldDifference;
  };

  it('is that to the version before, or to another', async () => {
    const merchant = await newMerchant({ mode: 'shadow' });
    const [{ version: first } = {}] = await versionsOf(merchant);
    const second = await written(merchant, { mode: 'enforce' });
    const third = await written(merchant, { mode: 'enforce', key_version: 2 });
    expect(await differenceOf(merchant, third)).toEqual({
      version: third,
      with: second,
      differences: [{ path: '/key_version', after: 2 }],
      count: 1,
    });
    expect((await differenceOf(merchant, third, `?with=${first}`)).differences).toEqual([
      { path: '/mode', before: 'shadow', after: 'enforce' },
      { path: '/key_version', after: 2 },
    ]);
    expect(await differenceOf(merchant, String(first))).toMatchObject({ with: null, count: 2 });
  });

  it('passes over the same content, and over a deletion', async () => {
    const merchant = await newMerchant({ mode: 'shadow' });
    const [{ version: first } = {}] = await versionsOf(merchant);
    await api('DELETE', `/merchants/${merchant}`);
    const second = await written(merchant, {});
    await written(merchant, {});
    expect(await differenceOf(merchant, second)).toMatchObject({ with: first, count: 1 });
  });

  it('names the first thousand, and says how many there are', async () => {
    const merchant = await newMerchant();
    const network = (length: number) => ({
      allowlist: Array.from({ length }, (_, i) => ({ cidr: `10.${Math.floor(i / 256)}.${i % 256}.0/24`, label: 'o' })),
      asn: { deny: Array.from({ length }, (_, i) => i + 1) },
    });
    await written(merchant, { network: network(1) });
    const { differences, count } = await differenceOf(merchant, await written(merchant, { network: network(801) }));
    expect([differences.length, count]).toEqual([1_000, 1_600]);
  });
});

describe('a restoration', () => {
  it('is in force at the very next attempt', async () => {
    new StandInOrigin();
    await putAcme({ network: { deny_countries: ['US'] } });
    const [{ version = '' } = {}] = await versionsOf('acme');
    expect((await pay({ cf: US })).status).toBe(403);
    passSeconds(1);
    await putAcme();
    expect((await pay({ cf: US })).status).toBe(200);
    const answer = await restore('acme', String(version));
    const [{ version: replaced } = {}] = (await versionsOf('acme')).slice(1);
    expect([answer.status, await answer.json(), versionOf(answer)]).toEqual([
      200,
      { version, restores: version, replaced },
      version,
    ]);
    expect((await pay({ cf: US })).status).toBe(403);
  });

  it('in an isolate that knows the version which was replaced, too', async () => {
    new StandInOrigin();
    const counting = { card_testing_guard_config: { card_ip_blocking_status: 'enabled' } };
    await putAcme({ ...counting, network: { deny_countries: ['US'] } });
    const [{ version = '' } = {}] = await versionsOf('acme');
    passSeconds(1);
    await putAcme(counting);
    const shown = await env.MERCHANTS.getWithMetadata('merchant:acme');
    passSeconds(1);
    await restore('acme', String(version));
    // KV still shows what was replaced, as it may for a minute.
    await env.MERCHANTS.put('merchant:acme', shown.value ?? '', { metadata: shown.metadata });
    expect([(await pay()).status, (await pay({ cf: US })).status]).toEqual([200, 403]);
  });

  it('is refused where this release finds fault, names every fault, and changes nothing', async () => {
    const merchant = await newMerchant();
    const old = JSON.stringify({ id: merchant, mode: 'loud', velocity: { of: 'an earlier release' } });
    const { hashOf } = await import('../../src/config/policies.ts');
    const version = await hashOf(old);
    const gate = env.GATE.getByName(merchant);
    await gate.offerConfig({ hash: version, writtenAt: Date.now() + 1, json: old }, 0);
    const before = versionOf(await put(merchant, {}));
    const answer = await restore(merchant, version);
    const { code, errors } = (await answer.json()) as { code: string; errors: { path: string }[] };
    expect([answer.status, code]).toEqual([422, 'invalid_configuration']);
    expect(errors.map(({ path }) => path)).toContain('/mode');
    expect(versionOf(await api('GET', `/merchants/${merchant}`))).toBe(before);
  });

  it('is refused where another merchant has its host meanwhile', async () => {
    const origin = { pool: [{ url: 'https://origin.example' }] };
    const merchant = await newMerchant({ origin, hosts: ['wanted.example'] });
    const [{ version = '' } = {}] = await versionsOf(merchant);
    await written(merchant, {});
    await newMerchant({ origin, hosts: ['wanted.example'] });
    const answer = await restore(merchant, String(version));
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'conflict']);
  });

  it('names no secret that the version in force does not name, but for the admin', async () => {
    const webhooks = { stripe: { secret_names: ['CORDON_WEBHOOK_STRIPE'] } };
    const merchant = await newMerchant({ webhooks });
    const [{ version = '' } = {}] = await versionsOf(merchant);
    await written(merchant, {});
    const { key } = await newKey(merchant, { scopes: ['manage'] });
    const answer = await restore(merchant, String(version), { key });
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'invalid_configuration']);
    expect((await restore(merchant, String(version))).status).toBe(200);
  });

  it('brings a deleted merchant back, by the admin alone, with its history', async () => {
    const merchant = await newMerchant({ mode: 'shadow' });
    const { key } = await newKey(merchant, { scopes: ['manage'] });
    const [{ version = '' } = {}] = await versionsOf(merchant);
    passSeconds(1);
    await api('DELETE', `/merchants/${merchant}`);
    expect(await saidOf(merchant)).toEqual(['null admin *', `${version} admin`]);
    expect((await restore(merchant, String(version), { key })).status).toBe(401);
    expect((await restore(merchant, String(version))).status).toBe(200);
    expect(await (await api('GET', `/merchants/${merchant}`)).json()).toEqual({ id: merchant, mode: 'shadow' });
    expect(await saidOf(merchant)).toEqual([`${version} admin *`, 'null admin', `${version} admin`]);
  });

  it('says that the gate does not answer', async () => {
    const merchant = await newMerchant();
    const [{ version = '' } = {}] = await versionsOf(merchant);
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('down');
    });
    const paths = ['', `/${version}`, `/${version}/difference`];
    for (const path of paths) expect((await api('GET', `/merchants/${merchant}/versions${path}`)).status).toBe(503);
    expect((await restore(merchant, String(version))).status).toBe(503);
  });
});

describe('a write straight into KV', () => {
  it('is seen, and by kv', async () => {
    new StandInOrigin();
    await putAcme();
    const count = (await versionsOf('acme')).length;
    passSeconds(60);
    await env.MERCHANTS.put('merchant:acme', JSON.stringify({ ...acme, network: { deny_countries: ['US'] } }));
    passSeconds(6);
    expect((await pay({ cf: US })).status).toBe(403);
    const versions = await versionsOf('acme');
    expect(versions.length).toBe(count + 1);
    expect(versions[0]).toMatchObject({ who: 'kv', in_force: true, restores: null });
    expect((await restore('acme', String(versions[1]?.version))).status).toBe(200);
    expect((await pay({ cf: US })).status).toBe(200);
  });

  it('that is faulty never comes in', async () => {
    new StandInOrigin();
    await putAcme();
    const before = await saidOf('acme');
    passSeconds(60);
    await env.MERCHANTS.put('merchant:acme', '{"id":"acme","mode":"loud"}');
    passSeconds(6);
    expect((await pay()).status).toBe(200);
    expect(await saidOf('acme')).toEqual(before);
    await putAcme();
  });
});

describe('writes at once', () => {
  const inForce = async (merchant: string) => versionOf(await api('GET', `/merchants/${merchant}`));

  it('are all in the history, and the newest of them is in force, in KV and at the gate', async () => {
    const merchant = await newMerchant();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => put(merchant, { key_version: i + 2 })));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const versions = await versionsOf(merchant);
    expect(versions.map(({ version }) => version).toSorted()).toEqual(
      [...answers.map(versionOf), versions.at(-1)?.version].toSorted(),
    );
    expect(versions.map(({ in_force }) => in_force)).toEqual([true, ...Array(8).fill(false)]);
    const { hashOf } = await import('../../src/config/policies.ts');
    const inKv = await hashOf((await env.MERCHANTS.get(`merchant:${merchant}`)) ?? '');
    expect([await inForce(merchant), inKv]).toEqual([versions[0]?.version, versions[0]?.version]);
  });

  it('the earlier one, which reached KV last, puts KV and hosts right', async () => {
    const merchant = await newMerchant();
    const origin = { pool: [{ url: 'https://origin.example' }] };
    const hostsOf = (letter: string) => ({ origin, hosts: [`${letter}.${merchant}.example`] });
    const write = env.MERCHANTS.put.bind(env.MERCHANTS) as (...said: unknown[]) => Promise<void>;
    // Flags, not promises: what one request waits for, no other may settle (workerd then hangs).
    const first = { hasReached: false, mayGoOn: false };
    vi.spyOn(env.MERCHANTS, 'put').mockImplementation(async (...said: unknown[]) => {
      const isFirst = !first.hasReached;
      first.hasReached = true;
      while (isFirst && !first.mayGoOn) await scheduler.wait(5);
      return write(...said);
    });
    const earlier = put(merchant, hostsOf('earlier'));
    await vi.waitFor(() => expect(first.hasReached).toBe(true));
    const later = await put(merchant, hostsOf('later'));
    first.mayGoOn = true;
    expect([(await earlier).status, later.status]).toEqual([200, 200]);
    expect(await inForce(merchant)).toBe(versionOf(later));
    expect(await env.MERCHANTS.get(`merchant:${merchant}`)).toContain('later.');
    const owners = ['earlier', 'later'].map((letter) => env.MERCHANTS.get(`host:${letter}.${merchant}.example`));
    expect(await Promise.all(owners)).toEqual([null, merchant]);
  });

  it('leave no host behind that the one in force does not have', async () => {
    const merchant = await newMerchant();
    const origin = { pool: [{ url: 'https://origin.example' }] };
    await Promise.all(['a', 'b', 'c'].map((host) => put(merchant, { origin, hosts: [`${host}.${merchant}.example`] })));
    const { hosts } = (await (await api('GET', `/merchants/${merchant}`)).json()) as { hosts: string[] };
    const { keys } = await env.MERCHANTS.list({ prefix: 'host:' });
    const claimed = keys
      .map(({ name }) => name.slice('host:'.length))
      .filter((name) => name.endsWith(`${merchant}.example`));
    expect(claimed).toEqual(hosts);
  });

  it('a restoration beside a write: one is in force, both are told', async () => {
    const merchant = await newMerchant({ mode: 'shadow' });
    const [{ version: first = '' } = {}] = await versionsOf(merchant);
    await written(merchant, {});
    const [restored, replaced] = await Promise.all([
      restore(merchant, String(first)),
      put(merchant, { key_version: 9 }),
    ]);
    expect([restored.status, replaced.status]).toEqual([200, 200]);
    const versions = await versionsOf(merchant);
    expect(versions).toHaveLength(4);
    expect(await inForce(merchant)).toBe(versions[0]?.version);
    expect(
      versions
        .slice(0, 2)
        .map(({ version }) => version)
        .toSorted(),
    ).toEqual([first, versionOf(replaced)].toSorted());
  });

  it('a deletion beside a write: what came last is so, at the gate and in KV', async () => {
    for (let i = 0; i < 5; i++) {
      const merchant = await newMerchant();
      await Promise.all([api('DELETE', `/merchants/${merchant}`), put(merchant, { key_version: 2 })]);
      const [newest] = await versionsOf(merchant);
      const stored = await env.MERCHANTS.get(`merchant:${merchant}`);
      expect(stored === null).toBe(newest?.version === null);
    }
  });
});

describe('If-Match', () => {
  it.each<[string, (etag: string) => string, number]>([
    ['the version in force', (etag) => etag, 200],
    ['one of several', (etag) => `"${'0'.repeat(32)}", ${etag}`, 200],
    ['anything', () => '*', 200],
    ['another version', () => `"${'0'.repeat(32)}"`, 412],
    ['a weak tag', (etag) => `W/${etag}`, 412],
    ['no tag', (etag) => etag.slice(1, -1), 412],
  ])('%s', async (_, match, status) => {
    const merchant = await newMerchant();
    const before = await api('GET', `/merchants/${merchant}`);
    const etag = before.headers.get('etag') ?? '';
    const answer = await put(merchant, { mode: 'shadow' }, { 'if-match': match(etag) });
    expect(answer.status).toBe(status);
    if (status === 412) {
      expect(await codeOf(answer)).toBe('overtaken');
      expect((await api('GET', `/merchants/${merchant}`)).headers.get('etag')).toBe(etag);
    }
  });

  it('creates nothing', async () => {
    expect((await put('nobody-yet', {}, { 'if-match': '*' })).status).toBe(412);
    expect((await api('GET', '/merchants/nobody-yet')).status).toBe(404);
  });

  it('of many who replace the same version, one does', async () => {
    const merchant = await newMerchant();
    const etag = (await api('GET', `/merchants/${merchant}`)).headers.get('etag') ?? '';
    const writes = Array.from({ length: 6 }, (_, i) => put(merchant, { key_version: i + 2 }, { 'if-match': etag }));
    const statuses = (await Promise.all(writes)).map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, 412, 412, 412, 412, 412]);
    expect(await versionsOf(merchant)).toHaveLength(2);
  });

  it('holds for a restoration, too', async () => {
    const merchant = await newMerchant();
    const [{ version = '' } = {}] = await versionsOf(merchant);
    await written(merchant, { mode: 'shadow' });
    const match = (tag: string) => restore(merchant, String(version), { headers: { 'if-match': tag } });
    expect((await match(`"${version}"`)).status).toBe(412);
    expect((await match('*')).status).toBe(200);
  });

  it('is 503 while nobody can say; without it, the write goes ahead', async () => {
    const merchant = await newMerchant();
    const etag = (await api('GET', `/merchants/${merchant}`)).headers.get('etag') ?? '';
    vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
      throw new Error('down');
    });
    const guarded = await put(merchant, { mode: 'shadow' }, { 'if-match': etag });
    expect([guarded.status, await codeOf(guarded)]).toEqual([503, 'gate_unavailable']);
    expect((await put(merchant, { mode: 'shadow' })).status).toBe(200);
  });

  it('is no one’s turn for long when KV did not take the write', async () => {
    const merchant = await newMerchant();
    const etag = (await api('GET', `/merchants/${merchant}`)).headers.get('etag') ?? '';
    const refusing = vi.spyOn(env.MERCHANTS, 'put').mockRejectedValue(new Error('429'));
    expect((await put(merchant, { mode: 'shadow' }, { 'if-match': etag })).status).toBe(503);
    refusing.mockRestore();
    expect((await put(merchant, { mode: 'shadow' }, { 'if-match': etag })).status).toBe(200);
  });
});

it('a write while the gate did not answer is told with who wrote it, once the gate has learnt of it', async () => {
  const merchant = await newMerchant();
  const { id, key } = await newKey(merchant, { scopes: ['manage', 'evaluate'] });
  passSeconds(60);
  const down = vi.spyOn(env.GATE, 'getByName').mockImplementation(() => {
    throw new Error('down');
  });
  const answer = await manage('PUT', `/merchants/${merchant}`, { id: merchant, mode: 'shadow' });
  expect(answer.status).toBe(200);
  down.mockRestore();
  passSeconds(6);
  await api('POST', '/evaluations', { key, body: { merchant, attempt: { ip: '203.0.113.9' } } });
  expect(await saidOf(merchant)).toEqual([`${versionOf(answer)} admin *`, expect.stringContaining('admin')]);
  expect(id).not.toBe('');
});

describe('a merchant that moves to another jurisdiction', () => {
  /** workerd knows no jurisdictions: each is a gate of another name. */
  async function moving() {
    const { gates, ...environment } = await deployment();
    const inPlace = (place: string) => ({
      getByName: (name: string) => gates.namespace.getByName(`${place}-${name}`),
      jurisdiction: (jurisdiction: string) => inPlace(jurisdiction),
    });
    const namespace = inPlace('anywhere') as unknown as typeof gates.namespace;
    return { ...environment, gates: { namespace, haveJurisdictions: true } };
  }
  const order = (now: number) => ({ now, by: { who: 'admin' }, namesSecrets: true });

  it('has one history, and goes back to where it was', async () => {
    const environment = await moving();
    const [merchants, versions] = [new Merchants(environment), new Versions(environment)];
    const put = async (gate: object) => {
      const result = await merchants.put('mover', JSON.stringify({ id: 'mover', gate }), order(Date.now()));
      return 'version' in result ? result.version : '';
    };
    const anywhere = await put({});
    passSeconds(1);
    const inEurope = await put({ jurisdiction: 'eu' });
    const address = { merchant: 'mover', gate: { jurisdiction: 'eu' as const } };
    const page = { after: '', limit: 10 };
    const listed = async (at: GateAddress) =>
      (await versions.list(at, page))?.versions.map(({ version, in_force }) => [version, in_force]);
    expect(await listed(address)).toEqual([
      [inEurope, true],
      [anywhere, false],
    ]);
    expect(await versions.text(address, anywhere)).toEqual({ kind: 'found', value: '{"id":"mover","gate":{}}' });
    passSeconds(1);
    expect(await put({})).toBe(anywhere);
    expect(await listed({ merchant: 'mover', gate: {} })).toEqual([
      [anywhere, true],
      [inEurope, false],
      [anywhere, false],
    ]);
  });

  it('is told by its own gate while another place does not answer', async () => {
    const environment = await moving();
    const [merchants, versions] = [new Merchants(environment), new Versions(environment)];
    await merchants.put('stayer', JSON.stringify({ id: 'stayer' }), order(Date.now()));
    const { namespace } = environment.gates;
    vi.spyOn(namespace, 'jurisdiction').mockImplementation(() => {
      throw new Error('there is no such place');
    });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const list = (gate: GateAddress['gate']) => versions.list({ merchant: 'stayer', gate }, { after: '', limit: 10 });
    expect((await list({}))?.versions).toHaveLength(1);
    expect(await list({ jurisdiction: 'eu' })).toBeNull();
  });
});
