/**
 * One way to Cordon: sends a call under a time limit and reads the answer, or throws a CordonError.
 * What is safe to repeat is repeated once within the limit, where nobody answered.
 */
import { CordonError, type Failure, type Fault } from './cordon-error.ts';

/** As much of `fetch` as is needed; one's own may sign, proxy or stub. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface LineOptions {
  /** Where Cordon is: `https://cordon.example.com`. Plain http is taken on loopback alone: the key is in every call. */
  readonly url: string;
  /** A merchant's key, or the admin key. */
  readonly key: string;
  readonly fetch?: Fetch | undefined;
  /** For one call, its repetition included. 5,000 unless told. */
  readonly timeoutMs?: number | undefined;
}

export interface Sending {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** Sent as JSON; a string goes as it is. */
  readonly body?: unknown;
  /** `application/json` unless told. */
  readonly contentType?: string;
  /** Where the call may take longer than others. */
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isRepeatable: boolean;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export class Line {
  readonly #base: string;
  readonly #key: string;
  readonly #fetch: Fetch;
  readonly #timeoutMs: number;

  /** Throws a TypeError for options that can never work. */
  constructor({ url, key, fetch: ownFetch, timeoutMs = DEFAULT_TIMEOUT_MS }: LineOptions) {
    const { protocol, hostname, origin } = new URL(url);
    const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
    if (!isSafe) throw new TypeError('url must be https, or http on loopback');
    if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError('key must be a key, without spaces');
    if (!(timeoutMs > 0)) throw new TypeError('timeoutMs must be more than 0');
    this.#base = origin;
    this.#key = key;
    // Called as a plain function: some platforms refuse `fetch` as a method of something else.
    this.#fetch = ownFetch ?? ((target, init) => fetch(target, init));
    this.#timeoutMs = timeoutMs;
  }

  /** The answer's JSON, null for an answer without a body. */
  async send<T>(sending: Sending): Promise<T> {
    const signal = AbortSignal.timeout(Math.max(this.#timeoutMs, sending.timeoutMs ?? 0));
    try {
      return (await this.#sendOnce(sending, signal)) as T;
    } catch (error) {
      const mayRepeat = sending.isRepeatable && !signal.aborted && error instanceof CordonError && error.isUnreachable;
      if (!mayRepeat) throw error;
      return (await this.#sendOnce(sending, signal)) as T;
    }
  }

  /** The answer itself, once its headers are there: a file is read as it comes. */
  async open({ method, path, timeoutMs }: Sending): Promise<Response> {
    const signal = AbortSignal.timeout(Math.max(this.#timeoutMs, timeoutMs ?? 0));
    const headers = { authorization: `Bearer ${this.#key}` };
    const answer = await this.#fetched(path, { method, signal, redirect: 'manual', headers });
    const { status } = answer;
    if (status >= 200 && status < 300) return answer;
    throw new CordonError(problemOf(status, jsonOf(await answer.text())) ?? { kind: 'foreign_answer', status });
  }

  async #sendOnce({ method, path, body, contentType, headers }: Sending, signal: AbortSignal): Promise<unknown> {
    const { status, text } = await this.#exchange(path, {
      method,
      signal,
      redirect: 'manual',
      headers: {
        ...headers,
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${this.#key}`,
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    if (status === 204) return null;
    const json = jsonOf(text);
    if (status >= 200 && status < 300 && json !== undefined) return json;
    throw new CordonError(problemOf(status, json) ?? { kind: 'foreign_answer', status });
  }

  async #exchange(path: string, init: RequestInit): Promise<{ status: number; text: string }> {
    const response = await this.#fetched(path, init);
    const text = await heard(response.text(), init);
    return { status: response.status, text };
  }

  #fetched(path: string, init: RequestInit): Promise<Response> {
    return heard(
      Promise.resolve().then(() => this.#fetch(`${this.#base}${path}`, init)),
      init,
    );
  }
}

async function heard<T>(answer: Promise<T>, { signal }: RequestInit): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new CordonError({ kind: 'no_answer', because: signal?.aborted ? 'timeout' : 'network' }, { cause });
  }
}

/**
 * A path from parts that may hold anything, but for names that every URL parser takes away: with `..` for a key's id,
 * revoking it would delete the merchant.
 */
export function pathOf(...parts: readonly string[]): string {
  if (parts.some((part) => /^(?:\.|%2e){0,2}$/i.test(part))) throw new TypeError('an id must not be empty, . or ..');
  return `/.cordon/v1/${parts.map(encodeURIComponent).join('/')}`;
}

/** The header that lets a write replace one version alone. */
export function ifMatch(version: string | undefined): Readonly<Record<string, string>> {
  return version === undefined ? {} : { 'if-match': `"${version}"` };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(status: number, json: unknown): Failure | null {
  if (typeof json !== 'object' || json === null) return null;
  const { code, title, detail, errors } = json as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string' || typeof title !== 'string') return null;
  const faults = Array.isArray(errors) ? (errors as readonly Fault[]) : [];
  return { kind: 'problem', status, code, title, detail: typeof detail === 'string' ? detail : null, errors: faults };
}
