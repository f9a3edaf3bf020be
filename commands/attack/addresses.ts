// The addresses that an attack pretends to come from: drawn anew for every run out of 198.18.0.0/15, the range for
// benchmarks (RFC 2544), so that no run meets another's counters and no real address is ever blocked.

import { randomInt } from 'node:crypto';

const firstAddress = (198 << 24) | (18 << 16);
const addressCount = 2 ** 17;

/** Distinct IPv4 addresses. */
export function drawAddresses(count: number): string[] {
  const drawn = new Set<string>();
  while (drawn.size < count) drawn.add(write(firstAddress + randomInt(addressCount)));
  return [...drawn];
}

export function drawAddress(): string {
  return write(firstAddress + randomInt(addressCount));
}

function write(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join('.');
}
