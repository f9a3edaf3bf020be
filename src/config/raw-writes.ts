/**
 * What isolates find in KV that nobody wrote through the API, or that is faulty: put on record once, by the first isolate
 * that finds it. Off every request's path.
 */
import { askGate, type GateAddress, type Gates } from '../gate/gate-client.ts';
import type { Fault } from './faults.ts';

/** A raw write that came into force, after `before`; or a configuration that did not, for it has faults. */
export type Finding = { readonly merchant: string; readonly version: string; readonly who: string } & (
  | { readonly kind: 'raw_write'; readonly before: string | null }
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }
);

export type TellFinding = (finding: Finding) => Promise<void>;

const WAITING_LIMIT = 100;
/** As long as what is faulty stays so, it is said again. */
const SAID_AGAIN_MS = 3_600_000;
const SAID_LIMIT = 1_000;
const FAULTS_TOLD = 20;

export class RawWrites {
  readonly #gates: Gates;
  readonly #tell: TellFinding;
  #waiting: (() => Promise<Finding | null>)[] = [];
  /** When this isolate asked about a faulty version. */
  readonly #asked = new Map<string, number>();

  constructor(gates: Gates, tell: TellFinding) {
    this.#gates = gates;
    this.#tell = tell;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The gate at `address` has taken a raw write. */
  taken(address: GateAddress, version: string): void {
    const { merchant } = address;
    this.#add(async () => {
      const claimed = await askGate(this.#gates, address, (gate) => gate.claimRawWrite(version));
      if (claimed.kind === 'unavailable' || claimed.value === null) return null;
      return { kind: 'raw_write', merchant, version, who: 'kv', before: claimed.value.before };
    });
  }

  /** A faulty configuration does not say where its gate lives, so one place answers for all. */
  faulty(found: { merchant: string; version: string; who: string }, faults: readonly Fault[], now: number): void {
    const { merchant, version } = found;
    const name = `${merchant} ${version}`;
    if (now - (this.#asked.get(name) ?? Number.NEGATIVE_INFINITY) < SAID_AGAIN_MS) return;
    if (this.#asked.size >= SAID_LIMIT) this.#asked.clear();
    this.#asked.set(name, now);
    this.#add(async () => {
      const first = await askGate(this.#gates, { merchant, gate: {} }, (gate) => gate.claimFaulty(version));
      // Said twice is better than not at all.
      if (first.kind === 'answered' && !first.value) return null;
      return { kind: 'faulty', ...found, faults: faults.slice(0, FAULTS_TOLD) };
    });
  }

  /** Asks who is to tell what was found, and tells it. */
  async tellAll(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const find of waiting) {
      const finding = await find();
      if (finding !== null) await this.#tell(finding);
    }
  }

  #add(find: () => Promise<Finding | null>): void {
    if (this.#waiting.length < WAITING_LIMIT) this.#waiting.push(find);
  }
}
