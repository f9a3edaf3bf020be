/**
 * The commands about lists as they are run, against the production bundle on a bare workerd: a hundred thousand rows too.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchOnLoopback } from '../../commands/cordon/loopback-fetch.ts';
import { createClient } from '../../src/client/client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';

const COMMAND = join(import.meta.dirname, '../../commands/cordon.ts');
const CARD = '4242424242424242';

let bare: BareWorkerd;
let folder: string;
let url: string;

beforeAll(async () => {
  bare = await BareWorkerd.start();
  folder = await mkdtemp(join(tmpdir(), 'cordon-lists-'));
  url = `https://127.0.0.1:${bare.ports.https}`;
  const cordon = createClient({ url, key: ADMIN_KEY, onUnreachable: 'throw', fetch: fetchOnLoopback });
  await cordon.merchants.put('acme', { id: 'acme' });
});

afterAll(async () => {
  await bare.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function run(words: readonly string[], input = ''): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', CORDON_URL: url, CORDON_ADMIN_KEY: ADMIN_KEY },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, error };
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it('an item is put, shown and removed', async () => {
  expect((await run(['list', 'deny', 'show', 'acme'])).out).toBe('Nothing stands on the deny list.\n');
  const added = await run(['list', 'deny', 'add', 'acme', 'ip', '203.0.113.9', '--reason', 'chargebacks', '--json']);
  const { items } = JSON.parse(added.out) as { items: { id: string }[] };
  const shown = await run(['list', 'deny', 'show', 'acme', '--type', 'ip']);
  for (const word of ['203.0.113.9', 'chargebacks', 'admin']) expect(shown.out).toContain(word);
  expect(await run(['list', 'deny', 'remove', 'acme', items[0]?.id ?? ''])).toMatchObject({
    code: 0,
    out: 'Removed.\n',
  });
});

it('a card is asked for, and shown as a fingerprint', async () => {
  const words = ['list', 'deny', 'add', 'acme', 'card_fingerprint', '--card', '--reason', 'stolen'];
  const { code, out } = await run(words, `${CARD}\n`);
  expect([code, out.includes('fp_'), out.includes(CARD)]).toEqual([0, true, false]);
});

it('a file goes in part by part, and its bad lines are told as they stand there', async () => {
  const rows = Array.from({ length: 100_000 }, (_, n) => `ip,10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  rows[54_321] = 'ip,nonsense';
  const path = await file('many.csv', ['type,value', ...rows].join('\r\n'));
  const trial = await run(['list', 'deny', 'import', 'acme', path, '--reason', 'a list', '--dry-run']);
  expect(trial.out).toContain('99999 would be added');
  const began = Date.now();
  const { code, out } = await run(['list', 'deny', 'import', 'acme', path, '--reason', 'a list']);
  console.info(`100,000 rows through the command line in ${Date.now() - began} ms`);
  expect(code).toBe(0);
  expect(out).toContain('99999 added, 0 were there, 1 lines were not taken.');
  expect(out).toContain('54323');
  expect(out).toContain('must be an IPv4 or IPv6 address');
});

describe.each([
  ['no list', ['list', 'grey', 'show', 'acme']],
  ['no reason', ['list', 'deny', 'add', 'acme', 'ip', '203.0.113.9']],
  ['no value', ['list', 'deny', 'add', 'acme', 'ip', '--reason', 'a']],
  ['a card number', ['list', 'deny', 'add', 'acme', 'card_fingerprint', CARD, '--reason', 'a']],
  ['a file that is not there', ['list', 'deny', 'import', 'acme', '/nowhere.csv']],
  ['an option of another command', ['list', 'deny', 'show', 'acme', '--minutes', '5']],
])('%s', (_, words) => {
  it('makes no sense, and is not repeated', async () => {
    const { code, out, error } = await run(words);
    expect([code, out.includes(CARD) || error.includes(CARD)]).toEqual([2, false]);
  });
});

it('what Cordon refuses ends with 1', async () => {
  const { code, error } = await run(['list', 'allow', 'add', 'acme', 'cidr', '0.0.0.0/0', '--reason', 'a']);
  expect([code, error.includes('no wider than')]).toEqual([1, true]);
});
