/**
 * A customer who enrols passkeys at the shop, signed in, from its own pages; and is challenged.
 */
import { exports } from 'cloudflare:workers';
import { onTestFinished, vi } from 'vitest';
import { type CreationOptions, type RequestOptions, SoftPasskey, type Tampering } from './authenticator.ts';
import { call, HOSTING } from './challenges.ts';
import { putAcme, SHOP } from './merchant.ts';
import { StandInOrigin } from './origin.ts';
import { cards, pay, tokenOf } from './shopper.ts';

export const DAYS_MS = 86_400_000;
/** Every payment is risky, and a passkey is all that there is. */
export const BY_PASSKEY = {
  network: { asn: { hosting: 'challenge' } },
  step_up: { methods: ['passkey'], passkey: { min_age_seconds: 0 } },
} as const;

export interface ToldPasskey {
  readonly id: string;
  readonly created_at: string;
  readonly usable_from: string;
  readonly last_used_at: string | null;
  readonly suspect: boolean;
}

/** Until the running test is over: that shop's server. */
export async function passkeyShop(): Promise<StandInOrigin> {
  onTestFinished(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const origin = new StandInOrigin();
  await putAcme(BY_PASSKEY);
  return origin;
}

let customers = 0;
export const someone = (): string => `cus_${customers++}`;

let asked = 0;

/** A page of the shop asks, for `customer` who is signed in. */
export async function fromPage(
  method: string,
  path: string,
  { customer, body, headers = {}, shop = SHOP }: Calling = {},
): Promise<Response> {
  const token = customer === undefined ? {} : { authorization: `Bearer ${await tokenOf(customer)}` };
  const browser = { origin: shop, 'sec-fetch-site': 'same-origin', 'cf-connecting-ip': nextAddress() };
  const all = new Headers({ ...browser, ...token, ...headers });
  for (const [name, value] of Object.entries(headers)) if (value === '') all.delete(name);
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return exports.default.fetch(new Request(`${shop}/.cordon/passkeys${path}`, { method, headers: all, ...sent }));
}

interface Calling {
  readonly customer?: string;
  readonly body?: unknown;
  /** An empty one is left out. */
  readonly headers?: Record<string, string>;
  readonly shop?: string;
}

function nextAddress(): string {
  asked++;
  return `10.9.${asked >> 8}.${asked & 255}`;
}

export async function optionsFor(customer: string): Promise<CreationOptions> {
  return (await fromPage('POST', '/options', { customer, body: {} })).json();
}

type Making = NonNullable<Parameters<typeof SoftPasskey.make>[1]>;

/** A passkey that was made, and the shop's answer to it. */
export async function enrolAs(customer: string, making: Making = {}, tampering: Tampering = {}) {
  const passkey = await SoftPasskey.make(await optionsFor(customer), making);
  const body = await passkey.registration(SHOP, tampering);
  return { passkey, body, answer: await fromPage('POST', '', { customer, body }) };
}

export async function enrolled(customer: string, making: Making = {}): Promise<SoftPasskey> {
  const { passkey, answer } = await enrolAs(customer, making);
  if (answer.status !== 201) throw new Error(await answer.text());
  return passkey;
}

export async function listOf(customer: string): Promise<readonly ToldPasskey[]> {
  const { passkeys } = (await (await fromPage('GET', '', { customer })).json()) as { passkeys: ToldPasskey[] };
  return passkeys;
}

let payments = 0;

export interface Risky {
  readonly card: string;
  readonly ip: string;
  readonly customer: string;
  readonly cf: typeof HOSTING;
}

/** A payment of `customer` that is challenged: each with another card, from another address. */
export function risky(customer: string): Risky {
  payments++;
  return { card: cards(400)[payments] ?? '', ip: `10.8.${payments >> 8}.${payments & 255}`, customer, cf: HOSTING };
}

export interface Challenged {
  readonly payment: Risky;
  readonly url: string;
}

export async function challenged(customer: string): Promise<Challenged> {
  const payment = risky(customer);
  const { challenge } = (await (await pay(payment)).json()) as { challenge: { url: string } };
  return { payment, url: challenge.url };
}

/** What a browser is given to sign; null where the challenge has no passkey for it. */
export async function requestOf(url: string): Promise<RequestOptions | null> {
  const told = (await (await call(url)).json()) as { methods?: { name: string; task: RequestOptions }[] };
  return told.methods?.find(({ name }) => name === 'passkey')?.task ?? null;
}

export function answerWith(url: string, answer: unknown): Promise<Response> {
  return call(`${url}/passkey`, { method: 'POST', body: JSON.stringify({ answer }) });
}
