/**
 * Stands in for the merchant's server: outbound fetch is the one thing that tests replace.
 * Records every request that reached it and answers as told.
 */
import { vi } from 'vitest';

export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (arrived: Arrived) => Response | Promise<Response>;

export const answers = {
  succeed: () => Response.json({ id: 'pay_1', status: 'succeeded' }),
  decline: () =>
    Response.json({ id: 'pay_1', status: 'failed', error: { decline_code: 'do_not_honor' } }, { status: 402 }),
  needAction: () => Response.json({ id: 'pay_1', status: 'requires_action' }),
  break: () => new Response('oops', { status: 500 }),
} as const;

export class StandInOrigin {
  readonly arrived: Arrived[] = [];
  #answer: Answer = answers.succeed;

  /** Replaces `fetch` until `vi.unstubAllGlobals()`. */
  constructor() {
    vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
      const request = new Request(input, init);
      const { method, url, headers } = request;
      // text() warns of every form.
      const body = new TextDecoder().decode(await request.arrayBuffer());
      const arrived = { method, url, headers, body };
      this.arrived.push(arrived);
      init?.signal?.throwIfAborted();
      return Promise.race([this.#answer(arrived), aborted(init?.signal)]);
    });
  }

  answer(answer: Answer): void {
    this.#answer = answer;
  }

  /** Holds every answer until the returned function is called. */
  hold(answer: Answer): () => void {
    const gate = Promise.withResolvers<void>();
    this.#answer = async (arrived) => {
      await gate.promise;
      return answer(arrived);
    };
    return gate.resolve;
  }
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
}
