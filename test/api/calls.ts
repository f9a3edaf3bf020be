/**
 * Every call of the API that a key could be tried on: its method, path, body, and the scope that opens it.
 */
import { api, attempt, evaluated, newKey } from './backend.ts';

export interface Target {
  readonly merchant: string;
  readonly evaluation: string;
  readonly keyId: string;
}

export interface ApiCall {
  readonly name: string;
  readonly scopes: readonly ('evaluate' | 'report' | 'manage')[];
  /** The status for a caller who may. */
  readonly status: number;
  readonly call: (target: Target, key: string) => Promise<Response>;
}

const at = (method: string, path: string, body?: unknown) => (target: Target, key: string) =>
  api(method, path.replace('{id}', target.merchant), { key, ...(body === undefined ? {} : { body }) });

/** In an order in which each finds what it needs; the calls that only the admin may make have no scope. */
export const CALLS: readonly ApiCall[] = [
  {
    name: 'POST evaluations',
    scopes: ['evaluate'],
    status: 200,
    call: ({ merchant }, key) => api('POST', '/evaluations', { key, body: { merchant, attempt } }),
  },
  {
    name: 'POST evaluations with a key to repeat',
    scopes: ['evaluate'],
    status: 200,
    call: ({ merchant }, key) =>
      api('POST', '/evaluations', { key, body: { merchant, attempt }, headers: { 'idempotency-key': 'k' } }),
  },
  {
    name: 'GET evaluations/{evaluation}',
    scopes: ['evaluate', 'report'],
    status: 200,
    call: ({ evaluation }, key) => api('GET', `/evaluations/${evaluation}`, { key }),
  },
  {
    name: 'POST evaluations/{evaluation}/outcome',
    scopes: ['report'],
    status: 200,
    call: ({ evaluation }, key) =>
      api('POST', `/evaluations/${evaluation}/outcome`, { key, body: { status: 'failed' } }),
  },
  { name: 'GET keys', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}/keys') },
  {
    name: 'POST keys',
    scopes: ['manage'],
    status: 201,
    call: at('POST', '/merchants/{id}/keys', { scopes: ['manage'] }),
  },
  {
    name: 'DELETE keys/{key}',
    scopes: ['manage'],
    status: 204,
    call: ({ merchant, keyId }, key) => api('DELETE', `/merchants/${merchant}/keys/${keyId}`, { key }),
  },
  { name: 'GET blocks', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}/blocks') },
  { name: 'DELETE blocks/{block}', scopes: ['manage'], status: 404, call: at('DELETE', '/merchants/{id}/blocks/none') },
  {
    name: 'POST unblock',
    scopes: ['manage'],
    status: 200,
    call: at('POST', '/merchants/{id}/unblock', { ip: attempt.ip }),
  },
  { name: 'GET lists/deny', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}/lists/deny') },
  {
    name: 'POST lists/allow',
    scopes: ['manage'],
    status: 201,
    call: at('POST', '/merchants/{id}/lists/allow', { type: 'ip', value: '192.0.2.1', reason: 'ours' }),
  },
  {
    name: 'DELETE lists/deny/{item}',
    scopes: ['manage'],
    status: 404,
    call: at('DELETE', '/merchants/{id}/lists/deny/none'),
  },
  // It has no passkeys.
  { name: 'GET passkeys', scopes: ['manage'], status: 409, call: at('GET', '/merchants/{id}/customers/c/passkeys') },
  {
    name: 'POST passkeys/options',
    scopes: ['manage'],
    status: 409,
    call: at('POST', '/merchants/{id}/customers/c/passkeys/options', { host: 'shop.example' }),
  },
  {
    name: 'POST passkeys',
    scopes: ['manage'],
    status: 409,
    call: at('POST', '/merchants/{id}/customers/c/passkeys', {}),
  },
  {
    name: 'DELETE passkeys/{passkey}',
    scopes: ['manage'],
    status: 409,
    call: at('DELETE', '/merchants/{id}/customers/c/passkeys/none'),
  },
  // The merchant has no leases, which nobody hears but who may ask.
  { name: 'GET leases', scopes: ['manage'], status: 409, call: at('GET', '/merchants/{id}/leases') },
  {
    name: 'POST leases',
    scopes: ['manage'],
    status: 409,
    call: at('POST', '/merchants/{id}/leases', { cidr: '203.0.113.0/28', owner: 'o', ttl_seconds: 60 }),
  },
  {
    name: 'POST leases/{lease}/renew',
    scopes: ['manage'],
    status: 409,
    call: at('POST', '/merchants/{id}/leases/none/renew', { proof: 'p' }),
  },
  { name: 'DELETE leases/{lease}', scopes: ['manage'], status: 409, call: at('DELETE', '/merchants/{id}/leases/none') },
  {
    name: 'POST erasures',
    scopes: ['manage'],
    status: 200,
    call: at('POST', '/merchants/{id}/erasures', { customer_id: 'cus_nobody' }),
  },
  { name: 'GET dead-letters', scopes: [], status: 200, call: at('GET', '/journal/dead-letters') },
  { name: 'POST replay', scopes: [], status: 200, call: at('POST', '/journal/replay', {}) },
  {
    name: 'POST reconcile',
    scopes: [],
    status: 200,
    call: ({ merchant }, key) => api('POST', '/journal/reconcile', { key, body: { merchant } }),
  },
  { name: 'POST backtests', scopes: ['manage'], status: 200, call: at('POST', '/merchants/{id}/backtests', {}) },
  { name: 'GET switches', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}/switches') },
  {
    name: 'POST switches',
    scopes: ['manage'],
    status: 200,
    call: at('POST', '/merchants/{id}/switches', { bypass: 'off' }),
  },
  { name: 'GET decisions', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}/decisions') },
  {
    name: 'GET decisions as CSV',
    scopes: ['manage'],
    status: 200,
    call: at('GET', '/merchants/{id}/decisions?format=csv'),
  },
  {
    name: 'GET decisions as NDJSON',
    scopes: ['manage'],
    status: 200,
    call: at('GET', '/merchants/{id}/decisions?format=ndjson'),
  },
  // It is not on record yet, which nobody hears but who may ask.
  {
    name: 'GET decisions/{evaluation}',
    scopes: ['manage'],
    status: 404,
    call: ({ merchant }, key) => api('GET', `/merchants/${merchant}/decisions/none`, { key }),
  },
  { name: 'GET stats', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}/stats') },
  { name: 'GET merchants/{id}', scopes: ['manage'], status: 200, call: at('GET', '/merchants/{id}') },
  {
    name: 'PUT merchants/{id}',
    scopes: ['manage'],
    status: 200,
    call: ({ merchant }, key) => api('PUT', `/merchants/${merchant}`, { key, body: { id: merchant } }),
  },
  { name: 'GET merchants', scopes: [], status: 200, call: at('GET', '/merchants') },
  { name: 'DELETE merchants/{id}', scopes: [], status: 204, call: at('DELETE', '/merchants/{id}') },
];

/** Something of a merchant’s for each call to find. */
export async function newTarget(merchant: string): Promise<Target> {
  const { id: evaluation } = await evaluated(merchant);
  const { id: keyId } = await newKey(merchant);
  return { merchant, evaluation, keyId };
}
