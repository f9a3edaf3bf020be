/**
 * Passes made beside the Worker, under a merchant's keys of this deployment: for tests of what they are worth, where
 * running a challenge for each would only take time.
 */
import { env } from 'cloudflare:workers';
import { derivePassKey, issuePass } from '../../src/step-up/pass.ts';
import { deriveTicketKey, readTicket } from '../../src/step-up/ticket.ts';
import type { Asked } from './challenges.ts';

export function masterKey(): Promise<CryptoKey> {
  const bytes = Uint8Array.fromBase64(env.CORDON_MASTER_KEY);
  return crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);
}

/** The pass that the challenge in this answer is worth. */
export async function passFor(asked: Response, merchant = 'acme'): Promise<string> {
  const { challenge } = (await asked.json()) as Asked;
  const token = challenge.url.split('/').at(-1) ?? '';
  const key = await masterKey();
  const now = Date.now();
  const read = await readTicket(token, await deriveTicketKey(key, merchant), now);
  if (read.kind !== 'good') throw new Error(read.kind);
  const issuing = { key: await derivePassKey(key, merchant), lifeMs: 300_000, now };
  return (await issuePass(read.ticket, 'proof_of_work', issuing)).token;
}
