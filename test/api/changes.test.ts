/**
 * Who changed what: every management call that changes something is on record. The calls are those of the description.
 */
import { env, exports } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToldChange, ToldChanges } from '../../src/records/changes.ts';
import { acme, putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { rows, rowsOnceThere } from '../support/records.ts';
import { pay } from '../support/shopper.ts';
import { api, newKey, newMerchant } from './backend.ts';
import { requestOf } from './openapi-shell.ts';
import { admin, type Described, guarded, type Stage, setStage, URL_OF_CORDON, variablesOf } from './openapi-stage.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What goes into the record is caught on its way into the queue. */
function caught(): { entries: () => readonly Record<string, unknown>[] } {
  const send = vi.spyOn(env.JOURNAL, 'sendBatch');
  const bodies = () => send.mock.calls.flatMap(([messages]) => [...messages].map(({ body }) => String(body)));
  return {
    entries: () =>
      bodies()
        .flatMap((body) => (JSON.parse(body) as { entries: Record<string, unknown>[] }).entries)
        .filter(({ kind }) => kind === 'change'),
  };
}

const scopesOf = ({ operation }: Described) => operation.security.flatMap(({ bearer = [] }) => bearer);
const managing = guarded.filter((it) => ['admin', 'manage'].some((scope) => scopesOf(it).includes(scope)));
/** To pose an enrolment changes nothing. */
const changing = managing.filter(({ id, method }) => method !== 'get' && id !== 'poseEnrolment');
const byKey = changing.filter((it) => scopesOf(it).includes('manage'));
/** Of the deployment: there is no merchant in their path. */
const isDeploymentWide = ({ path }: Described) => !path.includes('/merchants/{id}');
const COMES: readonly string[] = [
  'createKey',
  'createLease',
  'putListItem',
  'putMerchant',
  'putFeed',
  'renewLease',
  'restoreVersion',
];
const GOES: readonly string[] = [
  'revokeKey',
  'revokeLease',
  'removeListItem',
  'liftBlock',
  'deleteMerchant',
  'deleteFeed',
  'unblock',
];

async function call(described: Described, stage: Stage, key = env.CORDON_ADMIN_KEY): Promise<Response> {
  const line = described.operation['x-codeSamples'].find(({ lang }) => lang === 'Shell')?.source ?? '';
  const variables = { ...variablesOf(stage), CORDON_ADMIN_KEY: key };
  return exports.default.fetch(requestOf(line.replaceAll('acme', stage.merchant), variables));
}

it('finds the calls at all', () => {
  expect(changing.length).toBeGreaterThanOrEqual(12);
  expect(managing.length).toBeGreaterThan(changing.length);
});

describe.each(changing)('$id', (described) => {
  it('leaves an entry: who, what, where, before and after', async () => {
    const stage = await setStage('audited');
    const { entries } = caught();
    const answer = await call(described, stage);
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    const [entry, ...others] = entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      kind: 'change',
      id: expect.stringMatching(/^ch_[0-9a-f]{32}$/),
      who: 'admin',
      what: expect.stringMatching(/^[a-z_]{1,32}\.[a-z_]{1,32}$/),
      merchant: isDeploymentWide(described) ? null : 'audited',
    });
    expect(Math.abs(Date.now() - Number(entry?.at))).toBeLessThan(60_000);
    if (COMES.includes(described.id)) expect(entry?.after).not.toBeNull();
    if (GOES.includes(described.id)) expect(entry?.before).not.toBeNull();
    const said = JSON.stringify(entry);
    const answered = await answer.text();
    const secrets = [env.CORDON_ADMIN_KEY, stage.key, stage.proof, '4242424242424242', ...secretsIn(answered)];
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it('leaves none where it was refused', async () => {
    const stage = await setStage('audited');
    const { entries } = caught();
    for (const key of ['wrong', `ck_${'0'.repeat(56)}audited`]) {
      expect([401, 403]).toContain((await call(described, stage, key)).status);
    }
    expect(entries()).toEqual([]);
  });
});

describe.each(byKey)('$id', (described) => {
  it('with a merchant’s key names the key, and never more of it than its id', async () => {
    const stage = await setStage('audited');
    const { id, key } = await admin().keys.create('audited');
    const { entries } = caught();
    const answer = await call(described, { ...stage, key }, key);
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    expect(entries()).toMatchObject([{ who: `key:${id}`, merchant: 'audited' }]);
    expect(JSON.stringify(entries())).not.toContain(key.slice(20));
  });
});

function secretsIn(answer: string): readonly string[] {
  return [...answer.matchAll(/"(?:ck|lp)_[^"]+"/g)].map(([text]) => text.slice(1, -1));
}

describe('what failed half-way', () => {
  it.each([
    ['PUT', 'merchant.put'],
    ['DELETE', 'merchant.delete'],
  ])('%s is on record, too', async (method, what) => {
    const merchant = await newMerchant({ mode: 'shadow' });
    const { entries } = caught();
    for (const name of ['put', 'delete'] as const) vi.spyOn(env.MERCHANTS, name).mockRejectedValue(new Error('429'));
    const body = method === 'PUT' ? { body: { id: merchant } } : {};
    expect((await api(method, `/merchants/${merchant}`, body)).status).toBe(503);
    expect(entries()).toMatchObject([{ what, merchant, after: 'unknown' }]);
  });
});

describe('while the record is down', () => {
  it('an operator acts all the same, and the log says what is missing', async () => {
    const merchant = await newMerchant();
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(env.JOURNAL, 'sendBatch').mockRejectedValue(new Error('down'));
    vi.spyOn(env.RECORDS, 'batch').mockRejectedValue(new Error('down'));
    expect((await api('PUT', `/merchants/${merchant}`, { body: { id: merchant, mode: 'shadow' } })).status).toBe(200);
    expect(error.mock.calls.join()).toContain('change_unrecorded');
    expect((await api('GET', `/merchants/${merchant}/changes`)).status).toBe(503);
  });

  it('and history and roll-back do not care', async () => {
    const merchant = await newMerchant();
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(env.JOURNAL, 'sendBatch').mockRejectedValue(new Error('down'));
    vi.spyOn(env.RECORDS, 'batch').mockRejectedValue(new Error('down'));
    const { versions } = await admin().versions.list(merchant);
    const restored = await api('POST', `/merchants/${merchant}/versions/${versions[0]?.version}/restore`);
    expect(restored.status).toBe(200);
  });
});

describe('the list', { timeout: 30_000 }, () => {
  const told = async (path: string, key?: string) => {
    const answer = await api('GET', path, key === undefined ? {} : { key });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return (await answer.json()) as ToldChanges;
  };
  const recorded = (merchant: string, count: number) =>
    rowsOnceThere(count, 'SELECT id FROM changes WHERE merchant = ?', merchant);
  const whats = ({ changes }: { changes: readonly ToldChange[] }) => changes.map(({ what }) => what);

  it('is the newest first, filtered, in pages, of this merchant alone', async () => {
    const merchant = await newMerchant();
    const { id, key } = await newKey(merchant, { scopes: ['manage'] });
    await api('PUT', `/merchants/${merchant}`, { key, body: { id: merchant, mode: 'shadow' } });
    await api('DELETE', `/merchants/${merchant}/keys/${id}`);
    await recorded(merchant, 4);
    const list = `/merchants/${merchant}/changes`;
    expect(whats(await told(list))).toEqual(['key.revoke', 'merchant.put', 'key.create', 'merchant.put']);
    expect(whats(await told(`${list}?what=key`))).toEqual(['key.revoke', 'key.create']);
    expect(whats(await told(`${list}?what=key.create`))).toEqual(['key.create']);
    expect(whats(await told(`${list}?who=key:${id}`))).toEqual(['merchant.put']);
    expect(whats(await told(`${list}?to=2020-01-01T00:00:00Z`))).toEqual([]);
    expect(whats(await told(`${list}?from=2020-01-01T00:00:00Z&who=admin`))).toHaveLength(3);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: ToldChanges = await told(`${list}?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.changes.map((change) => change.id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual((await told(list)).changes.map((change) => change.id));
    const everywhere = await told(`/changes?merchant=${merchant}`);
    expect(everywhere).toEqual(await told(list));
    expect(everywhere.changes.every((change) => change.merchant === merchant)).toBe(true);
  });

  it('is a spreadsheet’s, too, in which nothing runs', async () => {
    const merchant = await newMerchant({ network: { leases: {} } });
    const reason = '=HYPERLINK("https://evil.example","x")';
    const lease = { cidr: '203.0.113.0/28', owner: '+owner', ttl_seconds: 60, reason };
    expect((await api('POST', `/merchants/${merchant}/leases`, { body: lease })).status).toBe(201);
    await recorded(merchant, 2);
    const answer = await api('GET', `/merchants/${merchant}/changes`, { headers: { accept: 'text/csv' } });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [head, newest, ...rest] = (await answer.text()).split('\r\n');
    expect([head, rest.length]).toEqual(['id,at,merchant,who,what,before,after', 2]);
    expect(newest).toContain('lease.create');
    expect(newest).not.toMatch(/(?:^|,)"?[=+]/);
    const two = await api('GET', `/merchants/${merchant}/changes?format=csv&limit=1`);
    const link = two.headers.get('link') ?? '';
    expect((await two.text()).split('\r\n')).toHaveLength(3);
    const next = await api('GET', `/merchants/${merchant}/changes${/<(.+)>/.exec(link)?.[1]}`);
    expect(await next.text()).toContain('merchant.put');
  });

  it.each([
    'limit=0',
    'limit=501',
    'who=nobody',
    'what=%25',
    'cursor=x',
    'from=yesterday',
    'merchant=acme',
    'x=1',
    'limit=1&limit=2',
  ])('refuses %s', async (query) => {
    const merchant = await newMerchant();
    expect((await api('GET', `/merchants/${merchant}/changes?${query}`)).status).toBe(400);
  });

  it('of a merchant that was deleted is the admin’s to read', async () => {
    const merchant = await newMerchant();
    const { key } = await newKey(merchant);
    await api('DELETE', `/merchants/${merchant}`);
    await recorded(merchant, 3);
    expect(whats(await told(`/merchants/${merchant}/changes?limit=1`))).toEqual(['merchant.delete']);
    expect((await api('GET', `/merchants/${merchant}/changes`, { key })).status).toBe(401);
  });

  it('reads by an index, whoever asks', async () => {
    const { changesStatement } = await import('../../src/records/changes.ts');
    const after = { at: 5, id: 'ch_1' };
    const filters = [{}, { merchant: 'acme' }, { from: 1, to: 2 }, { merchant: 'acme', from: 1, who: 'admin' }];
    for (const filter of filters) {
      for (const place of [null, after]) {
        const { sql, binds } = changesStatement({ filter, after: place, limit: 10 });
        const plan = await rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...binds);
        const said = plan.map(({ detail }) => detail).join('; ');
        expect(said, sql).toMatch(/changes_(?:of_merchant|by_time)/);
        expect(said, sql).not.toContain('TEMP B-TREE');
      }
    }
  });
});

it.each(['csv', 'ndjson'])('an export of payers as %s is on record, without whom it asked for', async (format) => {
  const merchant = await newMerchant();
  const { entries } = caught();
  const query = `format=${format}&customer=cus_somebody`;
  expect((await api('GET', `/merchants/${merchant}/decisions?${query}`)).status).toBe(200);
  expect((await api('GET', `/merchants/${merchant}/decisions`)).status).toBe(200);
  expect(entries()).toMatchObject([{ what: 'read.decisions', merchant, after: { format, by: ['customer'] } }]);
  expect(JSON.stringify(entries())).not.toContain('cus_somebody');
});

describe('a write straight into KV', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_200_000 });
    new StandInOrigin();
  });
  const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

  it('is on record once, by kv', async () => {
    await putAcme();
    const [{ version: before } = {}] = (await admin().versions.list('acme')).versions;
    passSeconds(60);
    const { entries } = caught();
    await env.MERCHANTS.put('merchant:acme', JSON.stringify({ ...acme, mode: 'shadow' }));
    for (let i = 0; i < 3; i++) {
      passSeconds(6);
      await pay();
    }
    const [{ version: after } = {}] = (await admin().versions.list('acme')).versions;
    await vi.waitFor(() => expect(entries()).toHaveLength(1));
    expect(entries()).toMatchObject([{ who: 'kv', what: 'merchant.raw_write', merchant: 'acme', before, after }]);
  });

  it('that is faulty is on record once, with its faults', async () => {
    await putAcme();
    passSeconds(60);
    const { entries } = caught();
    await env.MERCHANTS.put('merchant:acme', JSON.stringify({ ...acme, mode: 'loud', number: '4242424242424242' }));
    for (let i = 0; i < 3; i++) {
      passSeconds(6);
      expect((await pay()).status).toBe(200);
    }
    await vi.waitFor(() => expect(entries()).toHaveLength(1));
    expect(entries()).toMatchObject([{ who: 'kv', what: 'merchant.faulty', merchant: 'acme' }]);
    const said = JSON.stringify(entries());
    expect([said.includes('/mode'), said.includes('4242424242424242')]).toEqual([true, false]);
    await putAcme();
  });
});

it('reaches the record from the call', { timeout: 20_000 }, async () => {
  const merchant = await newMerchant();
  const [row] = await rowsOnceThere<Record<string, unknown>>(1, 'SELECT * FROM changes WHERE merchant = ?', merchant);
  expect(row).toMatchObject({ who: 'admin', what: 'merchant.put', before: 'null' });
  expect(URL_OF_CORDON).not.toBe('');
});
