/**
 * Stands in for Stripe Identity on loopback: its API of verification sessions, its hosted page, and its webhooks, signed by
 * Stripe's own library.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as browserRequest } from 'playwright-core';
import Stripe from 'stripe';
import { textOf } from './turnstile-stand-in.ts';

interface Session {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly returnUrl: string;
}

export class StripeStandIn {
  readonly sessions: Session[] = [];
  isAway = false;
  /** Where webhooks go. */
  webhookUrl = '';
  readonly #webhookSecret: string;
  #url = '';
  #events = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(webhookSecret: string) {
    this.#webhookSecret = webhookSecret;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.#url;
  }

  reset(): void {
    this.sessions.length = 0;
    this.isAway = false;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Tells Cordon how the newest session stands; its status. */
  async tell(state: string, change: object = {}): Promise<number> {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error('no session');
    const created = Math.floor(Date.now() / 1000);
    const object = { ...this.#objectOf(session), status: state, url: null, ...change };
    const event = { id: `evt_${++this.#events}`, object: 'event', created, livemode: false, data: { object } };
    const payload = JSON.stringify({ ...event, type: `identity.verification_session.${state}` });
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: this.#webhookSecret });
    const context = await browserRequest.newContext({ ignoreHTTPSErrors: true });
    const headers = { 'stripe-signature': header, 'content-type': 'application/json' };
    const answer = await context.fetch(this.webhookUrl, { method: 'POST', headers, data: payload });
    await context.dispose();
    return answer.status();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (this.isAway) return void response.writeHead(500).end('away');
    const session = this.sessions.find(({ id }) => pathname.endsWith(`/${id}`));
    if (pathname.startsWith('/start/') && session !== undefined) {
      const page = `<!doctype html><title>Stripe</title><h1>Show your ID</h1><a href="${session.returnUrl}">Submit</a>`;
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    }
    const asked = session ?? (request.method === 'POST' ? this.#make(await textOf(request)) : undefined);
    if (asked === undefined) return void response.writeHead(404).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#objectOf(asked)));
  }

  #make(text: string): Session {
    const form = new URLSearchParams(text);
    const metadata = {
      cordon_evaluation: form.get('metadata[cordon_evaluation]') ?? '',
      cordon_merchant: form.get('metadata[cordon_merchant]') ?? '',
    };
    const session = {
      id: `vs_${Date.now()}${this.sessions.length}`,
      metadata,
      returnUrl: form.get('return_url') ?? '',
    };
    this.sessions.push(session);
    return session;
  }

  #objectOf({ id, metadata }: Session): object {
    return {
      id,
      object: 'identity.verification_session',
      type: 'document',
      status: 'requires_input',
      livemode: false,
      last_error: null,
      metadata,
      options: { document: { require_matching_selfie: true, require_live_capture: true } },
      url: `${this.#url}/start/${id}`,
    };
  }
}
