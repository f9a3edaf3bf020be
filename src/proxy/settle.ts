/**
 * Takes outcomes to the gate before anyone hears of them, and goes on trying when the gate does not answer.
 */
import type { Policy } from '../config/policy.ts';
import type { GateAnswer, Gates } from '../gate/gate-client.ts';
import type { Closing } from '../gate/gate-messages.ts';
import { close } from '../gate/text-calls.ts';
import type { LineOf } from '../journal/events.ts';
import { log } from '../journal/log.ts';
import type { Afterwards } from './edge.ts';

/** After an answer the platform lets work go on for 30 seconds. */
const RETRY_DELAYS_MS = [500, 2_000, 6_000];

export interface Insisting {
  readonly policy: Policy;
  readonly afterwards: Afterwards;
}

export interface Settling extends Insisting {
  readonly gates: Gates;
}

/** Tells outcomes. Where they are not durable by then, the attempts to make them so continue after the answer. */
export function settle(closing: Closing, settling: Settling): Promise<Told<unknown>> {
  const lost = () => closing.settlements.map(({ evaluation: id }) => ({ id }));
  return insist({ tell: () => close(settling.gates, settling.policy, closing), lost }, settling);
}

/** By what a lost outcome is named in the log. */
export type Lost = Omit<LineOf<'outcome_lost'>, 'event' | 'merchant'>;

/** What is told to the gate, and what the log says if it never hears of it. */
export interface Telling<T> {
  readonly tell: () => Promise<GateAnswer<T>>;
  readonly lost: () => readonly Lost[];
}

export type Told<T> = { readonly isDurable: true; readonly value: T } | { readonly isDurable: false };

/** As `settle`, for whatever is told. */
export async function insist<T>({ tell, lost }: Telling<T>, { policy, afterwards }: Insisting): Promise<Told<T>> {
  const answer = await tell();
  if (answer.kind === 'answered') return { isDurable: true, value: answer.value };
  afterwards(keepTrying(async () => (await tell()).kind === 'answered', lost, policy));
  return { isDurable: false };
}

async function keepTrying(
  isTold: () => Promise<boolean>,
  lost: Telling<unknown>['lost'],
  { merchant }: Policy,
): Promise<void> {
  for (const delayMs of RETRY_DELAYS_MS) {
    await scheduler.wait(delayMs);
    if (await isTold()) return;
  }
  for (const one of lost()) log({ event: 'outcome_lost', merchant, ...one });
}
