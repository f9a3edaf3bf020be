/**
 * Somebody who pays: sends what a checkout page would send, from an address and a country of the test's choosing.
 */
import { env, exports } from 'cloudflare:workers';
import { SignJWT } from 'jose';
import { SHOP } from './merchant.ts';

export { cards, withCheckDigit } from './card-numbers.ts';

export const CARD = '4242424242424242';

export interface Try {
  readonly card?: string;
  readonly ip?: string | null;
  readonly customer?: string;
  readonly cf?: Record<string, unknown>;
  readonly shop?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Replaces the JSON body. */
  readonly body?: BodyInit | null;
}

/** One attempt at `POST /api/pay`. */
export async function pay(attempt: Try = {}): Promise<Response> {
  const {
    card = CARD,
    ip = '203.0.113.9',
    customer,
    cf = { country: 'NL', asn: 1136, tlsVersion: 'TLSv1.3' },
  } = attempt;
  const headers = new Headers({ 'content-type': 'application/json', ...attempt.headers });
  if (ip !== null) headers.set('cf-connecting-ip', ip);
  if (customer !== undefined) headers.set('authorization', `Bearer ${await tokenOf(customer)}`);
  const body =
    attempt.body === undefined ? JSON.stringify({ card: { number: card, cvc: '123' }, amount: 1999 }) : attempt.body;
  const { shop = SHOP, path = '/api/pay', method = 'POST' } = attempt;
  return exports.default.fetch(
    new Request(`${shop}${path}`, { method, headers, body, cf, redirect: 'manual' } as RequestInit),
  );
}

/** What the shop's own login would hand out. */
export function tokenOf(customer: string): Promise<string> {
  return new SignJWT({ sub: customer })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(env.CORDON_JWT_TESTS));
}

/** The code of a problem details answer. */
export async function codeOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { code?: unknown }).code;
}

/** Status and code of a problem details answer. */
export async function problemOf(answer: Response | Promise<Response>): Promise<readonly [number, unknown]> {
  const problem = await answer;
  return [problem.status, await codeOf(problem)];
}
