/**
 * One payment and all who tell of it: the shop's answer, the processor's webhooks, the backend, the payer's return.
 */
import { evictDurableObject } from 'cloudflare:test';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { Heard, ProcessorWord, Word } from '../../src/gate/gate-messages.ts';
import type { Touch } from '../../src/velocity/touch.ts';
import { asking, calls, counts, type GateStub, outcome, RESERVATION_MS, touch } from './asking.ts';

export const FP = `fp_${'a'.repeat(43)}`;
export const PF = `pf_${'b'.repeat(43)}`;
const key = (...parts: string[]) => JSON.stringify(parts);
const LIFE = { limit: 100, windowSeconds: 7_200 };
const byCard = (card: string) => touch(key('guest_card', card), { ...LIFE, rule: 'guest_card' });
const PLACES: readonly Touch[] = [
  touch(key('card_ip', FP, '203.0.113.9'), LIFE),
  byCard(FP),
  touch(key('guest_ip', '203.0.113.9'), { ...LIFE, rule: 'guest_ip' }),
];
export const ADMIN = { kind: 'admin' } as const;

export type Status = Word['status'];
let events = 0;

export function said(change: Partial<ProcessorWord>, status: Status): ProcessorWord {
  return {
    event: `stripe|evt_${events++}`,
    word: { status, declineReason: status === 'failed' ? 'do_not_honor' : null, paymentId: 'pi_1' },
    labels: [],
    evaluation: null,
    paymentIds: ['pi_1'],
    tryId: 'ch_1',
    cards: [PF],
    occurredAt: Date.now(),
    stranger: {
      evaluation: newEvaluationId('acme', Date.now()),
      places: [byCard(PF)],
      guest: true,
      reservationMs: RESERVATION_MS,
      cards: [PF],
    },
    ...change,
  };
}

export async function begin(gate: GateStub, byApi: boolean, at = Date.now()): Promise<string> {
  const evaluation = newEvaluationId('acme', at);
  const request = asking(evaluation, PLACES, { cards: [FP] });
  const recording = { caller: ADMIN, record: '{}', isRefused: false, idempotency: null };
  await (byApi ? calls(gate).evaluate({ ...request, recording }) : calls(gate).admit(request));
  return evaluation;
}

export function answer(gate: GateStub, evaluation: string, status: Status) {
  const kept = { cards: [FP], record: '{}' };
  const keptText = JSON.stringify({ places: PLACES, guest: true, reservationMs: RESERVATION_MS, ...kept });
  const told = { paymentId: 'pi_1', links: ['pi_1'] };
  return calls(gate).settle(outcome(evaluation, status, PLACES, { ...kept, ...told, keptText }));
}

export function report(gate: GateStub, evaluation: string, status: Status) {
  return calls(gate).report({ evaluation, status, paymentId: 'pi_1', links: ['pi_1'], caller: ADMIN });
}

/** What a webhook of Stripe tells of an intent whose tries failed at 3-D Secure; it is paid by no charge here. */
export function chargeless(change: Partial<ProcessorWord>, status: Status): ProcessorWord {
  const tryId = status === 'failed' ? 'pi_1:req_1' : null;
  return said({ tryId, ...change }, status === 'succeeded' ? 'pending' : status);
}

/** What a return tells: no try, no card, no time. Of a payment that a client named it must be the address's own. */
export function returned(status: Status, from?: string): ProcessorWord {
  const nobody = { ...said({}, status).stranger, places: [], cards: [] };
  const known = { tryId: null, cards: [], occurredAt: null, stranger: nobody };
  return said({ ...known, ...(from === undefined ? { isKept: true } : { onlyFrom: from }) }, status);
}

export const hear = async (gate: GateStub, one: ProcessorWord): Promise<Heard | undefined> =>
  (await calls(gate).hear([one]))[0];

/** What is counted for the card, by whatever name, and for the address. */
export async function counted(gate: GateStub): Promise<{ card: number; cardAndAddress: number; address: number }> {
  const sum = (all: Record<string, number>, rule: string) =>
    Object.entries(all).reduce((total, [name, count]) => total + (name.startsWith(`["${rule}"`) ? count : 0), 0);
  const all = await counts(gate);
  return { card: sum(all, 'guest_card'), cardAndAddress: sum(all, 'card_ip'), address: sum(all, 'guest_ip') };
}

/** The gate loses its memory; it must be there to lose any. */
export async function forget(gate: GateStub): Promise<void> {
  await counts(gate);
  await evictDurableObject(gate);
}

export const times = (count: number) => ({ card: count, cardAndAddress: count, address: count });
