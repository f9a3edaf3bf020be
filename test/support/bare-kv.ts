/**
 * Workers KV as a bare workerd sees it: the binding's calls become HTTP requests to this server, which answers from
 * memory and outlives the runtime. Protocol as in miniflare's kv/namespace.worker.ts.
 */
import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KvEntry {
  /** Bytes where they are no text. */
  readonly value: string | Uint8Array;
  /** JSON, or null for none. */
  readonly metadata: string | null;
}

export interface MerchantInKv {
  readonly id: string;
  readonly hosts: readonly string[];
  readonly [field: string]: unknown;
}

export class BareKv {
  readonly entries = new Map<string, KvEntry>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  /** Starts to listen; the address that the runtime's configuration names. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Writes a merchant's configuration and its host entries, as `wrangler kv key put` would. */
  putMerchant(config: MerchantInKv): void {
    this.entries.set(`merchant:${config.id}`, { value: JSON.stringify(config), metadata: null });
    for (const host of config.hosts) this.entries.set(`host:${host}`, { value: config.id, metadata: null });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kv');
    const key = decodeURIComponent(url.pathname.slice(1));
    if (request.method === 'PUT') {
      const value = await readValue(request);
      this.entries.set(key, { value, metadata: headerOf(request, 'cf-kv-metadata') });
    }
    if (request.method === 'DELETE') this.entries.delete(key);
    if (request.method !== 'GET') return void response.end();
    if (key === '') return void response.end(this.#list(url.searchParams.get('prefix') ?? ''));
    const entry = this.entries.get(key);
    if (entry === undefined) return void response.writeHead(404).end();
    if (entry.metadata !== null) response.setHeader('CF-KV-Metadata', entry.metadata);
    response.end(entry.value);
  }

  #list(prefix: string): string {
    const keys = [...this.entries.keys()].filter((name) => name.startsWith(prefix)).map((name) => ({ name }));
    return JSON.stringify({ keys, list_complete: true, cacheStatus: null });
  }
}

function headerOf(request: IncomingMessage, name: string): string | null {
  return request.headers[name]?.toString() ?? null;
}

async function readValue(request: IncomingMessage): Promise<KvEntry['value']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
}
