/**
 * The page instead of a payment that is challenged: it carries the payment, sealed, and sends it again.
 */
import type { HeldStream } from '../attempt/held-stream.ts';
import type { StepUpPolicy } from '../config/step-up-schema.ts';
import type { MethodName } from '../step-up/method-name.ts';
import { placeOf, sealBody } from '../step-up/sealed-body.ts';
import { textsFor } from './language.ts';
import { renderChallenge, renderRefusal } from './page.tsx';
import { wantsPage } from './page-wish.ts';

export interface ChallengedPayment {
  readonly request: Request;
  readonly merchant: string;
  readonly stepUp: StepUpPolicy;
  readonly held: HeldStream;
  readonly url: Pick<URL, 'host' | 'hostname' | 'pathname' | 'search'>;
  readonly evaluation: string;
  readonly challenge: { readonly url: string; readonly methods: readonly string[]; readonly expires_at: string };
  /** Its pass has let a payment in before. */
  readonly isRepeated: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** Null where it came from a script, which is told in JSON. Browsers send nothing else than a form by themselves. */
export async function showChallengedPayment(payment: ChallengedPayment): Promise<Response | null> {
  const { request, merchant, stepUp, held, url, evaluation, challenge, isRepeated, now } = payment;
  const contentType = request.headers.get('content-type') ?? '';
  if (!FORM.test(contentType) || !wantsPage(request.headers)) return null;
  const expiresAt = Date.parse(challenge.expires_at);
  const place = placeOf(url);
  const { method } = request;
  const body = { merchant, evaluation, method, place, contentType, expiresAt, body: held.bytes };
  const shown = {
    host: url.host,
    evaluation,
    challenge: new URL(challenge.url).pathname,
    methods: challenge.methods as readonly MethodName[],
    settings: stepUp,
    leftMs: expiresAt - now,
    isRepeated,
    // In full: a path that begins with two slashes would name another host.
    resending: {
      action: `https://${url.host}${url.pathname}${url.search}`,
      sealed: await sealBody(body, stepUp.sealKey),
    },
    texts: textsFor(request),
  };
  return renderChallenge(shown, 403);
}

interface UnopenedPayment {
  readonly request: Request;
  readonly host: string;
  readonly evaluation: string;
  readonly fault: 'expired' | 'altered' | 'elsewhere';
}

/** For what the page sent and cannot be opened: says so, and leads back. */
export function showUnopenedPayment({ request, host, evaluation, fault }: UnopenedPayment): Response | null {
  if (!wantsPage(request.headers)) return null;
  const texts = textsFor(request);
  const { title, expired, altered } = texts.unopened;
  return renderRefusal({ host, evaluation, texts, title, words: fault === 'expired' ? expired : altered }, 400);
}
