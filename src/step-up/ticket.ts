/**
 * A ticket: what a payer is challenged by, in the address of the challenge. It holds nothing of a card, and what it does
 * hold is sealed: a score that a payer could read tells a tester what to change. Whose it is stands before it in clear.
 * A JWT in a JWE (RFC 7519, 7516): `dir`, A256GCM, the issuer also in the header (RFC 7519, 5.3).
 */
import { EncryptJWT, errors, type JWTPayload, jwtDecrypt } from 'jose';
import { METHOD_NAMES, type MethodName } from './method-name.ts';

const PURPOSE = 'cordon sealed challenge';
const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;
const TICKET_LIMIT = 4_096;
const FORM = /^([\w-]+)\.\.([\w-]{16})\.([\w-]+)\.([\w-]{22})$/;
const BASE64URL = { alphabet: 'base64url', omitPadding: true } as const;
const encoder = new TextEncoder();

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
  /** How many times as hard as the risk alone asks for (offering.ts); 1: just so. */
  readonly effort: number;
  /** A keyed digest of the verified customer's id (binding.ts); null for a guest. */
  readonly customer: string | null;
  /** ms since the epoch, a whole second. */
  readonly expiresAt: number;
}

export type TicketReading =
  | { readonly kind: 'good' | 'expired'; readonly ticket: Ticket }
  | { readonly kind: 'malformed' | 'altered' };

export function deriveTicketKey(masterKey: CryptoKey, merchant: string): Promise<CryptoKey> {
  const info = encoder.encode(`${PURPOSE}|${merchant}`);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(hkdf, masterKey, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export function writeTicket(ticket: Ticket, key: CryptoKey): Promise<string> {
  const { merchant, evaluation, bound, methods, riskScore: score, effort, customer, expiresAt } = ticket;
  const exp = Math.floor(expiresAt / 1000);
  const claims = { iss: merchant, sub: evaluation, bound, methods: [...methods], score, effort, customer, exp };
  return new EncryptJWT(claims).setProtectedHeader(HEADER).replicateIssuerAsHeader().encrypt(key);
}

/** `now` in ms since the epoch. Sealed by us, so what it holds is what was written. */
export async function readTicket(token: string, key: CryptoKey, now: number): Promise<TicketReading> {
  if (!isCanonical(token)) return { kind: 'malformed' };
  const options = { keyManagementAlgorithms: [HEADER.alg], contentEncryptionAlgorithms: [HEADER.enc] };
  try {
    const { payload } = await jwtDecrypt(token, key, { ...options, currentDate: new Date(now) });
    return { kind: 'good', ticket: ticketOf(payload) };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { kind: 'expired', ticket: ticketOf(error.payload) };
    if (error instanceof errors.JOSEError) return { kind: 'altered' };
    throw error;
  }
}

function ticketOf({ iss = '', sub = '', exp = 0, bound, methods, score, effort, customer }: JWTPayload): Ticket {
  return {
    merchant: iss,
    evaluation: sub,
    bound: bound as string,
    methods: (methods as readonly MethodName[]).filter((name) => METHOD_NAMES.includes(name)),
    riskScore: score as number,
    effort: effort as number,
    customer: customer as string | null,
    expiresAt: exp * 1000,
  };
}

/** The last character of a part may have bits that nobody reads: no other spelling of a ticket is one. */
function isCanonical(token: string): boolean {
  const [, ...parts] = token.length > TICKET_LIMIT ? [] : (FORM.exec(token) ?? []);
  return parts.length > 0 && parts.every((part) => bytesOf(part)?.toBase64(BASE64URL) === part);
}

/** Whose ticket it says it is, before anything of it is proven; null for what is no ticket. */
export function merchantOfTicket(token: string): string | null {
  const bytes = bytesOf(token.split('.', 1)[0] ?? '');
  try {
    const { iss } = Object(JSON.parse(new TextDecoder().decode(bytes ?? undefined))) as { readonly iss?: unknown };
    return typeof iss === 'string' ? iss : null;
  } catch {
    return null;
  }
}

function bytesOf(part: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(part, { alphabet: 'base64url' });
  } catch {
    return null;
  }
}
