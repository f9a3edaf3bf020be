/**
 * Stands in for Cloudflare's Turnstile on loopback: a widget that renders a button, and a `siteverify` that knows each
 * token once. It can be away, slow, or lie.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Widget {
  readonly sitekey: string;
  readonly action: string;
  readonly cData: string;
}

// What api.js does with explicit rendering, as far as a page can tell: a token that only its own server can read.
const SCRIPT = `window.turnstile = {
  render(box, widget) {
    const button = document.createElement('button');
    button.textContent = 'I am human';
    button.type = 'button';
    button.onclick = () => {
      const { sitekey, action, cData } = widget;
      const token = btoa(JSON.stringify({ sitekey, action, cData, host: location.hostname, at: Date.now() }));
      widget.callback(token);
    };
    box.append(button);
    widget['before-interactive-callback']();
    return 'cf-1';
  },
  remove() {},
};`;

export class TurnstileStandIn {
  readonly asked: Readonly<Record<string, string>>[] = [];
  /** What siteverify says beside the truth. */
  lie: Readonly<Record<string, unknown>> = {};
  isAway = false;
  readonly #secret: string;
  readonly #spent = new Map<string, string>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(secret: string) {
    this.#secret = secret;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  reset(): void {
    this.asked.length = 0;
    this.lie = {};
    this.isAway = false;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (this.isAway) return void response.writeHead(503).end('away');
    if (pathname === '/turnstile/v0/api.js') {
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(SCRIPT);
    }
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    this.asked.push(form);
    const said = JSON.stringify({ ...this.#verdictOn(form), ...this.lie });
    response.writeHead(200, { 'content-type': 'application/json' }).end(said);
  }

  #verdictOn({ secret, response = '', idempotency_key: key = '' }: Readonly<Record<string, string>>): object {
    if (secret !== this.#secret) return { success: false, 'error-codes': ['invalid-input-secret'] };
    const by = this.#spent.get(response) ?? key;
    if (by !== key) return { success: false, 'error-codes': ['timeout-or-duplicate'] };
    this.#spent.set(response, key);
    try {
      const { action, cData, host, at } = JSON.parse(atob(response)) as Widget & { host: string; at: number };
      const challenge_ts = new Date(at).toISOString();
      return { success: true, 'error-codes': [], challenge_ts, hostname: host, action, cdata: cData };
    } catch {
      return { success: false, 'error-codes': ['invalid-input-response'] };
    }
  }
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
