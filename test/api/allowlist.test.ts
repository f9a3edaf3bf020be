/**
 * Evaluations have no route: their address is the payer's, not the caller's, so the allowlist neither refuses nor spares.
 */
import { expect, it } from 'vitest';
import { payRoute } from '../support/merchant.ts';
import { decided, newMerchant } from './backend.ts';

const allowlist = [
  { cidr: '203.0.113.0/28', label: 'core' },
  { cidr: '198.51.100.0/28', label: 'pinned', asn: 1136, country: 'NL' },
];
const routes = [{ ...payRoute, access: 'server' }];

it.each([
  ['a payer who is not on it', { ip: '192.0.2.9' }, ['allow']],
  ['a payer on an entry, seen from elsewhere', { ip: '198.51.100.9', country: 'DE', asn: 64500 }, ['allow']],
  ['a payer on it, from a denied country', { ip: '203.0.113.9', country: 'KP' }, ['block', 'country']],
  ['a payer on it, from a denied network', { ip: '203.0.113.9', country: 'NL', asn: 666 }, ['block', 'asn']],
])('%s', async (_, attempt, expected) => {
  const network = { allowlist, deny_countries: ['KP'], asn: { deny: [666] } };
  const merchant = await newMerchant({ routes, origin: { pool: [{ url: 'https://origin.acme.example' }] }, network });
  expect(await decided(merchant, attempt)).toEqual(expected);
});

it('knows regions in country rules', async () => {
  const merchant = await newMerchant({ network: { operating_countries: ['region:eea'], deny_countries: ['HU'] } });
  expect(await decided(merchant, { ip: '192.0.2.9', country: 'NO' })).toEqual(['allow']);
  expect(await decided(merchant, { ip: '192.0.2.9', country: 'CH' })).toEqual(['block', 'country']);
  expect(await decided(merchant, { ip: '192.0.2.9', country: 'HU' })).toEqual(['block', 'country']);
});
