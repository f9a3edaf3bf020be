/**
 * What the floors share: Cordon's own readers of a body, its own HMAC, and its messages to the gate, written down
 * without any of the work that leads to them in Cordon.
 */
import { type AttemptReading, readAttempt } from '../../../src/attempt/attempt-reading.ts';
import { parseBody, wholeBytes } from '../../../src/attempt/body.ts';
import {
  deriveDigestKey,
  deriveFingerprintKeys,
  type FingerprintKeys,
  fingerprintCard,
} from '../../../src/attempt/card-fingerprint.ts';
import type { HeldStream } from '../../../src/attempt/held-stream.ts';
import { compileReading } from '../../../src/attempt/reading-rules.ts';
import type { AdmitRequest, Word } from '../../../src/gate/gate-messages.ts';
import type { Touch } from '../../../src/velocity/touch.ts';

const MERCHANT = 'acme';
const READING = compileReading({ fields: { card_number: '/card/number' } });
const READING_PAYER = compileReading({
  fields: { card_number: '/card/number', email: '/email', device_id: '/order', amount: '/amount' },
});
const NO_VARIABLES: ReadonlyMap<string, string> = new Map();
/** As in the benchmark's merchants and in the schema's defaults. */
const LIFE = { limit: 10_000, windowSeconds: 3_600, maxBlockSeconds: 604_800 } as const;
const CONFIG = { hash: '0123456789abcdef0123456789abcdef', writtenAt: 0, staleForMs: 90_000 };
export const RESERVATION_MS = 900_000;

let keys: Promise<FingerprintKeys> | null = null;
let digests: Promise<CryptoKey> | null = null;
let count = 0;

/** The card's digits in a held body, as the proxy's route reads them. */
export function digitsIn(held: HeldStream): string {
  return digitsOf(readIn(held, READING));
}

/** With what the recommended rules ask of a payer. */
export function paymentIn(held: HeldStream): {
  readonly digits: string;
  readonly email: string;
  readonly deviceId: string;
} {
  const read = readIn(held, READING_PAYER);
  const { email = '', deviceId = '' } = read as { readonly email?: string; readonly deviceId?: string };
  return { digits: digitsOf(read), email, deviceId };
}

function readIn(held: HeldStream, reading: typeof READING): AttemptReading {
  const bytes = wholeBytes(held);
  const fields = bytes.ok ? parseBody(bytes.value, 'json') : bytes;
  const attempts = fields.ok ? readAttempt(fields.value, reading, NO_VARIABLES) : fields;
  const [attempt] = attempts.ok ? attempts.value : [];
  if (attempt === undefined) throw new Error('the floor cannot read this');
  return attempt;
}

function digitsOf({ card }: AttemptReading): string {
  if (card?.kind !== 'number') throw new Error('the floor cannot read this');
  return card.digits;
}

export async function fingerprint(digits: string): Promise<string> {
  keys ??= deriveKeys();
  return (await fingerprintCard(digits, await keys)).fingerprint;
}

/** As long as Cordon's; a count is cheaper than chance. */
export function nextId(): string {
  return `ev_${Date.now().toString(16).padStart(12, '0')}${(count++).toString(16).padStart(20, '0')}${MERCHANT}`;
}

export function admission(evaluation: string, card: string, ip: string): AdmitRequest {
  return request(evaluation, card, classicTouches(card, ip));
}

export function request(evaluation: string, card: string, touches: readonly Touch[]): AdmitRequest {
  return { evaluation, touches, guest: true, reservationMs: RESERVATION_MS, config: CONFIG, cards: [card] };
}

export function classicTouches(card: string, ip: string): readonly Touch[] {
  return [touch('card_ip', [card, ip]), touch('guest_card', [card]), touch('guest_ip', [ip])];
}

/** The word, and what is kept of the attempt: two texts, as from Cordon. */
export function settlement(asked: AdmitRequest, said: Pick<Word, 'status' | 'paymentId'>): [string, string] {
  const { evaluation, touches: places, guest, cards, reservationMs } = asked;
  const word = { evaluation, status: said.status, declineReason: null, paymentId: said.paymentId, links: [] };
  return [JSON.stringify(word), JSON.stringify({ places, guest, cards, reservationMs, record: recordOf(asked) })];
}

/** What an evaluation can be told from again, as long as Cordon's. */
export function recordOf({ evaluation: id, reservationMs, config }: AdmitRequest): string {
  const now = Date.now();
  const known = { id, merchant: MERCHANT, mode: 'enforce', configVersion: config.hash, now };
  const occasion = { ...known, reservedUntil: now + reservationMs, challengeFallback: 'block' };
  return JSON.stringify({ early: [], occasion });
}

function touch(rule: string, identities: readonly string[]): Touch {
  const key = JSON.stringify([rule, ...identities]);
  return { rule, key, formerKeys: [], ...LIFE, part: 'check', mode: 'enforce' };
}

export function digestKey(): Promise<CryptoKey> {
  digests ??= masterKey().then((master) => deriveDigestKey(master, MERCHANT));
  return digests;
}

async function deriveKeys(): Promise<FingerprintKeys> {
  return deriveFingerprintKeys(await masterKey(), MERCHANT, 1);
}

function masterKey(): Promise<CryptoKey> {
  const secret = new TextEncoder().encode('the floor');
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
}
