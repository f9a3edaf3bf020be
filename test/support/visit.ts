/**
 * A browser's visit to the shop before it pays: opens a page and keeps the session's cookie.
 */
import { env } from 'cloudflare:workers';
import { deriveSessionKey, SESSION_COOKIE, type Session, writeSession } from '../../src/attempt/session-cookie.ts';
import { pay, type Try } from './shopper.ts';

export const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-mode': 'navigate' };

export function page(): Response {
  return new Response('<!doctype html><title>Shop</title>', {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });
}

/** One GET, as a browser's address bar would send it. */
export function open(path = '/', headers: Record<string, string> = {}, change: Try = {}): Promise<Response> {
  return pay({ path, method: 'GET', body: null, headers: { ...BROWSER, ...headers }, ...change });
}

/** The session's cookie in an answer as `name=value`, or null. */
export function cookieOf(answer: Response): string | null {
  const line = answer.headers.getSetCookie().find((it) => it.startsWith(SESSION_COOKIE));
  return line?.split(';')[0] ?? null;
}

/** A cookie made beside the Worker, under a merchant's key of this deployment. */
export async function cookieFor(merchant: string, change: Partial<Session> = {}): Promise<string> {
  const { bornAt = Date.now() - 60_000, issuedAt = bornAt, id = crypto.getRandomValues(new Uint8Array(16)) } = change;
  const bytes = Uint8Array.fromBase64(env.CORDON_MASTER_KEY);
  const masterKey = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
  const value = await writeSession({ id, bornAt, issuedAt }, await deriveSessionKey(masterKey, merchant));
  return `${SESSION_COOKIE}=${value}`;
}
