/**
 * Deny and allow lists as a merchant's own people keep them: through the real API.
 */
import { expect } from 'vitest';
import type { ToldItem } from '../../src/api/list-items.ts';
import { api, type Call } from '../api/backend.ts';

export type { ToldItem };
export type List = 'deny' | 'allow';

/** Asks for an item, whatever the answer. */
export function put(merchant: string, list: List, item: object, call: Call = {}): Promise<Response> {
  return api('POST', `/merchants/${merchant}/lists/${list}`, { ...call, body: { reason: 'seen before', ...item } });
}

/** Asks and is given. */
export async function listed(merchant: string, list: List, item: object): Promise<ToldItem> {
  const answer = await put(merchant, list, item);
  expect([200, 201], await answer.clone().text()).toContain(answer.status);
  return answer.json();
}

export function unlist(merchant: string, list: List, id: string): Promise<Response> {
  return api('DELETE', `/merchants/${merchant}/lists/${list}/${id}`);
}

export async function itemsOf(
  merchant: string,
  list: List,
  query = '',
): Promise<{ items: ToldItem[]; next_cursor: string | null }> {
  const answer = await api('GET', `/merchants/${merchant}/lists/${list}${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json();
}

export function importCsv(merchant: string, list: List, csv: string, query = ''): Promise<Response> {
  return api('POST', `/merchants/${merchant}/lists/${list}${query}`, {
    body: csv,
    headers: { 'content-type': 'text/csv' },
  });
}

/** Takes everything off both lists. */
export async function clearLists(merchant: string): Promise<void> {
  for (const list of ['deny', 'allow'] as const) {
    for (const { id } of (await itemsOf(merchant, list)).items) await unlist(merchant, list, id);
  }
}
