/**
 * `origin` as it is run, against the production bundle on a bare workerd: an operator looks at a shop's servers, drains a
 * country, and gives it back.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchOnLoopback } from '../../commands/cordon/loopback-fetch.ts';
import { createClient, type OriginPosition } from '../../src/client/client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';

const COMMAND = join(import.meta.dirname, '../../commands/cordon.ts');

let bare: BareWorkerd;
let url: string;

beforeAll(async () => {
  bare = await BareWorkerd.start();
  url = `https://127.0.0.1:${bare.ports.https}`;
  const cordon = createClient({ url, key: ADMIN_KEY, onUnreachable: 'throw', fetch: fetchOnLoopback });
  const pool = [
    { url: 'https://nl.acme.example', country: 'NL' },
    { url: 'https://de.acme.example', country: 'DE', priority: 2 },
  ];
  await cordon.merchants.put('acme', { id: 'acme', origin: { pool } });
  await cordon.merchants.put('plain', { id: 'plain' });
});
afterAll(() => bare.dispose());

async function run(...words: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [COMMAND, 'origin', ...words], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', CORDON_URL: url, CORDON_ADMIN_KEY: ADMIN_KEY },
  });
  child.stdin.end();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, error };
}

const states = async () => {
  const { out } = await run('acme', 'show', '--json');
  return (JSON.parse(out) as { origin: OriginPosition }).origin.places.map(({ state }) => state);
};

it('shows the servers, drains a country for a while, and gives it back', async () => {
  expect(await states()).toEqual(['up', 'up']);
  const drained = await run('acme', 'drain', 'nl', '--for', '2h', '--reason', 'the line is attacked');
  expect(drained.code).toBe(0);
  expect(drained.out).toMatch(/nl\.acme\.example[ │]+NL[ │]+1[ │]+1[ │]+drained/);
  expect(drained.out).toMatch(/NL is drained until .* Turned by admin, .*: the line is attacked/);
  expect(await states()).toEqual(['drained', 'up']);
  expect((await run('acme', 'undrain', 'NL')).code).toBe(0);
  expect(await states()).toEqual(['up', 'up']);
});

it('drains a server by its host', async () => {
  await run('acme', 'drain', 'DE.acme.example');
  expect(await states()).toEqual(['up', 'drained']);
  await run('acme', 'undrain', 'de.acme.example');
});

it('does not drain the last, and says so', async () => {
  await run('acme', 'drain', 'NL');
  const last = await run('acme', 'drain', 'DE');
  expect([last.code, last.error]).toMatchObject([1, expect.stringContaining('must leave a place')]);
  await run('acme', 'undrain', 'NL');
});

it.each([
  [['acme'], 'Expected'],
  [['acme', 'drain'], 'Expected'],
  [['acme', 'stop', 'NL'], 'Expected'],
  [['acme', 'show', 'NL'], 'Expected'],
  [['acme', 'undrain', 'NL', '--for', '2h'], 'are for drain'],
])('%j makes no sense', async (words, why) => {
  expect(await run(...words)).toMatchObject({ code: 2, error: expect.stringContaining(why) });
});

it('of a merchant without servers says that there are none', async () => {
  expect((await run('plain', 'show')).out).toContain('no servers');
});
