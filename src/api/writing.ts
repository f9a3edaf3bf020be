/**
 * How a write of a configuration and the gate come to terms: a time before it, word of it after. A gate that does not
 * answer stops no write: it learns of it from KV, through the isolates.
 */
import type { Environment } from '../config/environment.ts';
import type { Authorship, KeptConfig, Turn, TurnRequest } from '../gate/config-messages.ts';
import { askGate, askGateOnce, type GateCalls, type GateLocation } from '../gate/gate-client.ts';

/** `unavailable`: whether another is in force cannot be found out. */
export type Begun = Turn | { readonly kind: 'unavailable' };

/** A merchant's gates: where it was, and where it is to be. */
export class Writing {
  readonly #environment: Environment;
  readonly #merchant: string;
  readonly #places: readonly GateLocation[];

  constructor(environment: Environment, merchant: string, places: readonly GateLocation[]) {
    this.#environment = environment;
    this.#merchant = merchant;
    this.#places = [...new Map(places.map((gate) => [gate.jurisdiction, gate])).values()];
  }

  /** The latest of the gates' times: clocks differ from place to place. The first gate is the one in force. */
  async begin({ now, onlyIf }: TurnRequest): Promise<Begun> {
    const [current, ...others] = this.#places;
    if (current === undefined) return { kind: 'taken', writtenAt: now };
    const turn = onlyIf === undefined ? await this.#turnAt(current, now) : await this.#onlyTurnAt(current, now, onlyIf);
    if (turn.kind !== 'taken') return turn;
    let { writtenAt } = turn;
    for (const place of others) ({ writtenAt } = await this.#turnAt(place, writtenAt));
    return { kind: 'taken', writtenAt };
  }

  /** What is in force instead, where a later write came before. */
  async end(config: KeptConfig, by: Authorship): Promise<KeptConfig | null> {
    const tell = (gate: GateCalls) => gate.offerConfig(config, 0, { ...by, isWrite: true });
    const answers = await Promise.all(this.#places.map((place) => this.#ask(place, tell)));
    const kept = answers.flatMap((answer) => (answer.kind === 'answered' && answer.value ? [answer.value] : []));
    const later = kept.filter(({ writtenAt }) => writtenAt > config.writtenAt);
    return later.toSorted((a, b) => b.writtenAt - a.writtenAt)[0] ?? null;
  }

  /** The text that a write has replaced, unless it is that of `known`; null where nobody knows of another. */
  async replacedOtherThan(known: string | null, writtenAt: number): Promise<string | null> {
    const place = this.#places.at(-1) ?? {};
    const before = await this.#ask(place, (gate) => gate.versionBefore(writtenAt));
    if (before.kind === 'unavailable' || before.value === null || before.value === known) return null;
    const { value } = before;
    const text = await this.#ask(place, (gate) => gate.configText(value));
    return text.kind === 'answered' ? text.value : null;
  }

  async giveUp(writtenAt: number): Promise<void> {
    await Promise.all(this.#places.map((place) => this.#ask(place, (gate) => gate.endTurn(writtenAt))));
  }

  async #turnAt(place: GateLocation, now: number): Promise<{ kind: 'taken'; writtenAt: number }> {
    const turn = await this.#ask(place, (gate) => gate.takeTurn({ now }));
    return turn.kind === 'answered' && turn.value.kind === 'taken' ? turn.value : { kind: 'taken', writtenAt: now };
  }

  // Asked twice, it would be overtaken by itself.
  async #onlyTurnAt(gate: GateLocation, now: number, onlyIf: TurnRequest['onlyIf']): Promise<Begun> {
    const address = { merchant: this.#merchant, gate };
    const turn = await askGateOnce(this.#environment.gates, address, (stub) => stub.takeTurn({ now, onlyIf }));
    return turn.kind === 'answered' ? turn.value : turn;
  }

  #ask<T>(gate: GateLocation, ask: (gate: GateCalls) => Promise<T>) {
    return askGate(this.#environment.gates, { merchant: this.#merchant, gate }, ask);
  }
}
