/**
 * A shop that runs a preset: requests as its software's own client sends them, and how many of them are let through
 * before the guard refuses.
 */

import { putAcme, rule } from './merchant.ts';
import type { StandInOrigin } from './origin.ts';
import { pay } from './shopper.ts';

export const JSON_TYPE = 'application/json';
export const FORM_TYPE = 'application/x-www-form-urlencoded';

export interface Sent {
  readonly path: string;
  readonly method?: string;
  /** An object is sent as JSON, a text as a form. */
  readonly body?: object | string | null;
  readonly headers?: Record<string, string>;
}

let nextAddress = 0;

/** An address that no test has used before. */
export function freshAddress(): string {
  nextAddress++;
  return `198.18.${Math.floor(nextAddress / 250)}.${(nextAddress % 250) + 1}`;
}

/** One failure of a card from an address, and the next try is refused. */
export async function runPreset(preset: string, change: Record<string, unknown> = {}): Promise<void> {
  await putAcme({ preset, routes: [], card_testing_guard_config: rule('card_ip', 1), ...change });
}

export function send({ path, method = 'POST', body, headers }: Sent, ip: string): Promise<Response> {
  const isForm = typeof body === 'string';
  const text = body === undefined || body === null ? null : isForm ? body : JSON.stringify(body);
  const type: Record<string, string> = text === null ? {} : { 'content-type': isForm ? FORM_TYPE : JSON_TYPE };
  return pay({ path, method, ip, body: text, headers: { ...type, ...headers } });
}

/** What became of a request: judged, passed on unjudged, or refused with a code. */
export async function fateOf(sent: Sent, ip = freshAddress()): Promise<string> {
  const answer = await send(sent, ip);
  const told = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  if (told) return `refused: ${((await answer.json()) as { code: string }).code}`;
  return answer.headers.has('cordon-evaluation') ? 'judged' : 'passed on';
}

/** Whether the second of two requests from one address never reaches the shop, for the first has failed. */
export async function countsTogether(origin: StandInOrigin, first: Sent, second: Sent): Promise<boolean> {
  const ip = freshAddress();
  const before = origin.arrived.length;
  await send(first, ip);
  await send(second, ip);
  const arrived = origin.arrived.length - before;
  if (arrived === 0) throw new Error('not even the first request reached the shop');
  return arrived === 1;
}
