/**
 * Stands in for whoever is told of alerts, and reads what comes with the official library of Standard Webhooks.
 */
import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';

export const RECEIVER = 'https://ops.acme.example/hooks/cordon';
/** The secrets behind `CORDON_ALERT_TESTS` and `CORDON_ALERT_NEXT`. */
export const SECRET = `whsec_${btoa('a secret of 24 bytes or more')}`;
export const NEXT_SECRET = `whsec_${btoa('the secret that comes next, 24+')}`;

export interface Arrived {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Answer = (arrived: Arrived, signal: AbortSignal | null) => Response | Promise<Response>;

export class StandInReceiver {
  readonly arrived: Arrived[] = [];
  #answer: Answer = () => new Response(null, { status: 204 });

  /** Replaces `fetch` until `vi.unstubAllGlobals()`. */
  constructor() {
    vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
      const request = new Request(input, init);
      const { url, method } = request;
      const headers = Object.fromEntries(request.headers);
      const arrived = { url, method, headers, body: await request.text() };
      this.arrived.push(arrived);
      return this.#answer(arrived, init?.signal ?? null);
    });
  }

  answer(answer: Answer): void {
    this.#answer = answer;
  }

  /** The types of what came, in order. */
  get types(): readonly string[] {
    return this.arrived.map((one) => read(one).type);
  }

  get last(): Told {
    const last = this.arrived.at(-1);
    if (last === undefined) throw new Error('nothing came');
    return read(last);
  }
}

/** What a receiver with this secret makes of it; throws for what is not signed by it, or not now. */
export function verified({ body, headers }: Arrived, secret = SECRET): Told {
  return new Webhook(secret).verify(body, headers) as Told;
}

function read({ body }: Arrived): Told {
  return JSON.parse(body) as Told;
}
