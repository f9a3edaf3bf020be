// Sends a campaign to one target, counts the answers, and asks the processor how much of it arrived.
// Bounded: every attempt is sent once at most, and none after the campaign's time is over.

import { callOnce, type Line, openLine, type Reply } from '../loopback.ts';
import { type AnswerKind, readAnswer } from './answer.ts';
import type { Attempt, Campaign } from './campaigns.ts';

const campaignTimeoutMs = 60_000;
const attemptTimeoutMs = 30_000;

export interface Target {
  scheme: 'http' | 'https';
  port: number;
}

export interface Tally {
  sent: number;
  /** Attempts that the processor saw, by its own count. */
  reached: number;
  answers: Record<AnswerKind, number>;
  cardsFound: number;
  /** Answers that no part of the demo should give, and how often. */
  surprises: Record<string, number>;
}

export async function sendCampaign(
  campaign: Campaign,
  target: Target,
  shopPort: number,
  onAnswer: () => void,
): Promise<Tally> {
  const before = await countReached(shopPort);
  const line = openLine(target.scheme, target.port, campaign.parallel);
  const tally = emptyTally();
  const cardsFound = new Set<string>();
  const deadlineMs = Date.now() + campaignTimeoutMs;
  const queue = campaign.attempts.values();
  const drain = async (): Promise<void> => {
    for (const attempt of queue) {
      if (Date.now() > deadlineMs) return;
      tally.sent += 1;
      const kind = record(tally, await sendAttempt(line, attempt));
      if (kind === 'succeeded') cardsFound.add(attempt.card.number);
      onAnswer();
    }
  };
  await Promise.all(Array.from({ length: campaign.parallel }, drain));
  line.close();
  return { ...tally, cardsFound: cardsFound.size, reached: (await countReached(shopPort)) - before };
}

export function sendAttempt(line: Line, { address, card }: Attempt): Promise<Reply> {
  return line.call({
    method: 'POST',
    path: '/api/pay',
    // Believed under `wrangler dev` only; at Cloudflare's edge a client cannot set it.
    headers: { 'cf-connecting-ip': address },
    body: {
      card: { number: card.number, expiry: '12/34', cvc: card.cvc },
      email: 'buyer@example.com',
      amount: 1999,
      currency: 'EUR',
      billing: { country: 'NL' },
    },
    timeoutMs: attemptTimeoutMs,
  });
}

function record(tally: Tally, reply: Reply): AnswerKind {
  const { kind, wording } = readAnswer(reply);
  tally.answers[kind] += 1;
  if (kind === 'error') tally.surprises[wording] = (tally.surprises[wording] ?? 0) + 1;
  return kind;
}

async function countReached(shopPort: number): Promise<number> {
  const reply = await callOnce('http', shopPort, { method: 'GET', path: '/processor/stats' });
  if (reply.kind === 'silent' || reply.status !== 200) throw new Error('The shop no longer answers.');
  return (reply.body as { attempts: number }).attempts;
}

function emptyTally(): Tally {
  const answers = { succeeded: 0, declined: 0, refused: 0, error: 0 };
  return { sent: 0, reached: 0, answers, cardsFound: 0, surprises: {} };
}
