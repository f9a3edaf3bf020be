/**
 * Leases as a merchant's own people make them: through the real API.
 */
import { expect } from 'vitest';
import type { ToldLease, ToldNewLease } from '../../src/api/leases.ts';
import { api, type Call } from '../api/backend.ts';

export type { ToldLease, ToldNewLease };

export const leaseBody = { cidr: '203.0.113.0/28', owner: 'risk scanning', ttl_seconds: 600 };

export function askForLease(merchant: string, change: object = {}, call: Call = {}): Promise<Response> {
  return api('POST', `/merchants/${merchant}/leases`, { ...call, body: { ...leaseBody, ...change } });
}

/** Asks and is given. */
export async function leased(merchant: string, change: object = {}, call: Call = {}): Promise<ToldNewLease> {
  const answer = await askForLease(merchant, change, call);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return answer.json();
}

export function renew(merchant: string, { id, proof }: Pick<ToldNewLease, 'id' | 'proof'>, change: object = {}) {
  return api('POST', `/merchants/${merchant}/leases/${id}/renew`, { body: { proof, ...change } });
}

export function revoke(merchant: string, id: string, call: Call = {}): Promise<Response> {
  return api('DELETE', `/merchants/${merchant}/leases/${id}`, call);
}

export async function leasesOf(
  merchant: string,
  query = '',
): Promise<{ leases: ToldLease[]; next_cursor: string | null }> {
  return (await api('GET', `/merchants/${merchant}/leases${query}`)).json();
}
