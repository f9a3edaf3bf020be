/**
 * The command line as it is run, against the production bundle on a bare workerd.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchOnLoopback } from '../../commands/cordon/loopback-fetch.ts';
import { type Cordon, createClient } from '../../src/client/client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';

const COMMAND = join(import.meta.dirname, '../../commands/cordon.ts');
const CARD = '4242424242424242';
const acme = {
  id: 'acme',
  card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 },
};

let bare: BareWorkerd;
let folder: string;
let url: string;
let cordon: Cordon;

beforeAll(async () => {
  bare = await BareWorkerd.start();
  folder = await mkdtemp(join(tmpdir(), 'cordon-command-'));
  url = `https://127.0.0.1:${bare.ports.https}`;
  cordon = createClient({ url, key: ADMIN_KEY, onUnreachable: 'throw', fetch: fetchOnLoopback });
});

afterAll(async () => {
  await bare.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly complaints: string;
}

async function run(
  words: readonly string[],
  { input = '', env = {} }: { input?: string; env?: object } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', CORDON_URL: url, CORDON_ADMIN_KEY: ADMIN_KEY, ...env },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, complaints };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function shutOut(ip: string): Promise<void> {
  const verdict = await cordon.evaluate({ merchant: 'acme', attempt: { ip, card: { number: CARD } } });
  if (verdict.kind === 'evaluated') await cordon.reportOutcome(verdict.evaluation.id, { status: 'failed' });
}

describe('bypass', () => {
  it('is begun, seen everywhere, and ended', async () => {
    await run(['merchant', 'put', await file('night.json', { id: 'night' })]);
    expect(await run(['bypass', 'night'])).toMatchObject({ code: 0, out: 'Nothing is bypassed.\n' });
    const begun = await run(['bypass', 'night', '--minutes', '30', '--reason', 'payments fail']);
    expect(begun).toMatchObject({ code: 0, out: expect.stringContaining('night is bypassed until ') });
    expect(begun.out).toContain('In force everywhere within seconds.');
    for (const words of [['bypass'], ['bypass', 'night']]) {
      const { out } = await run(words);
      expect([out.includes('payments fail'), out.includes('admin')]).toEqual([true, true]);
    }
    for (const words of [
      ['merchant', 'show', 'night'],
      ['blocks', 'night'],
    ]) {
      expect((await run(words)).complaints).toMatch(/^! night is bypassed until .*: nothing is refused\.\n$/);
    }
    expect(JSON.parse((await run(['bypass', '--json'])).out)).toMatchObject({
      bypasses: [{ merchant: 'night', state: 'on', turned_by: 'admin' }],
    });
    expect(await run(['bypass', 'night', '--end'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('night is guarded again.'),
    });
    expect(await run(['bypass'])).toMatchObject({ code: 0, out: 'Nothing is bypassed.\n' });
    expect((await run(['blocks', 'night'])).complaints).toBe('');
    await run(['merchant', 'delete', 'night', '--yes']);
  });
});

describe('merchant', () => {
  it('is written, shown, listed and deleted', async () => {
    expect(await run(['merchant', 'put', await file('acme.json', acme)])).toMatchObject({
      code: 0,
      out: 'acme is written.\n',
    });
    expect(JSON.parse((await run(['merchant', 'show', 'acme'])).out)).toEqual(acme);
    expect((await run(['merchant', 'list'])).out).toBe('acme\n');
    expect(await run(['merchant', 'put', '-'], { input: '{"id":"other"}' })).toMatchObject({ code: 0 });
    expect(JSON.parse((await run(['merchant', 'list', '--json'])).out)).toEqual({ merchants: ['acme', 'other'] });
    expect(await run(['merchant', 'delete', 'other'], { input: 'other\n' })).toMatchObject({ code: 2, out: '' });
    expect((await run(['merchant', 'list'])).out).toBe('acme\nother\n');
    const sure = ['merchant', 'delete', 'other', '--yes'];
    expect(await run(sure)).toMatchObject({ code: 0, out: 'other is deleted.\n' });
    expect(await run(sure)).toMatchObject({ code: 1, out: '' });
  });

  it('every fault stands in a table, or in JSON', async () => {
    const faulty = await file('faulty.json', { ...acme, mode: 'loud', typo: 1 });
    const { code, out, complaints } = await run(['merchant', 'put', faulty]);
    expect([code, out]).toEqual([1, '']);
    expect(complaints).toMatch(/invalid_configuration[\s\S]*│ path[\s\S]*│ \/mode[\s\S]*│ \/typo/);
    const { error } = JSON.parse((await run(['merchant', 'put', faulty, '--json'])).complaints) as {
      error: { code: string; errors: { path: string }[] };
    };
    expect([error.code, error.errors.map(({ path }) => path).toSorted()]).toEqual([
      'invalid_configuration',
      ['/mode', '/typo'],
    ]);
  });
});

describe('keys', () => {
  it('are made, listed and revoked', async () => {
    const made = await run(['keys', 'acme', 'create', '--name', 'till', '--scopes', 'evaluate, report', '--json']);
    const { id, key, scopes } = JSON.parse(made.out) as { id: string; key: string; scopes: string[] };
    expect([key.startsWith('ck_'), scopes]).toEqual([true, ['evaluate', 'report']]);
    const listed = await run(['keys', 'acme']);
    expect(listed.out).toMatch(new RegExp(`${id}.*till.*evaluate, report.*admin`));
    expect(listed.out).not.toContain(key);
    expect(await run(['keys', 'acme', 'revoke', id])).toMatchObject({ code: 0, out: 'Revoked.\n' });
    expect((await run(['keys', 'acme'])).out).toBe('No keys.\n');
    expect((await run(['keys', 'acme', 'create'])).out).toMatch(/│ key +│ ck_[\s\S]*shown here once/);
  });

  it("a merchant's own key manages that merchant, from a file", async () => {
    const { key } = await cordon.keys.create('acme', { scopes: ['manage'] });
    const options = ['--key-file', await file('key', `${key}\n`)];
    expect(await run(['merchant', 'show', 'acme', ...options])).toMatchObject({ code: 0 });
    expect(await run(['merchant', 'list', ...options])).toMatchObject({ code: 1 });
  });

  it('a scope that there is not is a fault', async () => {
    const { code, complaints } = await run(['keys', 'acme', 'create', '--scopes', 'everything']);
    expect([code, complaints.includes('/scopes/0')]).toEqual([1, true]);
  });
});

describe('leases', () => {
  it('are made, listed, renewed by the proof that standard input holds, and revoked', async () => {
    expect(await run(['lease', 'list', 'acme'])).toMatchObject({ code: 1 });
    const withLeases = { ...acme, id: 'lessor', network: { leases: {} } };
    await run(['merchant', 'put', '-'], { input: JSON.stringify(withLeases) });
    expect((await run(['lease', 'list', 'lessor'])).out).toBe('Nothing is leased.\n');
    const add = ['lease', 'add', 'lessor', '203.0.113.0/28', '--owner', 'risk scanning', '--reason', 'moving'];
    const { id, proof } = JSON.parse((await run([...add, '--json'])).out) as { id: string; proof: string };
    expect((await run(add)).out).toMatch(/│ proof +│ lp_[\s\S]*shown here once/);
    const listed = await run(['lease', 'list', 'lessor']);
    expect(listed.out).toMatch(new RegExp(`${id}.*203\\.0\\.113\\.0/28.*risk scanning.*admin[\\s\\S]*moving`));
    expect(listed.out).not.toContain(proof);
    const renew = ['lease', 'renew', 'lessor', id, '--ttl', '7200'];
    expect((await run(renew, { input: `${proof}\n` })).out).toContain(id);
    expect(await run(renew, { input: 'lp_wrong\n' })).toMatchObject({ code: 1 });
    expect(await run(renew)).toMatchObject({ code: 2 });
    expect(await run(['lease', 'revoke', 'lessor', id])).toMatchObject({ code: 0, out: 'Revoked.\n' });
    expect(await run(['lease', 'revoke', 'lessor', id])).toMatchObject({ code: 1 });
    await run(['merchant', 'delete', 'lessor', '--yes']);
  });
});

describe('feed', () => {
  it('is added from a file, listed, shown and removed', async () => {
    const list = await file('list.txt', '203.0.113.9,85\nnonsense\n198.51.100.0/24\n');
    const added = await run(['feed', 'add', 'bad-hosts', list]);
    expect([added.code, added.complaints]).toEqual([0, '']);
    expect(added.out).toMatch(
      /entries +│ 2[\s\S]*bad lines +│ 1[\s\S]*│ 2 +│ no address, prefix or network +│ nonsense/,
    );
    expect((await run(['feed', 'list'])).out).toMatch(/bad-hosts │ addresses │ 2 .*uploaded │ 1 bad lines/);
    expect(JSON.parse((await run(['feed', 'show', 'bad-hosts', '--json'])).out)).toMatchObject({ entries: 2 });
    expect(await run(['feed', 'remove', 'bad-hosts'])).toMatchObject({ code: 0, out: 'bad-hosts is removed.\n' });
    expect(await run(['feed', 'remove', 'bad-hosts'])).toMatchObject({ code: 1, out: '' });
    expect((await run(['feed', 'list'])).out).toBe('No feeds.\n');
  });

  it('of another kind comes from standard input', async () => {
    const added = await run(['feed', 'add', 'bins', '-', '--kind', 'bins', '--json'], { input: '457173,DK\n' });
    expect(JSON.parse(added.out)).toMatchObject({ kind: 'bins', entries: 1 });
  });

  it('that is none says why, and which lines are bad', async () => {
    const { code, complaints } = await run(['feed', 'add', 'page', '-'], { input: '<html>\n<p>503</p>\n</html>\n' });
    expect(code).toBe(1);
    expect(complaints).toMatch(/unusable_feed[\s\S]*most lines[\s\S]*line 1/);
  });

  it('that Cordon is to fetch from where it must not is refused', async () => {
    const { code, complaints } = await run(['feed', 'add', 'metadata', 'http://169.254.169.254/latest', '--json']);
    expect([code, complaints.includes('/url')]).toEqual([1, true]);
  });

  it("is not a merchant's to add", async () => {
    const { key } = await cordon.keys.create('acme', { scopes: ['manage'] });
    const options = ['--key-file', await file('merchant-key', `${key}\n`)];
    expect(await run(['feed', 'list', ...options])).toMatchObject({ code: 1, out: '' });
  });
});

describe('blocks and unblock', () => {
  it('says what is shut, and opens it by the card that standard input holds', async () => {
    expect((await run(['blocks', 'acme'])).out).toBe('Nothing is shut.\n');
    for (const ip of ['203.0.113.1', '203.0.113.2']) await shutOut(ip);
    const shut = await run(['blocks', 'acme']);
    expect(shut.out).toMatch(/card_ip[\s\S]*203\.0\.113\.1[\s\S]*1 of 1/);
    expect(shut.out).toContain('203.0.113.2');
    const { out } = await run(['unblock', 'acme', '--ip', '203.0.113.2']);
    expect(out).toMatch(/^Lifted:[\s\S]*203\.0\.113\.2/);
    const { lifted } = JSON.parse((await run(['unblock', 'acme', '--card', '--json'], { input: `${CARD}\n` })).out) as {
      lifted: { ip: string }[];
    };
    expect(lifted.map(({ ip }) => ip)).toEqual(['203.0.113.1']);
    expect((await run(['unblock', 'acme', '--ip', '203.0.113.1'])).out).toBe('Nothing held this payer.\n');
  });

  it('says which rule only records', async () => {
    const shadow = { ...acme, id: 'quiet', mode: 'shadow' };
    await run(['merchant', 'put', '-'], { input: JSON.stringify(shadow) });
    const verdict = await cordon.evaluate({
      merchant: 'quiet',
      attempt: { ip: '203.0.113.1', card: { number: CARD } },
    });
    if (verdict.kind === 'evaluated') await cordon.reportOutcome(verdict.evaluation.id, { status: 'failed' });
    expect((await run(['blocks', 'quiet'])).out).toMatch(/card_ip[\s\S]*\(shadow\)/);
  });

  it('an empty standard input is no card', async () => {
    expect(await run(['unblock', 'acme', '--card'])).toMatchObject({ code: 2 });
  });
});

describe('history', () => {
  const put = (change: object) =>
    run(['merchant', 'put', '-'], { input: JSON.stringify({ ...acme, id: 'past', ...change }) });
  const versionsOf = async () => (await cordon.versions.list('past')).versions.map(({ version }) => String(version));

  it('is listed, compared, and gone back to once somebody has said so', async () => {
    await put({});
    await put({ mode: 'shadow' });
    const [second = '', first = ''] = await versionsOf();
    const listed = await run(['versions', 'past']);
    expect(listed.out).toMatch(new RegExp(`\\* +│ ${second}.*admin[\\s\\S]*│ +│ ${first}`));
    expect((await run(['difference', 'past', second])).out).toBe(`${first} → ${second}\n/mode\n+ "shadow"\n`);
    expect((await run(['difference', 'past', first.slice(0, 8), second])).out).toContain('- "shadow"');
    const unasked = await run(['restore', 'past', first]);
    expect([unasked.code, unasked.out, await versionsOf()]).toEqual([2, '', [second, first]]);
    const restored = await run(['restore', 'past', first.slice(0, 8), '--yes']);
    expect([restored.code, restored.out]).toEqual([0, `${first} is in force at past.\n`]);
    expect(restored.complaints).toContain('- "shadow"');
    expect(await versionsOf()).toEqual([first, second, first]);
    expect((await run(['difference', 'past', first, first])).out).toContain('Nothing differs.');
  });

  it('shows colours on a terminal alone', async () => {
    const [version = ''] = await versionsOf();
    const words = ['difference', 'past', version];
    const coloured = await run(words, { env: { NO_COLOR: undefined, FORCE_COLOR: '1' } });
    expect([coloured.out.includes('\u001b[31m'), (await run(words)).out.includes('\u001b')]).toEqual([true, false]);
  });

  it.each([
    ['no such version', ['restore', 'past', 'ffffffff', '--yes'], 2],
    ['what begins as several do', ['difference', 'past', ''], 2],
    ['no such merchant', ['versions', 'nobody'], 1],
  ])('does nothing for %s', async (_, words, code) => {
    expect(await run(words)).toMatchObject({ code, out: '' });
  });

  it('who changed what cannot be told where there is no record', async () => {
    const { code, out, complaints } = await run(['changes', 'past']);
    expect([code, out, complaints.includes('records_off')]).toEqual([3, '', true]);
  });
});

it('says so where nobody listens', async () => {
  const { code, out, complaints } = await run(['merchant', 'list'], { env: { CORDON_URL: 'https://127.0.0.1:1' } });
  expect([code, out, complaints]).toEqual([3, '', 'Cordon could not be reached (ECONNREFUSED).\n']);
});

it('says who may not', async () => {
  expect(await run(['merchant', 'list'], { env: { CORDON_ADMIN_KEY: 'wrong' } })).toMatchObject({
    code: 1,
    complaints: 'A valid key is needed (unauthorized)\n',
  });
});
