/**
 * What an operator would do to the demo's Cordon before a test: another configuration, a feed.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { request } from 'playwright-core';
import type { Demo } from './demo.ts';

/** The demo merchant with some fields replaced. */
export async function configure(demo: Demo, change: object): Promise<void> {
  const before = await merchantOf(demo);
  await call(demo, 'PUT', 'merchants/demo', { ...(before as object), ...change });
}

export function merchantOf(demo: Demo): Promise<unknown> {
  return call(demo, 'GET', 'merchants/demo');
}

export async function feed(demo: Demo, name: string, text: string): Promise<void> {
  await call(demo, 'PUT', `feeds/${name}`, text);
}

async function call(demo: Demo, method: string, path: string, data?: object | string): Promise<unknown> {
  const key = parseEnv(readFileSync('.dev.vars', 'utf8')).CORDON_ADMIN_KEY;
  const context = await request.newContext({ ignoreHTTPSErrors: true });
  try {
    const type = typeof data === 'string' ? 'text/plain' : 'application/json';
    const headers = { authorization: `Bearer ${key}`, 'content-type': type };
    const answer = await context.fetch(`${demo.url}.cordon/v1/${path}`, { method, headers, ...(data && { data }) });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return await answer.json();
  } finally {
    await context.dispose();
  }
}
