/**
 * A ticket: what a payer is challenged by, in the address of the challenge. It holds nothing of a card, and is no secret.
 */
import { METHOD_NAMES, type MethodName } from './method-name.ts';
import { deriveTokenKey, readToken, writeToken } from './token.ts';

const PURPOSE = 'cordon challenge';

export interface Ticket {
  readonly merchant: string;
  /** The evaluation that asked for it. */
  readonly evaluation: string;
  /** The attempt that a pass will be good for (binding.ts). */
  readonly bound: string;
  /** Those that are offered, in order. */
  readonly methods: readonly MethodName[];
  /** 0 to 100. */
  readonly riskScore: number;
  /** A keyed digest of the verified customer's id (binding.ts); null for a guest. */
  readonly customer: string | null;
  /** ms since the epoch, a whole second. */
  readonly expiresAt: number;
}

export type TicketReading =
  | { readonly kind: 'good' | 'expired'; readonly ticket: Ticket }
  | { readonly kind: 'malformed' | 'altered' };

export function deriveTicketKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  return deriveTokenKey(masterKey, `${PURPOSE}|${merchant}`);
}

export function writeTicket(ticket: Ticket, key: CryptoKey): Promise<string> {
  const { merchant, evaluation, bound, methods, riskScore, customer, expiresAt } = ticket;
  const claims = { iss: merchant, sub: evaluation, bound, methods: [...methods], score: riskScore, customer };
  return writeToken(claims, expiresAt, key);
}

/** `now` in ms since the epoch. Signed by us, so what it holds is what was written. */
export async function readTicket(token: string, key: CryptoKey, now: number): Promise<TicketReading> {
  const read = await readToken(token, key, now);
  if (!('claims' in read)) return read;
  const { iss = '', sub = '', exp = 0, bound, methods, score, customer } = read.claims;
  const known = METHOD_NAMES.filter((name) => (methods as readonly string[]).includes(name));
  const ticket: Ticket = {
    merchant: iss,
    evaluation: sub,
    bound: bound as string,
    methods: (methods as readonly MethodName[]).filter((name) => known.includes(name)),
    riskScore: score as number,
    customer: customer as string | null,
    expiresAt: exp * 1000,
  };
  return { kind: read.kind, ticket };
}

/** Whose ticket it says it is, before anything of it is proven; null for what is no ticket. */
export function merchantOfTicket(token: string): string | null {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: 'base64url' });
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { iss } = Object(claims) as { readonly iss?: unknown };
    return typeof iss === 'string' ? iss : null;
  } catch {
    return null;
  }
}
