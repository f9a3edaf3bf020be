/**
 * The watch's touch beside a gate that knows of no watch: there it is a counter that shuts nobody out.
 */
import { expect, it } from 'vitest';
import type { Attempt } from '../../src/attempt/attempt.ts';
import { parseIp } from '../../src/attempt/ip-address.ts';
import { admits, judge } from '../../src/velocity/admission.ts';
import { watchedTouch } from '../../src/velocity/watched-touch.ts';

const NOW = 1_763_770_000_000;
const ip = parseIp('203.0.113.9');

it.each([
  ['many are in flight', 0, 5_000],
  ['many have failed', 5_000, 0],
])('a gate of an earlier release lets in whoever it watches: %s', (_, count, inFlight) => {
  if (ip === null) throw new Error('no address');
  const whence = { ip, country: 'NL', asn: 64_500 };
  const attempt = { kind: 'payment', whence, payer: { kind: 'guest' }, card: null, session: null, amountMinor: 1999 };
  const rule = { mode: 'enforce', attacks: true, cleanHistory: null } as const;
  const surroundings = { route: null, network: 'ordinary', hasSession: null, isAbroad: null } as const;
  const touch = watchedTouch(attempt as unknown as Attempt, rule, surroundings);
  // What it does not know it leaves out: then it is a counter of failures like Hyperswitch's.
  const { watched: _w, count: _c, then: _t, inFlight: _i, ...known } = touch ?? expect.fail('not watched');
  const counter = count === 0 ? null : { count, expiresAt: NOW + 1_000, shutAt: null };
  expect(admits([judge({ touch: known, counter, inFlight })])).toBe(true);
});
