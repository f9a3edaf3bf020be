/**
 * Where a passkey is made and used: the page's origin, and the domain that it is good for. And what the browser there says
 * of what was signed (WebAuthn level 3, 5.8.1).
 */
import * as z from 'zod';
import type { PasskeySettings } from './settings.ts';

export interface Site {
  /** As browsers write it. */
  readonly origin: string;
  /** WebAuthn's RP ID. */
  readonly relyingParty: string;
}

/** `host`: of the page, name and port where it has one. Null where no passkey of this merchant is good there. */
export function siteOf(host: string, { relyingParty }: Pick<PasskeySettings, 'relyingParty'>): Site | null {
  const { hostname, origin } = new URL(`https://${host}`);
  const named = relyingParty ?? hostname;
  return isWithin(hostname, named) ? { origin, relyingParty: named } : null;
}

/** Whether a page of `hostname` may use what is for `domain`. */
export function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

const LONGEST = 2_048;
const FROM_BASE64URL = { alphabet: 'base64url' } as const;

const clientDataSchema = z.looseObject({
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});

export type ClientDataReading =
  | { readonly kind: 'good'; readonly challenge: string }
  | { readonly kind: 'malformed' | 'other_origin' | 'framed' };

/** base64url of JSON. The library looks at it once more; it lets a page of another site frame ours. */
export function readClientData(text: string, { origin }: Site): ClientDataReading {
  const read = clientDataSchema.safeParse(decoded(text));
  if (!read.success) return { kind: 'malformed' };
  if (read.data.origin !== origin) return { kind: 'other_origin' };
  const isFramed = read.data.crossOrigin === true || read.data.topOrigin !== undefined;
  return isFramed ? { kind: 'framed' } : { kind: 'good', challenge: read.data.challenge };
}

function decoded(text: string): unknown {
  if (text.length > LONGEST) return null;
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, FROM_BASE64URL)));
  } catch {
    return null;
  }
}
