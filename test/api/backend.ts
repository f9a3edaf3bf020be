/**
 * A merchant's backend: asks before it pays and tells what became of it, with the admin key or one of its own.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Hold } from '../../src/api/holds.ts';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { gateOf, rowsOf } from '../gate/asking.ts';
import { manage } from '../support/merchant.ts';

export const CARD = '4242424242424242';
export const IP = '203.0.113.9';
export const attempt = { ip: IP, card: { number: CARD } };

export interface Call {
  /** The bearer; the admin key unless said. */
  readonly key?: string;
  /** JSON, or a text as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export { rowsOf };

let made = 0;

/** A merchant of the test's own that uses the API alone; its id. */
export async function newMerchant(change: Record<string, unknown> = {}): Promise<string> {
  const id = `m${++made}`;
  await configure(id, change);
  return id;
}

export async function configure(id: string, change: Record<string, unknown> = {}): Promise<void> {
  const answer = await manage('PUT', `/merchants/${id}`, { id, ...change });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
}

export function api(
  method: string,
  path: string,
  { key = env.CORDON_ADMIN_KEY, body, headers = {} }: Call = {},
): Promise<Response> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return exports.default.fetch(`https://localhost/.cordon/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(text === undefined ? {} : { body: text }),
  });
}

/** Asks, whatever the answer. */
export function ask(merchant: string, said: unknown = attempt, call: Call = {}): Promise<Response> {
  return api('POST', '/evaluations', { ...call, body: { merchant, attempt: said } });
}

/** Asks and is answered. */
export async function evaluated(merchant: string, said: unknown = attempt): Promise<ToldEvaluation> {
  const answer = await ask(merchant, said);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return answer.json();
}

export function tell(id: string, outcome: unknown, call: Call = {}): Promise<Response> {
  return api('POST', `/evaluations/${id}/outcome`, { ...call, body: outcome });
}

/** Asks, and says that it failed. */
export async function failed(merchant: string, said: unknown = attempt): Promise<void> {
  const { id, decision } = await evaluated(merchant, said);
  expect(decision).toBe('allow');
  expect((await tell(id, { status: 'failed' })).status).toBe(200);
}

/** The decision, with the codes and rules that spoke. */
export async function decided(merchant: string, said: unknown = attempt): Promise<readonly string[]> {
  const { decision, reasons } = await evaluated(merchant, said);
  return [decision, ...reasons.map(({ code, rule }) => (rule === undefined ? code : `${code}:${rule}`))];
}

export async function newKey(merchant: string, body: unknown = {}): Promise<{ id: string; key: string }> {
  const answer = await api('POST', `/merchants/${merchant}/keys`, { body });
  expect(answer.status).toBe(201);
  return answer.json();
}

export async function unblocked(merchant: string, payer: unknown): Promise<readonly Hold[]> {
  const answer = await api('POST', `/merchants/${merchant}/unblock`, { body: payer });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return ((await answer.json()) as { lifted: readonly Hold[] }).lifted;
}

/** The gate's counters, by rule: how many there are and what they count together. */
export async function countsOf(merchant: string): Promise<Record<string, number>> {
  const rows = await rowsOf<{ key: string; count: number }>(gateOf(merchant), 'SELECT key, count FROM counters');
  return Object.fromEntries(rows.map(({ key, count }) => [(JSON.parse(key) as string[]).join(' '), count]));
}

/** Every row of every table of the merchant's gate, as one text. */
export function everythingStored(merchant: string): Promise<string> {
  return runInDurableObject(gateOf(merchant), (_, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    );
    return JSON.stringify([...tables].map(({ name }) => [name, storage.sql.exec(`SELECT * FROM "${name}"`).toArray()]));
  });
}

export async function problemOf(answer: Response): Promise<readonly unknown[]> {
  return [answer.status, ((await answer.json()) as { code?: unknown }).code];
}

/** The secret behind `CORDON_WEBHOOK_STRIPE`. */
export const WEBHOOK_SECRET = 'whsec_that_only_the_tests_know';

/** As Stripe signs; test/outcome/webhooks holds the reader against its own library. */
export async function stripeSignature(
  body: string,
  secret = WEBHOOK_SECRET,
  at = Math.floor(Date.now() / 1000),
): Promise<string> {
  const bytes = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, bytes.encode(`${at}.${body}`));
  return `t=${at},v1=${new Uint8Array(mac).toHex()}`;
}
