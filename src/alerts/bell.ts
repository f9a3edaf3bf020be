/**
 * An isolate's way to the alerts objects: off every caller's path, seldom, and with an end to what it remembers. A tell
 * that is lost is lost: whoever noticed once notices again, and the objects look for themselves.
 */
import { waitUntil } from 'cloudflare:workers';
import { log, nameOf } from '../journal/log.ts';
import type { Processor } from '../outcome/processor-event.ts';
import type { AlertCalls } from './alert-calls.ts';
import type { ConfigFault, Noticed } from './alert-kinds.ts';
import type { Watch } from './watch.ts';

/** Between two tells of the same. */
const APART_MS = 10_000;
/** A processor may say hundreds of things a second. */
const HEARD_APART_MS = 60_000;
const REMEMBERED = 1_000;
/** A message of the queue holds what one isolate wrote within moments. */
const MERCHANTS_AT_ONCE = 20;

export interface HeardOf {
  readonly merchant: string;
  readonly processor: Processor;
  readonly events: number;
}

interface Untold {
  events: number;
  toldAt: number;
}

/** Null where the deployment has no such objects. */
export function bellOf(objects: DurableObjectNamespace | undefined): AlertBell | null {
  return objects === undefined ? null : new AlertBell(objects);
}

export class AlertBell {
  readonly #objects: DurableObjectNamespace;
  readonly #toldAt = new Map<string, number>();
  readonly #heard = new Map<string, Untold>();

  constructor(objects: DurableObjectNamespace) {
    this.#objects = objects;
  }

  /** The object of a merchant. A stub that failed once fails for ever: a new one for each call. */
  of(merchant: string): AlertCalls {
    return this.#objects.getByName(merchant) as unknown as AlertCalls;
  }

  /** What there is to look after, once for each text of a configuration. */
  watch(watch: Watch): void {
    const { merchant, version } = watch;
    if (this.#isNews(`${merchant}|watch|${version.hash}|${version.writtenAt}`, Infinity)) {
      this.#tell(merchant, (alerts) => alerts.watch(watch));
    }
  }

  /** As `watch`, and waits for it; null: nothing. An object that does not answer finds it in KV within minutes. */
  async watchNow(merchant: string, watch: Watch | null): Promise<void> {
    try {
      await (watch === null ? this.of(merchant).unwatch() : this.of(merchant).watch(watch));
    } catch (error) {
      log({ event: 'alert_not_told', merchant, error: nameOf(error) });
    }
  }

  notice(merchant: string, noticed: Noticed): void {
    if (this.#isNews(`${merchant}|${noticed.kind}`, APART_MS)) {
      this.#tell(merchant, (alerts) => alerts.notice(noticed));
    }
  }

  gateUnavailable(merchant: string): void {
    this.notice(merchant, { kind: 'gate_unavailable' });
  }

  configurationFaulty(merchant: string, version: string, faults: readonly ConfigFault[]): void {
    this.notice(merchant, { kind: 'configuration_faulty', version, faults: faults.slice(0, 5) });
  }

  /** Entries of the record were put aside, some because they are none; those of the whole deployment have no merchant. */
  journalFailing(entries: readonly unknown[]): void {
    const byMerchant = Map.groupBy(entries, merchantIn);
    byMerchant.delete(null);
    for (const [merchant, own] of [...byMerchant].slice(0, MERCHANTS_AT_ONCE)) {
      if (merchant !== null) this.notice(merchant, { kind: 'journal_failing', entries: own.length });
    }
  }

  /** A processor has spoken. */
  heard({ merchant, processor, events }: HeardOf): void {
    const key = `${merchant}|${processor}`;
    const now = Date.now();
    const untold = this.#heard.get(key) ?? { events: 0, toldAt: 0 };
    untold.events += events;
    if (this.#heard.size >= REMEMBERED && !this.#heard.has(key)) this.#heard.clear();
    this.#heard.set(key, untold);
    if (Math.abs(now - untold.toldAt) < HEARD_APART_MS) return;
    const count = untold.events;
    untold.events = 0;
    untold.toldAt = now;
    this.#tell(merchant, (alerts) => alerts.hear(processor, count));
  }

  #isNews(key: string, apartMs: number): boolean {
    const now = Date.now();
    const toldAt = this.#toldAt.get(key);
    if (toldAt !== undefined && Math.abs(now - toldAt) < apartMs) return false;
    if (this.#toldAt.size >= REMEMBERED && toldAt === undefined) this.#toldAt.clear();
    this.#toldAt.set(key, now);
    return true;
  }

  #tell(merchant: string, tell: (alerts: AlertCalls) => Promise<void>): void {
    waitUntil(
      Promise.try(() => tell(this.of(merchant))).catch((error: unknown) => {
        log({ event: 'alert_not_told', merchant, error: nameOf(error) });
      }),
    );
  }
}

function merchantIn(entry: unknown): string | null {
  const merchant = (entry as { readonly merchant?: unknown } | null)?.merchant;
  return typeof merchant === 'string' && /^[a-z0-9_-]{1,64}$/.test(merchant) ? merchant : null;
}
