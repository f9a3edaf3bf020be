/**
 * The deployment's environment: complete, or not there; what is missing is named, and no value ever.
 */
import { describe, expect, it } from 'vitest';
import { parseEnvironment } from '../../src/config/environment.ts';
import { deployment, production, raw } from './deployment.ts';

const faultsOf = async (change: Record<string, unknown>) => {
  const parsed = await parseEnvironment({ ...raw, ...change });
  return parsed.ok ? [] : parsed.faults;
};
const keyOf = (bytes: number) => new Uint8Array(bytes).fill(7).toBase64();

it('takes the baseline', async () => {
  expect(await faultsOf({})).toEqual([]);
});

describe('names what is missing or wrong', () => {
  it.each<[string, unknown]>([
    ['MERCHANTS', undefined],
    ['GATE', undefined],
    ['ADDRESS_LIMIT', undefined],
    ['CORDON_ENV', 'staging'],
    ['CORDON_ENV', 'Production'],
    ['CORDON_ENV', 'dev'],
    ['CORDON_MASTER_KEY', undefined],
    ['CORDON_MASTER_KEY', ''],
    ['CORDON_MASTER_KEY', 'not base64!'],
    ['CORDON_MASTER_KEY', keyOf(31)],
    ['CORDON_MASTER_KEY', keyOf(33)],
    ['CORDON_MASTER_KEY', keyOf(16)],
    ['CORDON_ADMIN_KEY', undefined],
    ['CORDON_ADMIN_KEY', ''],
    ['CORDON_ADMIN_KEY', 'short'],
    ['CORDON_ADMIN_KEY', 'x'.repeat(15)],
  ])('%s when it is %j', async (name, value) => {
    expect(await faultsOf({ [name]: value })).toEqual([name]);
  });

  it('all of it at once', async () => {
    const parsed = await parseEnvironment({});
    expect(parsed).toEqual({
      ok: false,
      faults: expect.arrayContaining(['MERCHANTS', 'GATE', 'ADDRESS_LIMIT', 'CORDON_MASTER_KEY', 'CORDON_ADMIN_KEY']),
    });
    expect(parsed.ok ? [] : parsed.faults).toHaveLength(5);
  });

  it('and never a value', async () => {
    const secrets = { CORDON_MASTER_KEY: keyOf(31), CORDON_ADMIN_KEY: 'too-short', CORDON_ENV: 'a-secret-put-here' };
    const text = JSON.stringify(await parseEnvironment({ ...raw, ...secrets }));
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  });
});

describe('is production unless it says otherwise', () => {
  it.each([
    [undefined, 'production'],
    ['', 'production'],
    ['production', 'production'],
    ['development', 'development'],
  ])('%j: %s', async (CORDON_ENV, kind) => {
    expect((await deployment({ CORDON_ENV })).kind).toBe(kind);
  });
});

describe('the management host', () => {
  it('is none in development, where every host serves the API', async () => {
    expect((await deployment({ CORDON_ADMIN_HOST: 'cordon.example.com' })).adminHost).toBeNull();
  });

  it('is the named one in production, in lower case', async () => {
    expect((await deployment({ ...production, CORDON_ADMIN_HOST: 'Cordon.Example.COM' })).adminHost).toBe(
      'cordon.example.com',
    );
  });

  it('is no host at all when production names none', async () => {
    expect((await deployment({ CORDON_ENV: 'production', CORDON_ADMIN_HOST: undefined })).adminHost).toBe('');
  });
});

describe('keys', () => {
  it('the master key cannot be exported and only derives others', async () => {
    const { masterKey } = await deployment();
    expect(masterKey.extractable).toBe(false);
    expect(masterKey.usages).toEqual(['deriveKey']);
  });

  it.each([keyOf(32), `${keyOf(32)}\n`])('a master key of 32 bytes is taken: %j', async (CORDON_MASTER_KEY) => {
    expect(await faultsOf({ CORDON_MASTER_KEY })).toEqual([]);
  });

  it('an admin key of sixteen characters is taken', async () => {
    expect((await deployment({ CORDON_ADMIN_KEY: 'x'.repeat(16) })).adminKey).toBe('x'.repeat(16));
  });
});

describe('a shared secret', () => {
  const extra = { CORDON_JWT_A: 'a secret', CORDON_JWT_EMPTY: '', CORDON_JWT_NUMBER: 5, CORDON_jwt_B: 'b', OTHER: 'o' };

  it('is found by its name', async () => {
    expect((await deployment(extra)).sharedSecret('CORDON_JWT_A')).toBe('a secret');
  });

  it.each([
    'CORDON_JWT_NONE',
    'CORDON_JWT_EMPTY',
    'CORDON_JWT_NUMBER',
    'CORDON_jwt_B',
    'CORDON_MASTER_KEY',
    'CORDON_ADMIN_KEY',
    'OTHER',
    'CORDON_JWT_',
    'constructor',
    '',
  ])('is none under %s', async (name) => {
    expect((await deployment(extra)).sharedSecret(name)).toBeNull();
  });
});
