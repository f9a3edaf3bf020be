/**
 * Feeds for tests: a source that stands in for somebody's server, and the calls that import.
 */
import { env, exports } from 'cloudflare:workers';
import { tend } from '../../src/app.ts';
import type { RawEnvironment } from '../../src/config/environment.ts';

export const SOURCE = 'https://lists.example.com/bad-hosts.txt';

export interface ToldFeed {
  readonly name: string;
  readonly entries: number;
  readonly bad_lines: number;
  readonly bytes: number;
  readonly version: string;
  readonly fetched_at: string;
  readonly checked_at: string;
  readonly is_stale: boolean;
  readonly last_error: { readonly message: string } | null;
}

function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${env.CORDON_ADMIN_KEY}`);
  return exports.default.fetch(`https://localhost/.cordon/v1/feeds${path}`, { ...init, method, headers });
}

export const upload = (name: string, text: BodyInit, query = '') =>
  call('PUT', `/${name}${query}`, { body: text, headers: { 'content-type': 'text/plain' } });

export const follow = (name: string, order: Record<string, unknown> = {}) =>
  call('PUT', `/${name}`, {
    body: JSON.stringify({ url: SOURCE, refresh_seconds: 3600, ...order }),
    headers: { 'content-type': 'application/json' },
  });

export const remove = (name: string) => call('DELETE', `/${name}`);
export const list = async () => ((await (await call('GET', '')).json()) as { feeds: ToldFeed[] }).feeds;

export const find = (name: string) => call('GET', `/${name}`);

export async function show(name: string): Promise<ToldFeed> {
  return (await (await call('GET', `/${name}`)).json()) as ToldFeed;
}

/** What the cron trigger runs. */
export const cron = (at: number) => tend(env as unknown as RawEnvironment, at);

export async function forgetFeeds(): Promise<void> {
  for (const { name } of (await env.MERCHANTS.list({ prefix: 'feed' })).keys) await env.MERCHANTS.delete(name);
}

/** So many different addresses, a line each. */
export function addresses(count: number, from = 0): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const number = index + from;
    return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  });
  return lines.join('\n');
}
