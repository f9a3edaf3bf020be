/**
 * The bursts of a merchant: at most one open of each kind. Makes a message when one begins, when it is over, and now
 * and then while it lasts; noticing it again costs memory alone.
 */
import type { AlertKind, Finding } from './alert-kinds.ts';
import { kindOf } from './alert-kinds.ts';
import type { AlertStore } from './alert-store.ts';
import { type Burst, beginBurst, goOn, isReminderDue, isSilent, type Turn } from './burst.ts';
import { messageOf, newId } from './message.ts';
import type { Postman } from './postman.ts';
import type { Watch } from './watch.ts';

/** How far what is written may be behind what is known: a torn-down object forgets this much of a count. */
const WRITTEN_EVERY_MS = 10_000;

export class BurstBook {
  readonly #store: AlertStore;
  readonly #postman: Postman;
  readonly #open: Map<AlertKind, Burst>;
  readonly #writtenAt = new Map<AlertKind, number>();
  /** Those of which more is known than is written. */
  readonly #unwritten = new Set<AlertKind>();

  constructor(store: AlertStore, postman: Postman) {
    this.#store = store;
    this.#postman = postman;
    this.#open = new Map(store.openBursts().map((burst) => [burst.kind, burst]));
  }

  isOpen(kind: AlertKind): boolean {
    return this.#open.has(kind);
  }

  /** When the burst that is open began; null: none is. */
  beganAt(kind: AlertKind): number | null {
    return this.#open.get(kind)?.beganAt ?? null;
  }

  find(found: Finding, watch: Watch, now: number): void {
    const kind = kindOf(found);
    const open = this.#open.get(kind);
    if (open === undefined) {
      this.#tell(beginBurst(found, newId('al'), now), 'began', { watch, now });
      return;
    }
    const burst = goOn(open, found, now);
    this.#open.set(kind, burst);
    this.#unwritten.add(kind);
    if (now - (this.#writtenAt.get(kind) ?? 0) >= WRITTEN_EVERY_MS) this.#write(burst, now);
  }

  end(kind: AlertKind, watch: Watch, now: number): void {
    const open = this.#open.get(kind);
    if (open !== undefined) this.#tell({ ...open, endedAt: now }, 'ended', { watch, now });
  }

  /** Ends what nobody has noticed for long, and reminds of what lasts. */
  review(watch: Watch, now: number): void {
    for (const burst of [...this.#open.values()]) {
      if (isSilent(burst, now)) this.end(burst.kind, watch, now);
      else if (isReminderDue(burst, now)) this.#tell({ ...burst, toldAt: now }, 'lasting', { watch, now });
      else if (this.#unwritten.has(burst.kind)) this.#write(burst, now);
    }
  }

  /** Nobody is to be told: what is open is over without a word. */
  closeAll(now: number): void {
    for (const burst of this.#open.values()) this.#store.putBurst({ ...burst, endedAt: now });
    this.#open.clear();
  }

  #tell(burst: Burst, turn: Turn, { watch, now }: { readonly watch: Watch; readonly now: number }): void {
    if (burst.endedAt === null) this.#open.set(burst.kind, burst);
    else this.#open.delete(burst.kind);
    this.#write(burst, now);
    if (!watch.receiver.kinds.includes(burst.kind)) return;
    this.#postman.post(messageOf(burst, turn, { merchant: watch.merchant, now }), watch, now);
  }

  #write(burst: Burst, now: number): void {
    this.#writtenAt.set(burst.kind, now);
    this.#unwritten.delete(burst.kind);
    this.#store.putBurst(burst);
  }
}
