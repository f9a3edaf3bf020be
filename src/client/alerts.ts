/**
 * What is wrong at a merchant's, and who was told of it.
 */
import { type Line, pathOf } from './line.ts';

export interface AlertTry {
  readonly at: string;
  /** `delivered`, or why not. The list grows with releases. */
  readonly result: string;
  readonly status: number | null;
  readonly duration_ms: number;
}

export interface AlertMessage {
  readonly id: string;
  readonly type: string;
  /** Null for a test. */
  readonly burst: string | null;
  readonly state: 'waiting' | 'delivered' | 'given_up' | 'stopped';
  readonly created_at: string;
  readonly next_try_at: string | null;
  readonly tries: readonly AlertTry[];
}

export interface AlertBurst {
  readonly id: string;
  readonly kind: string;
  readonly began_at: string;
  readonly last_at: string;
  /** Null while it lasts. */
  readonly ended_at: string | null;
  readonly count: number;
  readonly summary: string;
  readonly action: string;
  readonly docs: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AlertOverview {
  readonly receiver: { readonly url: string; readonly state: 'listening' | 'gone' } | null;
  readonly bursts: readonly AlertBurst[];
  readonly messages: readonly AlertMessage[];
}

export interface SentAlert extends Omit<AlertTry, 'at'> {
  readonly message: string;
}

/** A receiver is given 15 seconds. */
const SENT_TIMEOUT_MS = 20_000;

export class Alerts {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** Open and past, newest first, with what became of each message. */
  async list(merchant: string): Promise<AlertOverview> {
    return this.#line.send({ method: 'GET', path: pathOf('merchants', merchant, 'alerts'), isRepeatable: true });
  }

  /** Sends a test message now, and says what came back. */
  async test(merchant: string): Promise<SentAlert> {
    return this.#post(pathOf('merchants', merchant, 'alerts', 'test'));
  }

  /** Sends a message once more, now. */
  async resend(merchant: string, message: string): Promise<SentAlert> {
    return this.#post(pathOf('merchants', merchant, 'alerts', message, 'resend'));
  }

  #post(path: string): Promise<SentAlert> {
    return this.#line.send({ method: 'POST', path, timeoutMs: SENT_TIMEOUT_MS, isRepeatable: false });
  }
}
