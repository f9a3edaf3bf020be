/**
 * Cancels an intent at Stripe. Where the card goes from the browser straight to the processor, Cordon sees no attempt:
 * an intent that failed often is a tester's, and the only thing to take away from him is the intent.
 */
import { log } from '../journal/log.ts';

interface At {
  readonly apiUrl: URL;
  readonly key: string;
  readonly merchant: string;
}

const INTENT = /^(?:(pi)|seti)_[A-Za-z0-9]{1,120}$/;
/** An intent that was paid or authorised meanwhile is a buyer's: events come late, twice and in any order. */
const MAY_END = /^requires_(?:payment_method|confirmation|action)$/;
const TIMEOUT_MS = 8_000;
const RETRY_DELAYS_MS = [1_000, 4_000];
/** As Stripe answers to the cancellation of what is over. */
const NOT_ENDED = 400;

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
async function askForCancellation(intent: string, at: At): Promise<number | null> {
  const kind = intent.startsWith('pi_') ? 'payment_intents' : 'setup_intents';
  const path = `/v1/${kind}/${intent}`;
  try {
    const now = await ask(path, at, {});
    if (now.status !== 200 || !MAY_END.test(await statusIn(now))) return now.status === 200 ? NOT_ENDED : now.status;
    // The same request again is the same cancellation.
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': `cordon-cancel-${intent}`,
    };
    const answer = await ask(`${path}/cancel`, at, { method: 'POST', headers, body: 'cancellation_reason=abandoned' });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}

function ask(path: string, { apiUrl, key }: At, init: RequestInit): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${key}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(`${apiUrl.origin}${path}`, { ...init, headers, redirect: 'manual', signal });
}

async function statusIn(answer: Response): Promise<string> {
  const { status } = (await answer.json()) as { readonly status?: unknown };
  return String(status);
}
