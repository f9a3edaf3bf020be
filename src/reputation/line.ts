/**
 * One merchant's line to one provider, as this isolate knows it: whether it may be asked now, and what its answers change
 * about that. A line of one's own each, so that nobody's wrong key or used-up account silences another's.
 */
import { type Circuit, type CircuitEvent, CLOSED, mayAsk, stepCircuit } from '../network/circuit.ts';
import type { SilenceReason } from '../network/risk.ts';
import type { ProviderAnswer } from './provider-call.ts';

/** After a 429 that does not say how long. */
const SPENT_FOR_MS = 60_000;
const REFUSED_FOR_MS = 60_000;

export type LineEvent = 'provider_refuses_key' | 'provider_circuit_open';

interface Pause {
  readonly reason: SilenceReason;
  readonly until: number;
}

export class Line {
  #circuit: Circuit = CLOSED;
  #pause: Pause | null = null;
  #isAlerted = false;
  readonly #alert: (event: LineEvent) => void;

  /** `alert`: says what an operator must put right. */
  constructor(alert: (event: LineEvent) => void) {
    this.#alert = alert;
  }

  /** Why the provider is not to be asked now; null where it may be. */
  obstacle(now: number): SilenceReason | null {
    if (this.#pause !== null && now < this.#pause.until) return this.#pause.reason;
    return mayAsk(this.#circuit, now) ? null : 'circuit_open';
  }

  /** A look-up goes out. */
  asked(now: number): void {
    this.#step('asked', now);
  }

  /** A look-up is late: whatever it still brings, it was no use. */
  late(now: number): void {
    this.#step('failed', now);
  }

  /** A look-up has ended; `isLate`: it was said to be before. */
  heard(answer: ProviderAnswer, isLate: boolean, now: number): void {
    switch (answer.kind) {
      case 'nonsense':
      case 'unreachable':
        if (!isLate) this.#step('failed', now);
        return;
      case 'refused':
        this.#refused(now);
        break;
      case 'over_budget':
        this.#pause = { reason: 'over_budget', until: now + (answer.retryAfterMs ?? SPENT_FOR_MS) };
        break;
      case 'score':
        this.#isAlerted = false;
    }
    // It spoke, and meant it.
    if (!isLate) this.#step('answered', now);
  }

  #refused(now: number): void {
    this.#pause = { reason: 'refused', until: now + REFUSED_FOR_MS };
    if (this.#isAlerted) return;
    this.#isAlerted = true;
    this.#alert('provider_refuses_key');
  }

  #step(event: CircuitEvent, now: number): void {
    const before = this.#circuit;
    this.#circuit = stepCircuit(before, event, now);
    if (before.kind !== 'open' && this.#circuit.kind === 'open') this.#alert('provider_circuit_open');
  }
}
