/**
 * The gate as the isolates' common memory of a merchant's servers. Nothing of it is asked on a payment's path.
 */
import type { Drain } from './drain.ts';
import type { OriginHeard, OriginNews, OriginWord } from './origin-messages.ts';
import { PaymentGate } from './payment-gate.ts';

export abstract class OriginGate extends PaymentGate {
  /** Takes in what an isolate has seen of the servers, and tells what all have. */
  hearOrigin(news: OriginNews): OriginHeard {
    const now = Date.now();
    return this.ctx.storage.transactionSync(() => this.origins.hear(news, now));
  }

  originWord(): OriginWord {
    return this.origins.word(Date.now());
  }

  /** In force at the next payment; null where there are too many. */
  turnDrain(drain: Drain): Drain | null {
    return this.ctx.storage.transactionSync(() => this.origins.turn(drain, Date.now()));
  }
}
