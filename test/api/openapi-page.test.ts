/**
 * The documentation's page: complete, safe, and nothing from elsewhere.
 */
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { docsPage } from '../../src/api/docs-page.ts';
import { parseEnvironment } from '../../src/config/environment.ts';
import { Policies } from '../../src/config/policies.ts';
import { Journal } from '../../src/journal/journal.ts';
import { description, operations, URL_OF_CORDON } from './openapi-stage.ts';

const get = (path: string, init?: RequestInit) => exports.default.fetch(`${URL_OF_CORDON}${path}`, init);
const page = async () => (await get('/.cordon/docs')).text();

it('is served without a key, under a policy that allows nothing but its stylesheet', async () => {
  const answer = await get('/.cordon/docs');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  const style = await get('/.cordon/docs.css');
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
});

it('the description is served without a key', async () => {
  const answer = await get('/.cordon/v1/openapi.json');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Cordon' } });
});

it.each(['/.cordon/docs', '/.cordon/docs.css', '/.cordon/v1/openapi.json'])('%s is read, not written', async (path) => {
  expect((await get(path, { method: 'HEAD' })).status).toBe(200);
  expect((await get(path, { method: 'POST' })).status).not.toBe(200);
});

it.each(['/.cordon/docs', '/.cordon/docs.css', '/.cordon/v1/openapi.json'])(
  '%s is served in production on the admin host alone',
  async (path) => {
    const raw = { ...env, CORDON_ENV: 'production', CORDON_ADMIN_HOST: 'cordon.example' };
    const parsed = await parseEnvironment(raw as never);
    if (!parsed.ok) throw new Error('no environment');
    const api = createApi(parsed.environment, new Policies(parsed.environment), new Journal(null));
    const statuses = ['https://cordon.example', 'https://shop.acme.example'].map((at) => api.request(`${at}${path}`));
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 404]);
  },
);

it('holds no script, no style of its own, and nothing from elsewhere', async () => {
  const text = await page();
  expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=|<img|<iframe|@import/i);
  const loaded = [...text.matchAll(/<link[^>]+href="([^"]+)"|\ssrc="([^"]+)"/g)].map(([, href, src]) => href ?? src);
  expect(loaded).toEqual(['/.cordon/docs.css']);
});

it('every link inside leads somewhere, and every name is there once', async () => {
  const text = await page();
  const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter((link) => !ids.includes(link))).toEqual([]);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe('says everything', () => {
  it.each(operations)('$id', async ({ id, operation }) => {
    const text = await page();
    expect(text).toContain(`id="${id}"`);
    for (const { source } of operation['x-codeSamples']) expect(unescaped(text)).toContain(source);
  });

  it('every code of a problem, every schema', async () => {
    const text = await page();
    for (const { code } of description['x-problems']) expect(text).toContain(`id="problem-${code}"`);
    for (const name of Object.keys(description.components.schemas)) expect(text).toContain(`id="schema-${name}"`);
  });
});

it('escapes what a description says', () => {
  const evil = { ...description, info: { ...description.info, title: '<script>alert(1)</script>' } };
  expect(docsPage(evil)).not.toContain('<script');
});

it('needs no key only for what is open: a wrong path under v1 still asks for one', async () => {
  expect((await get('/.cordon/v1/openapi.json/x')).status).toBe(401);
  expect((await get('/.cordon/v1/merchants')).status).toBe(401);
  const withKey = { headers: { authorization: `Bearer ${env.CORDON_ADMIN_KEY}` } };
  expect((await get('/.cordon/v1/nothing', withKey)).status).toBe(404);
});

function unescaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  };
  return text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);
}
