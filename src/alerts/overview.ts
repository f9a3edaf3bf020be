/**
 * What the alerts object tells of itself: who is told, what is and was wrong, and what became of each message.
 */
import type { AlertStore, MessageState } from './alert-store.ts';
import type { Tried } from './delivery.ts';
import { timeOf, toldBurst } from './message.ts';
import type { Watch } from './watch.ts';

const BURSTS = 100;
const MESSAGES = 100;

export interface ToldTry {
  readonly at: string;
  readonly result: Tried['kind'];
  readonly status: number | null;
  readonly duration_ms: number;
}

export interface ToldMessage {
  readonly id: string;
  readonly type: string;
  /** Null for a test. */
  readonly burst: string | null;
  readonly state: MessageState;
  readonly created_at: string;
  readonly next_try_at: string | null;
  readonly tries: readonly ToldTry[];
}

export interface AlertOverview {
  /** `gone`: it answered 410, and is told nothing until its URL changes or a test call reaches it. */
  readonly receiver: { readonly url: string; readonly state: 'listening' | 'gone' } | null;
  readonly bursts: readonly ReturnType<typeof toldBurst>[];
  readonly messages: readonly ToldMessage[];
}

export type SentNow =
  | { readonly kind: 'no_receiver' | 'no_message' | 'too_many' }
  | { readonly kind: 'sent'; readonly message: string; readonly told: Omit<ToldTry, 'at'> };

export function overviewOf(store: AlertStore, watch: Watch | null, isGone: (url: string) => boolean): AlertOverview {
  const url = watch?.receiver.url;
  const tries = Map.groupBy(store.tries(), ({ message }) => message);
  const messages = store.messages().slice(0, MESSAGES);
  return {
    receiver: url === undefined ? null : { url, state: isGone(url) ? 'gone' : 'listening' },
    bursts: store.bursts().slice(0, BURSTS).map(toldBurst),
    messages: messages.map(({ id, type, burst, state, createdAt, nextAt }) => ({
      id,
      type,
      burst: burst === '' ? null : burst,
      state,
      created_at: timeOf(createdAt),
      next_try_at: nextAt === null ? null : timeOf(nextAt),
      tries: (tries.get(id) ?? []).map(({ at, kind, status, ms }) => ({
        at: timeOf(at),
        result: kind,
        status,
        duration_ms: ms,
      })),
    })),
  };
}

export function sentNow(message: string, tried: Tried): SentNow {
  const status = 'status' in tried ? tried.status : null;
  return { kind: 'sent', message, told: { result: tried.kind, status, duration_ms: tried.ms } };
}
