/**
 * A veil for tests: two servers behind one shop, and what an origin's headers become under it.
 */
import { compileHiding } from '../../src/config/origin-hiding.ts';
import { type OriginConfig, originSchema } from '../../src/config/origin-schema.ts';
import { tidyAnswer, type Veil } from '../../src/origin/answer-headers.ts';

export const SERVERS = ['nl.origin.acme.example', 'de.origin.acme.example'] as const;
export const SHOP_NAME = 'shop.acme.example';

export interface Setting {
  readonly origin?: Partial<OriginConfig>;
  readonly hosts?: readonly string[];
  readonly from?: string;
}

export function veilOf({
  origin = {},
  hosts = [SHOP_NAME],
  from = `https://${SHOP_NAME}/cart?a=1`,
}: Setting = {}): Veil {
  const pool = SERVERS.map((host) => ({ url: `https://${host}` }));
  return { hiding: compileHiding(originSchema.parse({ pool, ...origin }), hosts), from: { href: from } };
}

/** What a client sees of these headers. */
export function seen(headers: HeadersInit, setting: Setting = {}): Headers {
  const answer = new Headers(headers);
  tidyAnswer(answer, null, veilOf(setting));
  return answer;
}
