/**
 * A place falls at once and returns slowly, the more slowly the oftener it fell.
 */
import { describe, expect, it } from 'vitest';
import {
  BETWEEN_CHECKS_MS,
  claimed,
  FALLS_FORGOTTEN_MS,
  isCheckDue,
  type PlaceEvent,
  type PlaceHealth,
  REST_MS,
  stepPlace,
} from '../../src/gate/place-health.ts';

const NOW = 1_000_000;
const place = 'nl.example';
const failed: PlaceEvent = { kind: 'failed', place, why: 'lost' };
const passed: PlaceEvent = { kind: 'passed', place };
const missed: PlaceEvent = { kind: 'missed', place, why: 'slow' };

function stepped(events: readonly PlaceEvent[], from: PlaceHealth | null = null, now = NOW): PlaceHealth | null {
  return events.reduce<PlaceHealth | null>((health, event) => stepPlace(health, event, now), from);
}

const down = (stepped([failed]) ?? expect.fail()) as PlaceHealth;

describe('a place', () => {
  it('of which only good is heard needs no memory', () => {
    expect(stepped([passed, passed])).toBeNull();
  });

  it('falls when somebody is sure, and is left alone for a moment', () => {
    expect(down).toMatchObject({ isDown: true, falls: 1, passed: 0, why: 'lost', since: NOW, checkAt: NOW + REST_MS });
    expect(isCheckDue(down, NOW + REST_MS - 1)).toBe(false);
    expect(isCheckDue(down, NOW + REST_MS)).toBe(true);
  });

  it('falls by a check that it does not pass', () => {
    expect(stepped([missed])).toMatchObject({ isDown: true, why: 'slow' });
  });

  it('falls once, however many say so', () => {
    expect(stepped([failed, failed], down)).toBe(down);
  });

  it('returns after three good checks in a row, and not after two', () => {
    expect(stepped([passed, passed], down)).toMatchObject({
      isDown: true,
      passed: 2,
      checkAt: NOW + BETWEEN_CHECKS_MS,
    });
    expect(stepped([passed, passed, passed], down)).toMatchObject({ isDown: false, falls: 1 });
  });

  it('begins anew after a check that it does not pass', () => {
    expect(stepped([passed, passed, missed, passed, passed], down)).toMatchObject({ isDown: true, passed: 2 });
  });

  it.each([
    [2, 6],
    [3, 12],
    [5, 48],
    [9, 48],
  ])('after fall %i needs %i good checks', (falls, checks) => {
    const often = { ...down, falls };
    expect(stepped(Array(checks - 1).fill(passed), often)?.isDown).toBe(true);
    expect(stepped(Array(checks).fill(passed), often)?.isDown).toBe(false);
  });

  it('is remembered for its falls, and forgiven when it was up for long', () => {
    const back = stepped([passed, passed, passed], down);
    expect(stepped([failed], back, NOW + FALLS_FORGOTTEN_MS - 1)?.falls).toBe(2);
    expect(stepped([failed], back, NOW + FALLS_FORGOTTEN_MS)?.falls).toBe(1);
  });

  it('is checked by one at a time', () => {
    const due = NOW + REST_MS;
    expect(isCheckDue(claimed(down, due), due)).toBe(false);
  });
});
