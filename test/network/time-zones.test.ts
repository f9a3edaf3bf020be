/**
 * Which time zone belongs to which country, in the runtime's own data.
 */
import { expect, it } from 'vitest';
import { isZoneOf } from '../../src/network/time-zones.ts';

it.each([
  ['Europe/Amsterdam', 'NL', true],
  ['Europe/Amsterdam', 'BE', false],
  ['Europe/Berlin', 'DE', true],
  ['Asia/Kolkata', 'IN', true],
  ['Asia/Calcutta', 'IN', true],
  ['Asia/Ho_Chi_Minh', 'VN', true],
  ['Europe/Kyiv', 'UA', true],
  ['America/Argentina/Buenos_Aires', 'AR', true],
  ['America/New_York', 'US', true],
  ['Pacific/Honolulu', 'US', true],
  ['America/Toronto', 'US', false],
  ['europe/amsterdam', 'NL', true],
  ['UTC', 'NL', null],
  ['Etc/GMT-1', 'NL', null],
  ['Mars/Olympus', 'NL', null],
  ['', 'NL', null],
  ['Europe/Belgrade', 'XK', null],
  ['Europe/Amsterdam', 'T1', null],
  ['Europe/Amsterdam', 'nowhere', null],
])('%s in %s: %s', (zone, country, expected) => {
  expect(isZoneOf(zone, country)).toBe(expected);
  // What is remembered is the same.
  expect(isZoneOf(zone, country)).toBe(expected);
});
