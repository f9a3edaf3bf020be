/**
 * Cordon as a caller has it: an address, a key, JSON. Nothing here knows how it is made.
 */
import { ADMIN_KEY, type KillableServer, LOCAL } from '../support/killable-server.ts';

export interface Told {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered; each test says what it must be.
  readonly body: any;
}

export class Caller {
  readonly #server: KillableServer;

  constructor(server: KillableServer) {
    this.#server = server;
  }

  /** `body`: JSON, or text as it is. */
  async call(method: string, path: string, body?: unknown): Promise<Told> {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const headers = { ...LOCAL, authorization: `Bearer ${ADMIN_KEY}`, 'content-type': type };
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.#server.client.send({ method, path: `/.cordon/v1${path}`, headers, body: text });
    return { status: answer.status, body: answer.body === '' ? null : JSON.parse(answer.body) };
  }

  /** A merchant that uses the API alone. */
  async merchant(id: string, config: object): Promise<string> {
    const { status, body } = await this.call('PUT', `/merchants/${id}`, { id, ...config });
    if (status >= 300) throw new Error(JSON.stringify(body));
    return id;
  }

  async evaluate(merchant: string, attempt: object): Promise<Told['body']> {
    return (await this.call('POST', '/evaluations', { merchant, attempt })).body;
  }

  /** Asks, and tells that it failed. */
  async fail(merchant: string, attempt: object): Promise<Told['body']> {
    const evaluation = await this.evaluate(merchant, attempt);
    await this.call('POST', `/evaluations/${evaluation.id}/outcome`, {
      status: 'failed',
      decline_reason: 'incorrect_cvc',
    });
    return evaluation;
  }
}
