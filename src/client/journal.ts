/**
 * Looking after the record: what it could not take in, whether it agrees with the gates, and one person's data out of it.
 */
import { type Line, pathOf } from './line.ts';

export interface DeadLetter {
  readonly id: string;
  readonly kept_at: string;
  readonly expires_at: string;
  readonly why: string;
  readonly entries: number;
}

export interface DeadLetterPage {
  readonly dead_letters: readonly DeadLetter[];
  readonly next_cursor: string | null;
}

export interface Replayed {
  readonly replayed: number;
  readonly left: readonly { readonly id: string; readonly why: string }[];
  readonly next_cursor: string | null;
}

export interface Reconciled {
  readonly checked: number;
  readonly decisions_added: number;
  readonly outcomes_added: number;
  readonly outcomes_removed: number;
  readonly next_cursor: string | null;
}

/** Each of them finds the same person's decisions. */
export interface Person {
  readonly customer_id?: string | undefined;
  readonly card?: { readonly number?: string; readonly fingerprint?: string; readonly token?: string } | undefined;
  readonly ip?: string | undefined;
  readonly session_id?: string | undefined;
  readonly email?: string | undefined;
}

export interface Erased {
  readonly decisions: number;
  readonly changes: number;
  /** Items of the deny and allow lists that named this person alone. */
  readonly list_items: number;
  /** Passkeys of the customer that were removed. */
  readonly passkeys: number;
  /** False: ask again. */
  readonly is_complete: boolean;
  /** What the gate still holds, and for how long at most. */
  readonly remains: readonly { readonly what: string; readonly for_seconds: number }[];
}

/** Each call does a bounded part of a long work. */
const TIMEOUT_MS = 30_000;

export class Journal {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  async deadLetters({ cursor }: { readonly cursor?: string | null | undefined } = {}): Promise<DeadLetterPage> {
    const query = cursor == null ? '' : `?${new URLSearchParams({ cursor })}`;
    const path = `${pathOf('journal', 'dead-letters')}${query}`;
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  /** A page of them, or those that are named; again is the same as once. */
  async replay({ ids, cursor }: { readonly ids?: readonly string[]; readonly cursor?: string | null } = {}) {
    const body = { ids, cursor: cursor ?? undefined };
    return this.#line.send<Replayed>({ ...this.#post(pathOf('journal', 'replay')), body });
  }

  async reconcile(merchant: string, { cursor }: { readonly cursor?: string | null } = {}): Promise<Reconciled> {
    const body = { merchant, cursor: cursor ?? undefined };
    return this.#line.send({ ...this.#post(pathOf('journal', 'reconcile')), body });
  }

  async erase(merchant: string, person: Person): Promise<Erased> {
    return this.#line.send({ ...this.#post(pathOf('merchants', merchant, 'erasures')), body: person });
  }

  #post(path: string) {
    return { method: 'POST', path, timeoutMs: TIMEOUT_MS, isRepeatable: true } as const;
  }
}
