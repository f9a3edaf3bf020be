/**
 * One payment, tried with several cards: through the shop with one, and from the browser straight at the processor with
 * another. No card pays for another's failures, and none is taken for another.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { newEvaluationId } from '../../src/gate/evaluation-id.ts';
import type { ProcessorWord, Word } from '../../src/gate/gate-messages.ts';
import { asking, calls, counts, type GateStub, newGate, outcome, RESERVATION_MS, touch } from './asking.ts';

const name = (kind: string, of: string) => `${kind}_${of.padEnd(43, '0')}`;
/** The card that the shop is told, a decoy, and the card that is really tried. */
const [DECOY, TRIED] = [name('fp', 'd'), name('fp', 't')];
const PF_TRIED = name('pf', 't');
const IP = '203.0.113.9';
const key = (...parts: string[]) => JSON.stringify(parts);
const byCard = (card: string) => touch(key('guest_card', card), { rule: 'guest_card', limit: 100 });
const byAddress = touch(key('guest_ip', IP), { rule: 'guest_ip', limit: 100 });
const placesOf = (card: string) => [touch(key('card_ip', card, IP), { limit: 100 }), byCard(card), byAddress];

let gate: GateStub;
beforeEach(() => {
  gate = newGate();
});

let events = 0;
function said(change: Partial<ProcessorWord>): ProcessorWord {
  const stranger = { evaluation: newEvaluationId('acme', Date.now()), guest: true, reservationMs: RESERVATION_MS };
  return {
    event: `stripe|evt_${events++}`,
    word: { status: 'failed', paymentId: 'pi_1' },
    labels: [],
    evaluation: null,
    paymentIds: ['pi_1'],
    tryId: 'ch_1',
    cards: [PF_TRIED],
    occurredAt: Date.now() + 100,
    stranger: { ...stranger, places: [byCard(PF_TRIED)], cards: [PF_TRIED] },
    ...change,
  };
}

const hear = async (change: Partial<ProcessorWord>) => (await calls(gate).hear([said(change)]))[0];

/** An attempt through the shop, of which the answer tells the payment. */
async function attempt(status: Word['status'], cards: readonly string[] = [DECOY], at = Date.now()): Promise<string> {
  const id = newEvaluationId('acme', at);
  const places = cards.length === 0 ? [byAddress] : placesOf(cards[0] ?? '');
  await calls(gate).admit(asking(id, places, { cards }));
  const keptText = JSON.stringify({ places, guest: true, reservationMs: RESERVATION_MS, cards, record: '{}' });
  await calls(gate).settle(outcome(id, status, places, { cards, links: ['pi_1'], paymentId: 'pi_1', keptText }));
  return id;
}

const join = (...names: readonly string[]) => calls(gate).close({ settlements: [], joins: [names] });

async function counted() {
  const all = await counts(gate);
  const of = (rule: string, card: string) =>
    Object.entries(all).reduce((sum, [one, count]) => (one.startsWith(`["${rule}","${card}"`) ? sum + count : sum), 0);
  const tried = of('guest_card', TRIED) + of('guest_card', PF_TRIED);
  return { decoy: of('guest_card', DECOY), tried, address: of('guest_ip', IP) };
}

describe('a further try of a payment, straight at the processor', () => {
  it('counts for the card that was tried, and for the address', async () => {
    await attempt('failed');
    await hear({ tryId: 'ch_0', cards: [] });
    await hear({ tryId: 'ch_2' });
    await hear({ tryId: 'ch_2' });
    expect(await counted()).toEqual({ decoy: 1, tried: 1, address: 2 });
  });

  it('makes the card no other', async () => {
    await join(TRIED, PF_TRIED);
    await attempt('failed');
    await hear({ tryId: 'ch_0', cards: [] });
    await hear({ tryId: 'ch_2' });
    await attempt('failed', [PF_TRIED]);
    expect(await counted()).toEqual({ decoy: 1, tried: 2, address: 3 });
  });

  it('settles no attempt of another card that still waits', async () => {
    await join(TRIED, PF_TRIED);
    const waiting = await attempt('pending');
    expect(await hear({})).toMatchObject({ kind: 'recorded', evaluation: `${waiting}/ch_1` });
    expect(await hear({})).toMatchObject({ kind: 'exists' });
    expect(await hear({ tryId: null })).toMatchObject({ kind: 'recorded' });
    expect(await counted()).toEqual({ decoy: 0, tried: 2, address: 2 });
    await hear({ tryId: 'ch_9', cards: [name('pf', 'd')] });
    expect(await counted()).toEqual({ decoy: 1, tried: 2, address: 3 });
  });

  it('of an attempt that told no card counts for the card that was tried too', async () => {
    await attempt('pending', []);
    await hear({});
    await hear({ tryId: 'ch_2' });
    await hear({ tryId: 'ch_2' });
    expect(await counted()).toEqual({ decoy: 0, tried: 2, address: 2 });
  });
});

describe('failures that were nobody’s', () => {
  it('stay with their card when an attempt with another card turns out to be of the same payment', async () => {
    await join(TRIED, PF_TRIED);
    await hear({});
    await hear({ tryId: 'ch_2' });
    await attempt('failed');
    expect(await counted()).toEqual({ decoy: 1, tried: 2, address: 3 });
  });

  it('before the attempt began are not the attempt itself', async () => {
    await hear({
      occurredAt: Date.now() - 60_000,
      stranger: { ...said({}).stranger, evaluation: newEvaluationId('acme', Date.now() - 60_000) },
    });
    const id = await attempt('succeeded');
    const told = await calls(gate).tell(id, { kind: 'admin' });
    expect(told).toMatchObject({ stored: { outcome: { status: 'succeeded', contradicted: false } } });
    expect(await counted()).toEqual({ decoy: 0, tried: 1, address: 1 });
  });

  it('are counted once, though more of them are told again than an attempt takes over', async () => {
    const tries = Array.from({ length: 40 }, (_, i) => `ch_${i}`);
    for (const tryId of tries) await hear({ tryId });
    await attempt('unknown', []);
    for (const tryId of tries) await hear({ tryId });
    expect((await counted()).tried).toBe(40);
  });
});

it('two cards tried on one payment within a second are not taken for each other', async () => {
  const now = Date.now();
  await attempt('failed', [DECOY], now);
  await attempt('failed', [TRIED], now + 500);
  await hear({ occurredAt: Math.floor(now / 1000) * 1000 });
  await hear({ tryId: 'ch_2', occurredAt: Math.floor(now / 1000) * 1000, cards: [name('pf', 'd')] });
  await attempt('failed', [PF_TRIED], now + 2_000);
  expect(await counts(gate)).toMatchObject({ [key('guest_card', PF_TRIED)]: 1 });
});
