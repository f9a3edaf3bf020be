/**
 * When calls without an answer mean that the gate is away.
 */
import { describe, expect, it } from 'vitest';
import { type Doubt, doubt, weigh } from '../../src/alerts/gate-doubt.ts';

const SECOND = 1_000;

/** Second by second: at which of them calls went unanswered, and whether the gate answers the object. */
function live(seconds: number, isCallLost: (second: number) => boolean, isThere: (second: number) => boolean) {
  let open: Doubt | null = null;
  for (let second = 0; second <= seconds; second++) {
    const now = second * SECOND;
    if (isCallLost(second)) open = doubt(open, now);
    if (open === null || open.askAt > now) continue;
    const weighed = weigh(open, isThere(second), now);
    if (weighed.kind === 'down') return `down after ${second} s`;
    open = weighed.kind === 'open' ? weighed.doubt : null;
  }
  return open === null ? 'settled' : 'open';
}

describe('calls that were not answered', () => {
  it.each([
    ['one, and the gate is there', (s: number) => s === 0, () => true, 'settled'],
    ['many within a second: a restart', (s: number) => s === 0, () => true, 'settled'],
    ['for half a minute', (s: number) => s < 30 && s % 10 === 0, () => true, 'settled'],
    ['one, and the gate is away for half a minute', (s: number) => s === 0, (s: number) => s > 30, 'settled'],
    ['one every three minutes', (s: number) => s % 180 === 0, () => true, 'settled'],
    ['one, and the gate stays away', (s: number) => s === 0, () => false, 'down after 60 s'],
    ['for minutes, though the gate answers us', (s: number) => s % 10 === 0, () => true, 'down after 60 s'],
    ['none', () => false, () => false, 'settled'],
  ])('%s', (_, isCallLost, isThere, expected) => {
    expect(live(650, isCallLost, isThere)).toBe(expected);
  });
});
