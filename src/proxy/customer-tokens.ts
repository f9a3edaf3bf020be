/**
 * Who is paying, proven by the merchant's own token. A token that does not verify, or keys that cannot be had, make a
 * guest: guests meet more rules, never fewer.
 */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Payer } from '../attempt/attempt.ts';
import type { Environment } from '../config/environment.ts';
import type { Route } from '../config/policy.ts';
import { log, nameOf } from '../journal/log.ts';

type TokenRule = NonNullable<Route['customer']>;

export const GUEST: Payer = { kind: 'guest' };
const TOKEN_LIMIT = 8_192;
const ID_LIMIT = 256;
const KEY_SETS_LIMIT = 200;
const KEY_SET = { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 } as const;
const CLOCK_SKEW_SECONDS = 30;
// Pinned by kind of key, so that a public key can never be used as a shared secret (RFC 8725, 3.1).
const SHARED_ALGORITHMS = ['HS256', 'HS384', 'HS512'];
const PUBLIC_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];

export class CustomerTokens {
  readonly #sharedSecret: Environment['sharedSecret'];
  readonly #keySets = new Map<string, JWTVerifyGetKey>();

  constructor({ sharedSecret }: Pick<Environment, 'sharedSecret'>) {
    this.#sharedSecret = sharedSecret;
  }

  /** The payer of a request under the route's rule; `now` in ms since the epoch. */
  async payerOf(headers: Headers, rule: TokenRule, now: number): Promise<Payer> {
    const token = tokenOf(headers.get(rule.header));
    if (token === null) return GUEST;
    try {
      const { payload } = await this.#verify(token, rule, optionsOf(rule, now));
      return payerOfClaim(payload[rule.claim]);
    } catch (error) {
      if (!isRefusal(error)) logUnavailable(error);
      return GUEST;
    }
  }

  async #verify(token: string, rule: TokenRule, options: JWTVerifyOptions) {
    if (rule.jwks_url !== undefined) {
      return jwtVerify(token, this.#keySet(rule.jwks_url), { algorithms: PUBLIC_ALGORITHMS, ...options });
    }
    const secret = this.#sharedSecret(rule.secret_name ?? '');
    if (secret === null) throw new Error('the shared secret is missing');
    return jwtVerify(token, new TextEncoder().encode(secret), { algorithms: SHARED_ALGORITHMS, ...options });
  }

  #keySet(url: string): JWTVerifyGetKey {
    const known = this.#keySets.get(url);
    if (known !== undefined) return known;
    if (this.#keySets.size >= KEY_SETS_LIMIT) this.#keySets.clear();
    const keySet = createRemoteJWKSet(new URL(url), KEY_SET);
    this.#keySets.set(url, keySet);
    return keySet;
  }
}

function tokenOf(header: string | null): string | null {
  const token = header?.replace(/^Bearer\s+/i, '').trim() ?? '';
  return token === '' || token.length > TOKEN_LIMIT ? null : token;
}

function optionsOf({ algorithms, issuer, audience }: TokenRule, now: number): JWTVerifyOptions {
  return {
    currentDate: new Date(now),
    clockTolerance: CLOCK_SKEW_SECONDS,
    ...(algorithms === undefined ? {} : { algorithms }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function payerOfClaim(claim: unknown): Payer {
  const id = typeof claim === 'number' ? String(claim) : claim;
  return typeof id === 'string' && id !== '' && id.length <= ID_LIMIT ? { kind: 'customer', id } : GUEST;
}

// jose's other errors say that the token is no good; these say nothing about it.
const KEYS_UNAVAILABLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError && !KEYS_UNAVAILABLE.includes(error.code);
}

function logUnavailable(error: unknown): void {
  log({ event: 'customer_keys_unavailable', error: nameOf(error) });
}
