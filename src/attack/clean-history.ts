/**
 * What somebody has behind him: payments that were settled long enough ago and never taken back. Pure. It is earned by
 * a verified customer, and by a card towards rules about its bank; never by what a stranger can type. Times in ms since the epoch.
 */
export interface History {
  /** When the first of them was paid. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly payments: number;
  /** A dispute, a fraud warning, a refund or a late decline: whatever was good before. */
  readonly isSpoiled: boolean;
}

export interface CleanHistoryRule {
  readonly minPayments: number;
  readonly minAgeMs: number;
}

export function isClean(history: History | null, { minPayments, minAgeMs }: CleanHistoryRule, now: number): boolean {
  if (history === null || history.isSpoiled) return false;
  return history.payments >= minPayments && history.firstAt <= now - minAgeMs;
}

/** What one has behind him who was known by several names. */
export function joined(one: History | null, other: History | null): History | null {
  if (one === null || other === null) return one ?? other;
  return {
    firstAt: Math.min(one.firstAt, other.firstAt),
    lastAt: Math.max(one.lastAt, other.lastAt),
    payments: one.payments + other.payments,
    isSpoiled: one.isSpoiled || other.isSpoiled,
  };
}

export function withPayment(before: History | null, at: number): History {
  if (before === null) return { firstAt: at, lastAt: at, payments: 1, isSpoiled: false };
  const { firstAt, lastAt, payments } = before;
  return { ...before, firstAt: Math.min(firstAt, at), lastAt: Math.max(lastAt, at), payments: payments + 1 };
}
