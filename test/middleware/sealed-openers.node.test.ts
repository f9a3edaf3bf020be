/**
 * What the page's script seals opens in other languages, by implementations that nobody here has written: jwcrypto (Python)
 * and openssl (PHP). Where one is not installed its test is skipped, and says so.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealPayment } from '../../src/challenge/page/sealing.ts';
import { type Opening, openSealed, SealedError } from '../../src/middleware/sealed.ts';

const HOST = 'shop.acme.example';
const EXAMPLES = join(import.meta.dirname, '../../examples/sealed');
const PAYMENT = { card: { number: '4242424242424242', cvc: '123' }, note: 'für Zoë ✓' };

let folder: string;
let shop: JWK;
let other: JWK;
const pair = async (kid: string) => {
  const { privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  return { ...(await exportJWK(privateKey)), kid };
};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-sealed-'));
  [shop, other] = [await pair('shop-1'), await pair('cordon.1')];
  writeFileSync(join(folder, 'key.json'), JSON.stringify(shop));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function seal(change: { readonly audience?: string; readonly now?: number } = {}): Promise<string> {
  const keyOf = ({ kid = '', x = '', y = '' }: JWK) => ({ kid, x, y });
  const now = Math.floor(Date.now() / 1000);
  return sealPayment(PAYMENT, {
    own: keyOf(other),
    shop: keyOf(shop),
    audience: HOST,
    now,
    lifeSeconds: 60,
    ...change,
  });
}
/** The same with other bytes behind the first of the ciphertext. */
function altered(body: string): string {
  const jwe = JSON.parse(body) as { ciphertext: string };
  const { ciphertext } = jwe;
  return JSON.stringify({ ...jwe, ciphertext: (ciphertext[0] === 'A' ? 'B' : 'A') + ciphertext.slice(1) });
}
/** With the keys of the two exchanged. */
function swapped(body: string): string {
  const jwe = JSON.parse(body) as { recipients: { encrypted_key: string }[] };
  const [a, b] = jwe.recipients.map(({ encrypted_key }) => encrypted_key);
  const recipients = jwe.recipients.map((one, index) => ({ ...one, encrypted_key: index === 0 ? b : a }));
  return JSON.stringify({ ...jwe, recipients });
}
/** With the names of the two exchanged: what the shop's key opens is called another's. */
function renamed(body: string): string {
  const jwe = JSON.parse(body) as { recipients: { header: { kid: string } }[] };
  const kids = jwe.recipients.map(({ header }) => header.kid).toReversed();
  const recipients = jwe.recipients.map((one, index) => ({ ...one, header: { ...one.header, kid: kids[index] } }));
  return JSON.stringify({ ...jwe, recipients });
}

const LANGUAGES = [
  { name: 'Python', command: 'python3', file: 'open.py', probe: ['-c', 'import jwcrypto'] },
  {
    name: 'PHP',
    command: 'php',
    file: 'open.php',
    probe: ['-r', 'exit(function_exists("openssl_pkey_derive") ? 0 : 1);'],
  },
] as const;

describe.each(LANGUAGES)('in $name', ({ name, command, file, probe }) => {
  const isThere = spawnSync(command, probe).status === 0;
  const open = (body: string) =>
    spawnSync(command, [join(EXAMPLES, file), join(folder, 'key.json'), HOST], { input: body });
  if (!isThere)
    console.warn(`SKIPPED: sealed cards are not opened in ${name}, for ${command} or its library is not here`);

  it.skipIf(!isThere)('it opens', async () => {
    const { stdout, stderr } = open(await seal());
    expect(stderr.toString()).toBe('');
    expect(JSON.parse(stdout.toString())).toMatchObject({ payment: PAYMENT, id: expect.any(String) });
  });

  it.skipIf(!isThere)('and is refused where it is altered, for others, or over', async () => {
    const bodies = [
      altered(await seal()),
      swapped(await seal()),
      renamed(await seal()),
      await seal({ audience: 'shop.globex.example' }),
      await seal({ now: 1 }),
      '{}',
    ];
    for (const body of bodies) {
      const { status, stdout } = open(body);
      expect([status === 0, stdout.toString().includes('4242')], body).toEqual([false, false]);
    }
  });
});

describe('in TypeScript', () => {
  const open = (body: string, change: Partial<Opening> = {}) =>
    openSealed(body, { keys: [shop], audience: HOST, ...change });
  const refusal = async (body: string, change: Partial<Opening> = {}) => {
    const error = await open(body, change).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error instanceof SealedError ? error.code : error;
  };

  it('it opens, with the keys of a rotation and several names of the shop', async () => {
    const change = { keys: [await pair('shop-2'), shop], audience: ['www.acme.example', HOST] };
    const { payment, id, expiresAt } = await open(await seal(), change);
    expect([payment, id.length, expiresAt > new Date()]).toEqual([PAYMENT, 22, true]);
  });

  it.each<[string, () => Promise<string>, Partial<Opening>, string]>([
    ['no JSON', async () => 'x', {}, 'malformed'],
    ['no body of ours', async () => '{"recipients":1}', {}, 'malformed'],
    ['strange recipients', async () => '{"recipients":[null,1,{"header":null}]}', {}, 'not_for_us'],
    ['what is for other keys', seal, { keys: [] }, 'not_for_us'],
    ['a ciphertext that was altered', async () => altered(await seal()), {}, 'unopened'],
    ['exchanged keys', async () => swapped(await seal()), {}, 'unopened'],
    ['exchanged names', async () => renamed(await seal()), {}, 'unopened'],
    ['another audience', seal, { audience: 'shop.globex.example' }, 'audience'],
    ['what is over', seal, { now: new Date(Date.now() + 600_000) }, 'expired'],
  ])('refuses %s', async (_, body, change, code) => {
    expect(await refusal(await body(), change)).toBe(code);
  });

  it('a key without a name opens nothing, not even what has none', async () => {
    const { kid: _, ...nameless } = shop;
    const jwe = JSON.parse(await seal()) as { recipients: { header: { kid?: string } }[] };
    for (const { header } of jwe.recipients) delete header.kid;
    expect(await refusal(JSON.stringify(jwe), { keys: [nameless] })).toBe('not_for_us');
  });
});
