/**
 * Cancels an intent at Stripe. Where the card goes from the browser straight to the processor, Cordon sees no attempt:
 * an intent that failed often is a tester's, and the only thing to take away from him is the intent.
 */
interface At {
  readonly apiUrl: URL;
  readonly key: string;
  readonly merchant: string;
}

const INTENT = /^(?:(pi)|seti)_[A-Za-z0-9]{1,120}$/;
const TIMEOUT_MS = 8_000;
const RETRY_DELAYS_MS = [1_000, 4_000];

/** Asks until Stripe says yes or no; nothing that fails here fails a payment. */
export async function cancelIntent(paymentIds: readonly string[], at: At): Promise<void> {
  const intent = paymentIds.find((id) => INTENT.test(id));
  if (intent === undefined) return;
  for (const delayMs of [0, ...RETRY_DELAYS_MS]) {
    if (delayMs > 0) await scheduler.wait(delayMs);
    const status = await askForCancellation(intent, at);
    const isOver = status !== null && status < 500 && status !== 429;
    if (!isOver) continue;
    log({ event: 'intent_cancelled', merchant: at.merchant, intent, accepted: status < 300, status });
    return;
  }
  log({ event: 'intent_not_cancelled', merchant: at.merchant, intent });
}

/** The status of the answer; null where none came. Source: docs.stripe.com/api/payment_intents/cancel. */
async function askForCancellation(intent: string, { apiUrl, key }: At): Promise<number | null> {
  const kind = intent.startsWith('pi_') ? 'payment_intents' : 'setup_intents';
  try {
    const answer = await fetch(`${apiUrl.origin}/v1/${kind}/${intent}/cancel`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/x-www-form-urlencoded',
        // The same request again is the same cancellation.
        'idempotency-key': `cordon-cancel-${intent}`,
      },
      body: 'cancellation_reason=abandoned',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}

function log(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line));
}
