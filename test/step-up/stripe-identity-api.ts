/**
 * Stands in for Stripe's API of verification sessions, in its documented format: honest unless told otherwise. The same
 * idempotency key makes the same session.
 */
import type { Services } from '../../src/step-up/method.ts';

export interface AskedOfStripe {
  readonly url: string;
  readonly method: string;
  readonly redirect: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

type Session = Record<string, unknown> & { readonly id: string };
type Reply = (asked: AskedOfStripe, honest: () => Response) => Response | Promise<Response>;

/** As https://docs.stripe.com/api/identity/verification_sessions/object shows it. */
export function sessionOf(id: string, change: Readonly<Record<string, unknown>> = {}): Session {
  return {
    id,
    object: 'identity.verification_session',
    client_reference_id: null,
    client_secret: `${id}_secret_test_YWNjdF8x`,
    created: 1_735_000_000,
    last_error: null,
    last_verification_report: null,
    livemode: false,
    metadata: {},
    options: { document: { require_live_capture: true, require_matching_selfie: true } },
    redaction: null,
    related_customer: null,
    related_customer_account: null,
    status: 'requires_input',
    type: 'document',
    url: `https://verify.stripe.com/start/test_${id}`,
    ...change,
  };
}

export class StripeIdentityApi {
  readonly asked: AskedOfStripe[] = [];
  /** What is untrue of the sessions that it tells of. */
  lie: Readonly<Record<string, unknown>> = {};
  reply: Reply = (_, honest) => honest();
  readonly #made = new Map<string, Session>();
  #pages = 0;

  get sessions(): readonly Session[] {
    return [...this.#made.values()];
  }

  readonly fetch: Services['fetch'] = (request) => this.answer(request);

  async answer(request: Request): Promise<Response> {
    const { url, method, redirect } = request;
    const headers = Object.fromEntries(request.headers);
    const form = Object.fromEntries(new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())));
    const asked = { url, method, redirect, headers, form };
    this.asked.push(asked);
    return this.reply(asked, () => this.#honest(asked));
  }

  #honest({ url, method, headers, form }: AskedOfStripe): Response {
    const session = method === 'POST' ? this.#make(headers['idempotency-key'] ?? '', form) : this.#find(url);
    if (session === undefined) return Response.json({ error: { type: 'invalid_request_error' } }, { status: 404 });
    // A page is shown once: each answer names another.
    return Response.json({ ...session, url: `${session.url}_${++this.#pages}`, ...this.lie });
  }

  #make(key: string, form: AskedOfStripe['form']): Session {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const metadata = Object.fromEntries(
      Object.entries(form).flatMap(([name, value]) => {
        const field = /^metadata\[(\w+)\]$/.exec(name)?.[1];
        return field === undefined ? [] : [[field, value]];
      }),
    );
    const session = sessionOf(`vs_${this.#made.size + 1}`, { metadata });
    this.#made.set(key, session);
    return session;
  }

  #find(url: string): Session | undefined {
    return this.sessions.find(({ id }) => url.endsWith(`/${id}`));
  }
}
