/**
 * Where a provider's key may be sent, and which key may be named: whoever may write one merchant's configuration may name
 * any key of the deployment, another merchant's too, so the address is not his to choose.
 */
import { describe, expect, it } from 'vitest';
import { deployment, faultsOf, pathsOf, production } from './deployment.ts';

const AT = '/reputation/providers/0';
const provider = (change: Record<string, unknown> = {}) => ({
  name: 'abuseipdb',
  key_name: 'CORDON_REPUTATION_ABUSEIPDB',
  ...change,
});
const asking = (...providers: unknown[]) => ({ id: 'acme', reputation: { providers } });

describe('a key goes to its provider alone', () => {
  it.each([
    'https://keys.attacker.example',
    'https://api.abuseipdb.com.attacker.example',
    'https://www.ipqualityscore.com',
    'https://api.abuseipdb.com:8443',
    'https://user@api.abuseipdb.com',
    'http://api.abuseipdb.com',
    'https://api.abuseipdb.com/api/v2',
    'https://api.abuseipdb.com/?x',
    'http://localhost:9000',
    'https://127.0.0.1',
  ])('and not to %s', async (api_url) => {
    expect(pathsOf(asking(provider({ api_url })), await deployment(production))).toEqual([`${AT}/api_url`]);
  });

  it.each([undefined, 'https://api.abuseipdb.com', 'https://api.abuseipdb.com/'])(
    'itself is itself: %s',
    async (url) => {
      const api_url = url === undefined ? {} : { api_url: url };
      expect(pathsOf(asking(provider(api_url)), await deployment(production))).toEqual([]);
    },
  );

  it('or to a stand-in on this machine in development, and nowhere else', async () => {
    expect(pathsOf(asking(provider({ api_url: 'http://127.0.0.1:9000' })), await deployment())).toEqual([]);
    const elsewhere = provider({ api_url: 'https://keys.attacker.example' });
    expect(pathsOf(asking(elsewhere), await deployment())).toEqual([`${AT}/api_url`]);
  });
});

describe('a key is named', () => {
  it.each([
    ['by what is no secret’s name', 'ABUSEIPDB_KEY'],
    ['as the deployment’s own', 'CORDON_MASTER_KEY'],
    ['as a processor’s', 'CORDON_PROCESSOR_STRIPE'],
    ['as another provider’s', 'CORDON_REPUTATION_IPQUALITYSCORE'],
    ['as something that only begins like it', 'CORDON_REPUTATION_ABUSEIPDBX'],
    ['that is not there', 'CORDON_REPUTATION_ABUSEIPDB_ACME'],
  ])('%s', async (_, key_name) => {
    expect(pathsOf(asking(provider({ key_name })), await deployment())).toEqual([`${AT}/key_name`]);
  });

  it('with something behind, for a merchant of its own', async () => {
    const here = await deployment({ CORDON_REPUTATION_ABUSEIPDB_ACME: 'k' });
    expect(pathsOf(asking(provider({ key_name: 'CORDON_REPUTATION_ABUSEIPDB_ACME' })), here)).toEqual([]);
  });
});

it('two of one name are one too many', async () => {
  expect(pathsOf(asking(provider(), provider()), await deployment())).toEqual(['/reputation/providers/1/name']);
});

it('every fault is named at once, and no value', async () => {
  const wrong = provider({ key_name: 'CORDON_REPUTATION_ABUSEIPDB_GONE', api_url: 'https://keys.attacker.example' });
  const faults = faultsOf(asking(wrong, provider({ timeout_ms: 5_000 })), await deployment());
  expect(faults.map(({ path }) => path)).toEqual([
    '/reputation/providers/1/timeout_ms',
    `${AT}/key_name`,
    `${AT}/api_url`,
    '/reputation/providers/1/name',
  ]);
  expect(JSON.stringify(faults)).not.toMatch(/attacker|GONE|5000/);
});
