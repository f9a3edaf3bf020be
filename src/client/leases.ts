/**
 * A merchant's leases: addresses that may be used for a while.
 */
import { type Line, pathOf } from './line.ts';

export interface LeaseRequest {
  /** At most a /24, in IPv6 a /48. */
  readonly cidr: string;
  readonly owner: string;
  /** 7,200 at most. */
  readonly ttl_seconds: number;
  readonly reason?: string | undefined;
}

export interface Lease {
  readonly id: string;
  readonly cidr: string;
  readonly owner: string;
  readonly reason: string | null;
  readonly created_at: string;
  /** `admin`, or `key:` and the id of the key that made it. */
  readonly created_by: string;
  readonly expires_at: string;
  /** However often it is renewed, it ends by then. */
  readonly renewable_until: string;
}

/** `proof` is told here once, and never again: it renews the lease. */
export interface NewLease extends Lease {
  readonly proof: string;
}

export interface LeasePage {
  readonly leases: readonly Lease[];
  /** Where the next page begins; null on the last. */
  readonly next_cursor: string | null;
}

export interface Renewal {
  readonly proof: string;
  /** As long as when it was made, unless told. */
  readonly ttl_seconds?: number | undefined;
}

export class Leases {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** The leases in force, a page at a time: 100 unless told, 1,000 at most. */
  async list(merchant: string, page: { cursor?: string | null; limit?: number } = {}): Promise<LeasePage> {
    const query = new URLSearchParams();
    if (page.limit !== undefined) query.set('limit', String(page.limit));
    if (page.cursor) query.set('cursor', page.cursor);
    const path = `${pathOf('merchants', merchant, 'leases')}${query.size === 0 ? '' : `?${query}`}`;
    return this.#line.send({ method: 'GET', path, isRepeatable: true });
  }

  /** In force at the next request. Not repeated: there would be two. */
  async create(merchant: string, request: LeaseRequest): Promise<NewLease> {
    const path = pathOf('merchants', merchant, 'leases');
    return this.#line.send({ method: 'POST', path, body: request, isRepeatable: false });
  }

  async renew(merchant: string, id: string, renewal: Renewal): Promise<Lease> {
    const path = pathOf('merchants', merchant, 'leases', id, 'renew');
    return this.#line.send({ method: 'POST', path, body: renewal, isRepeatable: false });
  }

  /** Gone at the next request. */
  async revoke(merchant: string, id: string): Promise<void> {
    await this.#line.send({ method: 'DELETE', path: pathOf('merchants', merchant, 'leases', id), isRepeatable: false });
  }
}
