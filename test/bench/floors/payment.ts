/**
 * What the floors share: Cordon's own readers of a body, its own HMAC, and its messages to the gate, written down
 * without any of the work that leads to them in Cordon.
 */
import { readAttempt } from '../../../src/attempt/attempt-reading.ts';
import { parseBody, wholeBytes } from '../../../src/attempt/body.ts';
import { deriveFingerprintKeys, type FingerprintKeys, fingerprintCard } from '../../../src/attempt/card-fingerprint.ts';
import type { HeldStream } from '../../../src/attempt/held-stream.ts';
import { compileReading } from '../../../src/attempt/reading-rules.ts';
import type { AdmitRequest, Word } from '../../../src/gate/gate-messages.ts';
import type { Touch } from '../../../src/velocity/touch.ts';

const MERCHANT = 'acme';
const READING = compileReading({ fields: { card_number: '/card/number' } });
const NO_VARIABLES: ReadonlyMap<string, string> = new Map();
/** As in the benchmark's merchants and in the schema's defaults. */
const LIFE = { limit: 10_000, windowSeconds: 3_600, maxBlockSeconds: 604_800 } as const;
const CONFIG = { hash: '0123456789abcdef0123456789abcdef', writtenAt: 0, staleForMs: 90_000 };
export const RESERVATION_MS = 900_000;

let keys: Promise<FingerprintKeys> | null = null;
let count = 0;

/** The card's digits in a held body, as the proxy's route reads them. */
export function digitsIn(held: HeldStream): string {
  const bytes = wholeBytes(held);
  const fields = bytes.ok ? parseBody(bytes.value, 'json') : bytes;
  const attempts = fields.ok ? readAttempt(fields.value, READING, NO_VARIABLES) : fields;
  const card = attempts.ok ? attempts.value[0]?.card : null;
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
  const touches = [touch('card_ip', [card, ip]), touch('guest_card', [card]), touch('guest_ip', [ip])];
  return { evaluation, touches, guest: true, reservationMs: RESERVATION_MS, config: CONFIG, cards: [card] };
}

/** What an evaluation can be told from again, as long as Cordon's. */
export function recordOf({ evaluation: id, reservationMs, config }: AdmitRequest): string {
  const now = Date.now();
  const known = { id, merchant: MERCHANT, mode: 'enforce', configVersion: config.hash, now };
  const occasion = { ...known, reservedUntil: now + reservationMs, challengeFallback: 'block' };
  return JSON.stringify({ early: [], occasion });
}

/** The word, and what is kept of the attempt: two texts, as from Cordon. */
export function settlement(asked: AdmitRequest, said: Pick<Word, 'status' | 'paymentId'>): [string, string] {
  const { evaluation, touches: places, guest, cards, reservationMs } = asked;
  const word = { evaluation, status: said.status, declineReason: null, paymentId: said.paymentId, links: [] };
  return [JSON.stringify(word), JSON.stringify({ places, guest, cards, reservationMs, record: recordOf(asked) })];
}

function touch(rule: string, identities: readonly string[]): Touch {
  const key = JSON.stringify([rule, ...identities]);
  return { rule, key, formerKeys: [], ...LIFE, part: 'check', mode: 'enforce' };
}

async function deriveKeys(): Promise<FingerprintKeys> {
  const secret = new TextEncoder().encode('the floor');
  const master = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return deriveFingerprintKeys(master, MERCHANT, 1);
}
