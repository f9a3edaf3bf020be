/**
 * Which addresses a provider may hear of.
 */
import { expect, it } from 'vitest';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { isPublic } from '../../src/network/public-address.ts';

const ask = (text: string) => isPublic(parseIp(text) ?? expect.fail(text));

it.each(['8.8.8.8', '185.220.101.7', '2606:4700::1', '::ffff:8.8.8.8'])('%s is somebody’s', (text) => {
  expect(ask(text)).toBe(true);
});

it.each([
  ['this network', '0.0.0.0'],
  ['private', '10.1.2.3'],
  ['private', '172.16.0.1'],
  ['private', '192.168.1.1'],
  ['private, mapped', '::ffff:10.1.2.3'],
  ['shared by a carrier', '100.64.0.1'],
  ['loopback', '127.0.0.1'],
  ['link-local', '169.254.169.254'],
  ['documentation', '203.0.113.9'],
  ['benchmarking', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['class E (pseudo IPv4)', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['loopback', '::1'],
  ['unspecified', '::'],
  ['link-local', 'fe80::1'],
  ['unique local', 'fd00::1'],
  ['documentation', '2001:db8::1'],
  ['6to4', '2002:c000:204::1'],
  ['Teredo', '2001:0:1::1'],
  ['NAT64', '64:ff9b::808:808'],
  ['multicast', 'ff02::1'],
])('%s, %s, is nobody’s', (_, text) => {
  expect(ask(text)).toBe(false);
});
