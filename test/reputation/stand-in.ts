/**
 * Stands in for providers: outbound fetch is replaced. Answers as AbuseIPDB does unless told otherwise, keeps what
 * arrived, and can be slow, break off, or say anything.
 */
import { vi } from 'vitest';
import { ABUSEIPDB_ANSWER, IPQUALITYSCORE_ANSWER } from '../network/providers/answers.ts';

export interface Arrived {
  readonly url: URL;
  readonly headers: Headers;
  readonly redirect: string | undefined;
  readonly method: string;
}

type Answer = (arrived: Arrived, signal: AbortSignal) => Response | Promise<Response>;

export class StandInProviders {
  readonly arrived: Arrived[] = [];
  #answer: Answer = (arrived) => scored(0)(arrived);

  /** Replaces `fetch` until `vi.unstubAllGlobals()`. */
  constructor() {
    vi.stubGlobal('fetch', async (input: RequestInfo | URL, init: RequestInit = {}) => {
      const { url, headers, method } = new Request(input, init);
      const arrived = { url: new URL(url), headers, redirect: init.redirect, method };
      this.arrived.push(arrived);
      const signal = init.signal ?? new AbortController().signal;
      return Promise.race([this.#answer(arrived, signal), aborted(signal)]);
    });
  }

  answer(answer: Answer): void {
    this.#answer = answer;
  }

  /** The addresses that were asked about, in order. */
  get asked(): readonly string[] {
    return this.arrived.map(({ url }) => url.searchParams.get('ipAddress') ?? url.searchParams.get('ip') ?? '');
  }
}

/** A good answer of whichever provider is asked, about the address that it is asked about. */
export function scored(score: number): (arrived: Arrived) => Response {
  return ({ url }) => {
    if (url.host === 'www.ipqualityscore.com') return Response.json({ ...IPQUALITYSCORE_ANSWER, fraud_score: score });
    const data = {
      ...ABUSEIPDB_ANSWER.data,
      ipAddress: url.searchParams.get('ipAddress'),
      abuseConfidenceScore: score,
    };
    return Response.json({ data });
  };
}

export function slowly(ms: number, answer: Answer): Answer {
  return async (arrived, signal) => {
    await scheduler.wait(ms);
    return answer(arrived, signal);
  };
}

/** Headers at once, and of the body a byte at a time until it is given up. */
export function dripping(everyMs: number): Answer {
  return (_, signal) => {
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await scheduler.wait(everyMs);
        if (signal.aborted) controller.error(signal.reason);
        else controller.enqueue(new TextEncoder().encode(' '));
      },
    });
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  };
}

/** Headers at once, and nothing more. */
export function hanging(): Answer {
  return () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
}

/** The connection breaks in the middle of the body. */
export function breaking(): Answer {
  return () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('{"data":{'));
        controller.error(new Error('Network connection lost.'));
      },
    });
    return new Response(body);
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
