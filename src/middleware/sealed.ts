/**
 * For the shop's own server: opens what its pages have sealed (docs/sealed-cards.md), with the private half of a key of
 * `sealed.origin_keys`. Cordon has checked that it opened the very same; what is checked here is for whom and until when.
 */
import { errors, flattenedDecrypt, type JWK } from 'jose';

/** `malformed`: no sealed body by its form, or inside. `not_for_us`: for none of the keys. */
export type SealedRefusal = 'malformed' | 'not_for_us' | 'unopened' | 'audience' | 'expired';

export class SealedError extends Error {
  readonly code: SealedRefusal;

  constructor(code: SealedRefusal) {
    super(`the sealed payment is refused: ${code}`);
    this.name = 'SealedError';
    this.code = code;
  }
}

export interface Opening {
  /** Private JWKs, each with its `kid`: the one in use, and those that were until a while ago. */
  readonly keys: readonly JWK[];
  /** The host of the shop, or what `sealed.audience` says. */
  readonly audience: string | readonly string[];
  /** Now, unless it is said. */
  readonly now?: Date;
}

export interface Opened<T> {
  /** As the page gave it to `cordon.seal`. */
  readonly payment: T;
  /** Its id, used once: Cordon lets no second payment through with it. */
  readonly id: string;
  readonly expiresAt: Date;
}

interface Jwe {
  readonly protected: string;
  readonly recipients: readonly { readonly header: { readonly kid: string }; readonly encrypted_key: string }[];
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

interface Claims<T> {
  readonly aud: string;
  readonly exp: number;
  readonly jti: string;
  readonly payment: T;
}

const PINNED = { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] };

/** Opens the body of a request, a text; throws a `SealedError`. What `payment` holds is the page's word: check it. */
export async function openSealed<T = unknown>(body: string, opening: Opening): Promise<Opened<T>> {
  const { keys, audience, now = new Date() } = opening;
  const { recipients, ...shared } = parse<Jwe>(body);
  if (!Array.isArray(recipients)) throw new SealedError('malformed');
  const kidOf = (one: (typeof recipients)[number] | null | undefined) => one?.header?.kid;
  const recipient = recipients.find((one) => keys.some(({ kid }) => kid !== undefined && kid === kidOf(one)));
  const key = keys.find(({ kid }) => kid === kidOf(recipient));
  if (recipient === undefined || key === undefined) throw new SealedError('not_for_us');
  const text = await decrypt({ ...shared, ...recipient }, key);
  const { aud, exp, jti, payment } = parse<Claims<T>>(text);
  if (![audience].flat().includes(aud)) throw new SealedError('audience');
  if (!(exp * 1000 > now.getTime())) throw new SealedError('expired');
  return { payment, id: jti, expiresAt: new Date(exp * 1000) };
}

async function decrypt(jwe: Parameters<typeof flattenedDecrypt>[0], key: JWK): Promise<string> {
  try {
    const { plaintext } = await flattenedDecrypt(jwe, key, PINNED);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException) {
      throw new SealedError('unopened');
    }
    throw error;
  }
}

function parse<T>(text: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {}
  throw new SealedError('malformed');
}
