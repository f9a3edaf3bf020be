/**
 * The minimum TLS version: what the edge says, against what the merchant asks for.
 */
import { describe, expect, it } from 'vitest';
import { checkTls, type TlsRule } from '../../src/network/transport.ts';

const said = (
  tlsVersion: string | null,
  rule: Partial<TlsRule> = {},
  where: 'production' | 'development' = 'production',
) =>
  checkTls({ secure: true, tlsVersion }, { minimum: '1.2', mode: 'enforce', ...rule }, where).map(
    ({ code, consequence, mode }) => `${code} ${consequence} ${mode}`,
  );

describe('a version that is enough', () => {
  it.each([
    ['TLSv1.2', '1.2'],
    ['TLSv1.3', '1.2'],
    ['TLSv1.3', '1.3'],
  ] as const)('%s for %s', (version, minimum) => {
    expect(said(version, { minimum })).toEqual([]);
    expect(said(version, { minimum }, 'development')).toEqual([]);
  });
});

describe('a version that is too low', () => {
  it.each([
    ['TLSv1', '1.2'],
    ['TLSv1.0', '1.2'],
    ['TLSv1.1', '1.2'],
    ['TLSv1.2', '1.3'],
  ] as const)('%s for %s, in production and in development', (version, minimum) => {
    expect(said(version, { minimum })).toEqual(['tls_version block enforce']);
    expect(said(version, { minimum }, 'development')).toEqual(['tls_version block enforce']);
  });

  it.each(['SSLv3', 'none', '', 'QUIC', 'TLSv', 'tlsv1.3', 'TLSv1.3 '])(
    '"%s" is no version: refused in production',
    (version) => {
      expect(said(version)).toEqual(['tls_version block enforce']);
    },
  );

  it('an unsaid one is refused in production and let be in development', () => {
    expect(said(null)).toEqual(['tls_version block enforce']);
    expect(said(null, {}, 'development')).toEqual([]);
  });
});

it.each([
  ['enforce', ['tls_version block enforce']],
  ['shadow', ['tls_version block shadow']],
  ['off', []],
] as const)('in mode %s', (mode, findings) => {
  expect(said('TLSv1.1', { mode })).toEqual(findings);
  expect(said('TLSv1.3', { mode })).toEqual([]);
});

it('says which version it saw and which it asked for', () => {
  const [finding] = checkTls(
    { secure: true, tlsVersion: 'TLSv1.1' },
    { minimum: '1.3', mode: 'enforce' },
    'production',
  );
  expect(finding?.message).toBe('TLSv1.1 is below TLS 1.3');
});
