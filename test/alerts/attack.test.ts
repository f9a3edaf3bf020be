/**
 * Attack mode told to whom the merchant names: by the attempts that meet it, in the API and in front of a checkout, and by
 * the look of the alerts object, which alone knows that it is over.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToldSwitches } from '../../src/api/switches.ts';
import { Gate } from '../../src/gate/gate.ts';
import { api, configure, evaluated, tell } from '../api/backend.ts';
import { payRoute, putAcme } from '../support/merchant.ts';
import type { StandInReceiver } from '../support/receiver.ts';
import { cards, pay } from '../support/shopper.ts';
import { alertsTo, DAY, HOUR, live, MINUTE, overview, receiving, ring, SECOND, watched } from './stage.ts';

const BANK = '910000';
const WATCHED = { ...alertsTo(), attack_mode: { mode: 'auto' }, step_up: { methods: ['proof_of_work'] } };

let receiver: StandInReceiver;
let homes = 0;
beforeEach(() => {
  receiver = receiving();
});

/** From a home of its own, with a card of its own. */
function guest() {
  homes++;
  const ip = `198.51.${Math.floor(homes / 250)}.${(homes % 250) + 1}`;
  const card = { fingerprint: `card_${homes}`, bin: BANK };
  return { ip, country: 'NL', asn: 64_500 + homes, card, amount: 1999, currency: 'EUR' };
}

/** A try that the bank declines, where it is let through. */
async function tries(merchant: string): Promise<void> {
  const { id, decision } = await evaluated(merchant, guest());
  if (decision === 'allow') await tell(id, { status: 'failed', decline_reason: 'do_not_honor' });
}

async function levelOf(merchant: string): Promise<string | undefined> {
  const told = (await (await api('GET', `/merchants/${merchant}/switches`)).json()) as ToldSwitches;
  return told.attack_mode?.level;
}

/** Until the watch sees it, and not once more: no attempt has met it. */
async function attackUnmet(merchant: string): Promise<void> {
  for (let at = 0; at < 40 && (await levelOf(merchant)) === 'normal'; at++) await tries(merchant);
  expect(await levelOf(merchant)).not.toBe('normal');
}

const turn = async (merchant: string, said: object) =>
  expect((await api('POST', `/merchants/${merchant}/switches`, { body: said })).status).toBe(200);

/** What was told comes with the alarm that it sets; the round of the clock is five minutes away. */
const arrives = (merchant: string, types: readonly string[]) =>
  vi.waitFor(async () => {
    await live(merchant, SECOND, SECOND);
    expect(receiver.types).toEqual(types);
  });

/** Its first round is behind it. */
async function watchedFor(change: object): Promise<string> {
  const merchant = await watched({ ...WATCHED, ...change });
  await ring(merchant);
  return merchant;
}

describe('an attempt that meets it', () => {
  it.each([
    ['auto', 'auto', WATCHED.step_up],
    ['shadow', 'shadow', WATCHED.step_up],
    ['auto, and nothing to meet a challenge', 'auto', undefined],
  ])('tells of it once, by its segment and by no payer (%s)', async (_, mode, step_up) => {
    const merchant = await watchedFor({ attack_mode: { mode }, step_up });
    for (let at = 0; at < 40; at++) await tries(merchant);
    await arrives(merchant, ['attack.began']);
    const { data } = receiver.last;
    const { reason } = data.details as { reason: string };
    expect(reason).toMatch(/^\S+ is (suspicious|under attack): [\d.]+ of \d+ failed, \d+% are usual/);
    expect(data.summary).toContain(reason);
    expect(reason).not.toContain(';');
    expect(receiver.arrived.at(-1)?.body).not.toMatch(/198\.51\.|card_\d/);
    await live(merchant, 4 * MINUTE);
    expect(receiver.types).toEqual(['attack.began']);
  });

  it('tells of it in front of a checkout too', async () => {
    await watched();
    await putAcme({ ...WATCHED, routes: [payRoute] });
    await ring('acme');
    await turn('acme', { attack_mode: 'on', reason: 'a flood of declines' });
    const [number = ''] = cards(1);
    const body = JSON.stringify({ card: { number, cvc: '123' }, amount: 1999 });
    expect((await pay({ ip: '198.18.7.7', body })).status).toBe(403);
    await arrives('acme', ['attack.began']);
    expect(receiver.last.data).toMatchObject({ merchant: 'acme', details: { reason: 'all is under attack: by hand' } });
  });

  it('tells nobody where no attack is met', async () => {
    const merchant = await watchedFor({});
    for (let at = 0; at < 3; at++) await tries(merchant);
    await live(merchant, 20 * MINUTE);
    expect(receiver.arrived).toEqual([]);
    expect((await overview(merchant)).bursts).toEqual([]);
  });
});

describe('the round', () => {
  it('tells of an attack that no attempt has met, and that it is over once the gate sees none', async () => {
    const merchant = await watchedFor({});
    await attackUnmet(merchant);
    await live(merchant, 5 * SECOND, SECOND);
    expect(receiver.types).toEqual([]);
    await live(merchant, 6 * MINUTE);
    expect(receiver.types).toEqual(['attack.began']);
    expect(receiver.last.data.details).toMatchObject({ reason: expect.stringContaining(' failed, ') });
    await live(merchant, 20 * MINUTE);
    expect(await levelOf(merchant)).not.toBe('normal');
    expect(receiver.types).toEqual(['attack.began']);
    await live(merchant, 4 * HOUR);
    expect(await levelOf(merchant)).toBe('normal');
    expect(receiver.types).toEqual(['attack.began', 'attack.ended']);
    expect((await overview(merchant)).bursts[0]?.ended_at).not.toBeNull();
  });

  it('ends nothing while it is turned on by hand, and all once the watch alone says', { timeout: 60_000 }, async () => {
    const merchant = await watchedFor({});
    await turn(merchant, { attack_mode: 'on', reason: 'we saw them' });
    await live(merchant, 20 * MINUTE);
    expect(receiver.types).toEqual([]);
    await tries(merchant);
    await live(merchant, DAY + 2 * HOUR, HOUR);
    expect(receiver.types[0]).toBe('attack.began');
    expect(receiver.types).not.toContain('attack.ended');
    await turn(merchant, { attack_mode: 'auto' });
    await live(merchant, 10 * MINUTE);
    expect(receiver.types.at(-1)).toBe('attack.ended');
  });

  it('leaves all as it is while the gate does not answer', async () => {
    const merchant = await watchedFor({});
    await attackUnmet(merchant);
    await live(merchant, 6 * MINUTE);
    vi.spyOn(Gate.prototype, 'attackState').mockImplementation(() => {
      throw new Error('away');
    });
    await live(merchant, 5 * HOUR, HOUR);
    expect(receiver.types).toEqual(['attack.began']);
  });

  it('ends it when attack mode leaves the configuration', async () => {
    const merchant = await watchedFor({});
    await attackUnmet(merchant);
    await live(merchant, 6 * MINUTE);
    await configure(merchant, alertsTo());
    await live(merchant, 6 * MINUTE);
    expect(receiver.types).toEqual(['attack.began', 'attack.ended']);
  });
});
