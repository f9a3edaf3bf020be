// `bypass --rehearse`: what an operator does at night, done at the demo by day, with the time of each step. A payer is
// shut out, bypassed, guarded again by hand, and guarded again by the clock.

import { setTimeout as wait } from 'node:timers/promises';
import type { Cordon } from '../../src/client/client.ts';
import { drawAddress } from '../attack/addresses.ts';
import { repeatDeadCard, type TriedCard } from '../attack/cards.ts';
import { sendAttempt } from '../attack/sender.ts';
import { callOnce, type Line, openLine } from '../loopback.ts';
import type { Ports } from '../ports.ts';
import { type Said, table } from './answers.ts';
import { UsageError } from './usage.ts';
import type { World } from './world.ts';

const merchant = 'demo';
// The status alone: what goes on untouched may come back compressed.
const refused = 'refused by Cordon (403)';
const forwarded = 'declined by the shop (402)';
const pollMs = 50;
const patienceMs = 30_000;
const triesToShutOut = 12;
const shortMs = 8_000;
const reason = 'rehearsal';

interface Step {
  what: string;
  /** What a payment was answered. */
  answer: string;
  /** From what was asked to the first payment that was answered so; null where nothing was waited for. */
  tookMs: number | null;
}

export async function rehearse(cordon: Cordon, ports: Ports, { complain }: World): Promise<Step[]> {
  const line = openLine('https', ports.cordon);
  const [card] = repeatDeadCard(1);
  if (card === undefined) throw new Error('there is no card');
  const payer: Payer = { line, address: drawAddress(), card };
  try {
    await demandDemo(ports);
    return await steps(cordon, payer);
  } finally {
    line.close();
    await cordon.switches
      .turn(merchant, { bypass: 'off', reason })
      .catch(() => complain('The bypass may be on still!\n'));
  }
}

interface Payer {
  line: Line;
  address: string;
  card: TriedCard;
}

async function steps(cordon: Cordon, payer: Payer): Promise<Step[]> {
  const done: Step[] = [{ what: 'a payer is shut out', answer: await shutOut(payer), tookMs: null }];
  const turn = (state: 'on' | 'off', forMs = 60_000) =>
    state === 'off'
      ? cordon.switches.turn(merchant, { bypass: 'off', reason })
      : cordon.switches.turn(merchant, { bypass: 'on', until: new Date(Date.now() + forMs).toISOString(), reason });
  let asked = Date.now();
  await turn('on');
  done.push({ what: 'bypass on: the same payment goes on', ...(await until(forwarded, payer, asked)) });
  asked = Date.now();
  await turn('off');
  done.push({ what: 'bypass ended: refused again', ...(await until(refused, payer, asked)) });
  asked = Date.now();
  const ends = asked + shortMs;
  await turn('on', shortMs);
  done.push({ what: `bypass for ${shortMs / 1000} s`, ...(await until(forwarded, payer, asked)) });
  await wait(Math.max(0, ends - Date.now() - 500));
  done.push({ what: 'its time over, by itself (from that moment)', ...(await until(refused, payer, ends)) });
  return done;
}

async function shutOut(payer: Payer): Promise<string> {
  for (let tries = 0; tries < triesToShutOut; tries++) {
    const answer = await pay(payer);
    if (answer === refused) return answer;
  }
  throw new UsageError('The demo merchant refuses nobody: is its configuration that of examples/merchant.json?');
}

/** Pays until it is answered so; `from` in ms since the epoch. */
async function until(answer: string, payer: Payer, from: number): Promise<Omit<Step, 'what'>> {
  let last = '';
  while (Date.now() < from + patienceMs) {
    last = await pay(payer);
    if (last === answer) return { answer, tookMs: Date.now() - from };
    await wait(pollMs);
  }
  throw new UsageError(`Within ${patienceMs / 1000} s a payment was answered ${last}, never ${answer}: it failed.`);
}

async function pay({ line, address, card }: Payer): Promise<string> {
  const reply = await sendAttempt(line, { address, card });
  if (reply.kind === 'silent') return `no answer: ${reply.reason}`;
  if (reply.status === 403) return refused;
  return reply.status === 402 ? forwarded : `${reply.status}`;
}

async function demandDemo({ cordon, shop }: Ports): Promise<void> {
  const health = await callOnce('https', cordon, { method: 'GET', path: '/.cordon/health' });
  const stats = await callOnce('http', shop, { method: 'GET', path: '/processor/stats' });
  if (health.kind === 'answered' && stats.kind === 'answered' && stats.status === 200) return;
  throw new UsageError('There is no demo to rehearse at. Start it in another terminal: npm start');
}

export function sayRehearsal(steps: readonly Step[]): Said {
  const rows = steps.map(({ what, answer, tookMs }) => [what, answer, tookMs === null ? '' : `${tookMs} ms`]);
  return { json: { steps }, text: table(['step', 'a payment is answered', 'after'], rows) };
}
