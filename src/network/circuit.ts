/**
 * Whether a provider is worth asking: after some failures in a row it is left alone for a while, then tried with a single
 * look-up. Pure: `(circuit, event, now) → circuit`, times in ms since the epoch.
 */
export type Circuit =
  | { readonly kind: 'closed'; readonly failures: number }
  /** Left alone until then. */
  | { readonly kind: 'open'; readonly until: number; readonly pauseMs: number }
  /** One look-up is under way to see. If nobody has heard of it by then, another may be. */
  | { readonly kind: 'half_open'; readonly until: number; readonly pauseMs: number };

/** `failed`: too late, unreachable or nonsense. One event of the two for each look-up that was `asked`. */
export type CircuitEvent = 'asked' | 'answered' | 'failed';

export const CLOSED: Circuit = { kind: 'closed', failures: 0 };
export const FAILURES_TO_OPEN = 5;
export const FIRST_PAUSE_MS = 10_000;
/** Each probe that fails doubles the pause, up to this. */
export const LONGEST_PAUSE_MS = 160_000;
/** Longer than any look-up takes. */
export const PROBE_MS = 10_000;

/** Whether a look-up may be made now; making one is an event. */
export function mayAsk(circuit: Circuit, now: number): boolean {
  return circuit.kind === 'closed' || circuit.until <= now;
}

export function stepCircuit(circuit: Circuit, event: CircuitEvent, now: number): Circuit {
  switch (event) {
    case 'asked':
      if (circuit.kind === 'closed' || circuit.until > now) return circuit;
      return { kind: 'half_open', until: now + PROBE_MS, pauseMs: circuit.pauseMs };
    case 'answered':
      // What was asked before it opened says nothing about now.
      return circuit.kind === 'open' ? circuit : CLOSED;
    case 'failed':
      return afterFailure(circuit, now);
  }
}

function afterFailure(circuit: Circuit, now: number): Circuit {
  switch (circuit.kind) {
    case 'closed': {
      const failures = circuit.failures + 1;
      return failures < FAILURES_TO_OPEN ? { kind: 'closed', failures } : openFor(FIRST_PAUSE_MS, now);
    }
    case 'open':
      return circuit;
    case 'half_open':
      return openFor(Math.min(circuit.pauseMs * 2, LONGEST_PAUSE_MS), now);
  }
}

function openFor(pauseMs: number, now: number): Circuit {
  return { kind: 'open', until: now + pauseMs, pauseMs };
}
