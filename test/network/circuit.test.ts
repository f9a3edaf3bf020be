/**
 * The circuit breaker: by hand where it turns, and against a model under any course of events.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Circuit,
  type CircuitEvent,
  CLOSED,
  FAILURES_TO_OPEN,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  mayAsk,
  PROBE_MS,
  stepCircuit,
} from '../../src/network/circuit.ts';

const NOW = 1_000_000;

function after(events: readonly CircuitEvent[], from: Circuit = CLOSED, now = NOW): Circuit {
  return events.reduce((circuit, event) => stepCircuit(circuit, event, now), from);
}

const failures = (count: number): CircuitEvent[] => Array.from({ length: count }, () => 'failed');
const opened = after(failures(FAILURES_TO_OPEN));

it('opens with the last of so many failures in a row, and not before', () => {
  expect(mayAsk(after(failures(FAILURES_TO_OPEN - 1)), NOW)).toBe(true);
  expect(opened).toEqual({ kind: 'open', until: NOW + FIRST_PAUSE_MS, pauseMs: FIRST_PAUSE_MS });
  expect(mayAsk(opened, NOW)).toBe(false);
});

it('counts failures in a row alone', () => {
  const course = [...failures(FAILURES_TO_OPEN - 1), 'answered', ...failures(FAILURES_TO_OPEN - 1)] as const;
  expect(after(course).kind).toBe('closed');
});

it('is tried after its pause, with one look-up', () => {
  const then = NOW + FIRST_PAUSE_MS;
  expect(mayAsk(opened, then - 1)).toBe(false);
  expect(mayAsk(opened, then)).toBe(true);
  const probed = stepCircuit(opened, 'asked', then);
  expect(probed.kind).toBe('half_open');
  expect(mayAsk(probed, then)).toBe(false);
});

it('closes when the probe is answered', () => {
  const then = NOW + FIRST_PAUSE_MS;
  expect(after(['asked', 'answered'], opened, then)).toEqual(CLOSED);
});

it('stays open twice as long when the probe fails, up to a limit', () => {
  let circuit: Circuit = opened;
  let now = NOW;
  const pauses = Array.from({ length: 6 }, () => {
    if (circuit.kind !== 'open') throw new Error(circuit.kind);
    now = circuit.until;
    circuit = after(['asked', 'failed'], circuit, now);
    return circuit.kind === 'open' ? circuit.pauseMs : null;
  });
  expect(pauses).toEqual([20_000, 40_000, 80_000, 160_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
});

it('tries again where nobody ever heard of the probe', () => {
  const then = NOW + FIRST_PAUSE_MS;
  const probed = stepCircuit(opened, 'asked', then);
  expect(mayAsk(probed, then + PROBE_MS - 1)).toBe(false);
  expect(mayAsk(probed, then + PROBE_MS)).toBe(true);
});

it('is not closed by what was asked before it opened', () => {
  expect(after(['answered'], opened)).toEqual(opened);
});

it('never lets more than one look-up out between opening and an answer, whatever happens in between', () => {
  const event = fc.constantFrom<CircuitEvent>('answered', 'failed');
  const course = fc.array(fc.record({ event, waitMs: fc.nat(30_000), wants: fc.nat(5) }), { maxLength: 60 });
  fc.assert(
    fc.property(course, (steps) => {
      let [circuit, now]: [Circuit, number] = [CLOSED, NOW];
      let inARow = 0;
      for (const { event: happens, waitMs, wants } of steps) {
        now += waitMs;
        const before = circuit;
        let out = 0;
        for (let i = 0; i < wants; i++) {
          if (!mayAsk(circuit, now)) continue;
          circuit = stepCircuit(circuit, 'asked', now);
          out++;
        }
        if (before.kind !== 'closed') expect(out).toBeLessThanOrEqual(1);
        if (before.kind === 'open' && now < before.until) expect(out).toBe(0);
        if (before.kind === 'closed') expect(out).toBe(wants);
        const open = circuit.kind === 'open';
        circuit = stepCircuit(circuit, happens, now);
        inARow = happens === 'failed' ? inARow + 1 : 0;
        if (inARow >= FAILURES_TO_OPEN) expect(circuit.kind).toBe('open');
        if (happens === 'answered') expect(circuit.kind).toBe(open ? 'open' : 'closed');
        if (circuit.kind === 'open') expect(circuit.until - now).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
      }
    }),
    { numRuns: 500 },
  );
});
