/**
 * The merchant's own server: calls a server route from an address on the allowlist, signed or with a certificate.
 */
import { SHOP } from './merchant.ts';
import { CARD, pay, type Try } from './shopper.ts';
import { type Signing, type SigningKey, signedHeaders } from './signer.ts';

export const ADDRESS = '203.0.113.9';
export const CHARGE = '/internal/charge';
export const PIN = 'ab12'.repeat(16);
export const CERTIFICATE = {
  certPresented: '1',
  certVerified: 'SUCCESS',
  certRevoked: '0',
  certFingerprintSHA256: PIN,
} as const;
export const BODY = JSON.stringify({ card: { number: CARD }, amount: 1999 });

/** The route of a merchant's own servers, and what it demands. */
export function chargeRoute(egress: unknown, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'charge',
    match: { methods: ['POST'], path: CHARGE },
    access: 'server',
    egress,
    fields: { card_number: '/card/number' },
    ...change,
  };
}

export const allowlist = [{ cidr: '203.0.113.0/28', label: 'core' }];

export interface Call {
  /** What is signed; without a key nothing is. */
  readonly signing?: Partial<Signing>;
  readonly key?: SigningKey | null;
  /** What becomes of the headers after they are signed. */
  readonly tamper?: (headers: Record<string, string>) => Record<string, string>;
  /** Where it differs from what was signed. */
  readonly sent?: Try;
  readonly certificate?: unknown;
}

/** One call of the server. */
export async function charge({
  signing = {},
  key = null,
  tamper = (it) => it,
  sent = {},
  certificate,
}: Call): Promise<Response> {
  const url = `${SHOP}${CHARGE}`;
  const signed = key === null ? {} : await signedHeaders({ url, body: BODY, ...signing, key });
  return replay(tamper(signed), { certificate, ...sent });
}

/** Headers that were seen before, sent again. */
export function replay(
  headers: Record<string, string>,
  { certificate, ...sent }: Try & { readonly certificate?: unknown } = {},
): Promise<Response> {
  const cf = {
    country: 'NL',
    asn: 1136,
    tlsVersion: 'TLSv1.3',
    ...(certificate === undefined ? {} : { tlsClientAuth: certificate }),
  };
  return pay({ ip: ADDRESS, path: CHARGE, body: BODY, cf, headers, ...sent });
}
