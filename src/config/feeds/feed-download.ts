/**
 * Asks a feed's source for its content: once, within a time, up to a size, and only where Cordon may be told to send
 * a request. The text is read as it comes and never held as a whole.
 */
import type { ImportResult, TableImport } from '../../network/table-import.ts';
import type { Environment } from '../environment.ts';
import { checkOutboundUrl } from '../outbound-url.ts';
import { TEXT_LIMIT_BYTES } from './feed.ts';

const TIMEOUT_MS = 20_000;
/** Release pages lead to where their files are. */
const REDIRECTS = 3;
const VALIDATOR_LIMIT = 256;

/** By what a source knows whether there is anything new (RFC 9110, 13.1). */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export type Download =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'fetched'; readonly result: ImportResult; readonly validators: Validators }
  | { readonly kind: 'failed'; readonly message: string };

export async function download(
  url: string,
  { etag, lastModified }: Validators,
  { reading, kind }: { readonly reading: TableImport; readonly kind: Environment['kind'] },
): Promise<Download> {
  const headers = {
    accept: 'text/plain, text/csv, */*;q=0.1',
    'user-agent': 'cordon',
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await follow(url, { headers, signal, redirect: 'manual' }, kind);
    if (typeof response === 'string') return { kind: 'failed', message: response };
    if (response.status === 304) return { kind: 'unchanged' };
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return { kind: 'failed', message: `the source answered ${response.status}` };
    }
    const result = await readText(response.body, reading);
    if (result === null) return { kind: 'failed', message: TOO_LARGE };
    return { kind: 'fetched', result, validators: validatorsOf(response.headers) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { kind: 'failed', message: isLate ? 'the source did not answer in time' : 'the source cannot be reached' };
  }
}

export const TOO_LARGE = `the text is larger than ${TEXT_LIMIT_BYTES} bytes`;

/** Reads a text to its end; null for one that is too large. */
export async function readText(body: ReadableStream<Uint8Array>, reading: TableImport): Promise<ImportResult | null> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > TEXT_LIMIT_BYTES) {
      await reader.cancel();
      return null;
    }
    reading.write(decoder.decode(value, { stream: true }));
  }
  reading.write(decoder.decode());
  return reading.end();
}

/** The answer, or what is wrong with where the source led. Each step is checked as the first one was. */
async function follow(url: string, init: RequestInit, kind: Environment['kind']): Promise<Response | string> {
  let target = url;
  for (let step = 0; step <= REDIRECTS; step++) {
    const response = await fetch(target, init);
    const location = isRedirect(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, target);
    if (next === null || checkOutboundUrl(next.href, kind) !== null) return 'the source leads to where it must not';
    target = next.href;
  }
  return 'the source leads from one place to the next';
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function validatorsOf(headers: Headers): Validators {
  const short = (text: string | null) => (text !== null && text.length <= VALIDATOR_LIMIT ? text : null);
  return { etag: short(headers.get('etag')), lastModified: short(headers.get('last-modified')) };
}
