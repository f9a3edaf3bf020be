/**
 * What stands behind the question mark: a parameter that a call does not have is refused by name, like a field of a body.
 */
import { describe, expect, it } from 'vitest';
import { cards } from '../support/card-numbers.ts';
import { api, evaluated, everythingStored, newMerchant } from './backend.ts';

const CSV = { 'content-type': 'text/csv' };
const csv = 'type,value,reason\nip,198.51.100.7,seen before\n';
const item = { type: 'ip', value: '198.51.100.7', reason: 'seen before' };
const leasing = { network: { leases: {} } };

async function versionOf(merchant: string): Promise<string> {
  return ((await api('GET', `/merchants/${merchant}`)).headers.get('etag') ?? '').replaceAll('"', '');
}

describe('a parameter that the call does not have', () => {
  it.each([
    ['/merchants/{id}/blocks'],
    ['/merchants/{id}/leases'],
    ['/merchants/{id}/lists/deny'],
    ['/merchants/{id}/versions'],
    ['/merchants/{id}/versions/{version}/difference'],
    ['/merchants/{id}/decisions/{evaluation}'],
    ['/journal/dead-letters'],
  ])('is refused by name on GET %s', async (path) => {
    const merchant = await newMerchant(leasing);
    const { id } = await evaluated(merchant);
    const version = await versionOf(merchant);
    const at = path.replace('{id}', merchant).replace('{version}', version).replace('{evaluation}', id);
    const answer = await api('GET', `${at}?page=2`);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { code: 'invalid_request', errors: [{ path: '/page', message: 'is not a parameter of this call' }] },
    ]);
  });

  it.each([
    ['a file', csv, CSV, '?dryrun=true'],
    ['a file', csv, CSV, '?dry_run=true&dry_run=false'],
    ['an item, which knows no trial,', item, {}, '?dry_run=true'],
  ])('puts nothing of %s', async (_, body, headers, query) => {
    const merchant = await newMerchant();
    const answer = await api('POST', `/merchants/${merchant}/lists/deny${query}`, { body, headers });
    expect(answer.status).toBe(400);
    const listed = await api('GET', `/merchants/${merchant}/lists/deny`);
    expect(await listed.json()).toMatchObject({ items: [] });
  });

  it.each<[string, string, unknown]>([
    ['PUT', '/merchants/{id}', { id: '{id}', mode: 'shadow' }],
    ['DELETE', '/merchants/{id}', undefined],
    ['POST', '/merchants/{id}/keys', {}],
    ['POST', '/merchants/{id}/unblock', { ip: '203.0.113.9' }],
  ])('changes nothing by %s %s', async (method, path, body) => {
    const merchant = await newMerchant();
    const before = [await versionOf(merchant), await everythingStored(merchant)];
    const text = body === undefined ? {} : { body: JSON.stringify(body).replaceAll('{id}', merchant) };
    const answer = await api(method, `${path.replace('{id}', merchant)}?dry_run=true`, text);
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: '/dry_run' }] }]);
    expect([await versionOf(merchant), await everythingStored(merchant)]).toEqual(before);
  });

  it('does not make a feed', async () => {
    const body = { url: 'https://lists.example/bad.txt' };
    const headers = { 'content-type': 'application/json' };
    const answer = await api('PUT', '/feeds/strange?kind=bins', { body, headers });
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: '/kind' }] }]);
  });

  it('takes no feed away, and gives none a second score', async () => {
    const headers = { 'content-type': 'text/csv' };
    const put = (query: string) =>
      api('PUT', `/feeds/lasting?kind=addresses${query}`, { body: '203.0.113.9', headers });
    expect((await put('&score=10&score=90')).status).toBe(400);
    expect((await put('&score=10')).status).toBe(201);
    expect((await api('DELETE', '/feeds/lasting?dry_run=true')).status).toBe(400);
    expect((await api('DELETE', '/feeds/lasting')).status).toBe(204);
  });

  it('is seen at a merchant who is named like a list', async () => {
    const name = 'lists';
    expect((await api('PUT', `/merchants/${name}`, { body: { id: name } })).status).toBe(201);
    expect((await api('POST', `/merchants/${name}/unblock?dry_run=true`, { body: { ip: '203.0.113.9' } })).status).toBe(
      400,
    );
  });

  it('is not repeated where it is a card number', async () => {
    const [card = ''] = cards(1);
    const answer = await api('GET', `/merchants/${await newMerchant()}/blocks?${card}=1`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain(card);
  });
});

it('a parameter that is given twice is refused', async () => {
  const answer = await api('GET', `/merchants/${await newMerchant()}/blocks?limit=1&limit=2`);
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { errors: [{ path: '/limit', message: 'is given twice' }] },
  ]);
});

it('the parameters that a call has are taken', async () => {
  const merchant = await newMerchant();
  const path = `/merchants/${merchant}/lists/deny`;
  const imported = await api('POST', `${path}?dry_run=false&reason=old`, { body: csv, headers: CSV });
  expect(await imported.json()).toMatchObject({ added: 1 });
  expect((await api('GET', `${path}?type=ip&value=198.51.100.7&limit=1`)).status).toBe(200);
  expect((await api('GET', `/merchants/${merchant}/versions?limit=1&cursor=`)).status).toBe(200);
  expect((await api('GET', `/merchants/${merchant}/blocks?limit=1&cursor=`)).status).toBe(200);
});
