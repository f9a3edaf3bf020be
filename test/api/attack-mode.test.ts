/**
 * Attack mode as a backend meets it: what a segment that is attacked is asked, who pays on, and what an operator says by
 * hand. Through the real gate.
 */

import { evictDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import type { ToldAttackMode, ToldSwitches } from '../../src/api/switches.ts';
import { answer, LIGHT, solved } from '../support/challenges.ts';
import { api, newMerchant, problemOf, tell } from './backend.ts';

const WATCHED = {
  attack_mode: { mode: 'auto' },
  step_up: { methods: ['proof_of_work'], proof_of_work: LIGHT },
};
const BANK = '910000';

type Said = Record<string, unknown>;

let homes = 0;
/** Each from a home of its own, with a card of its own. */
function guest(over: Said = {}): Said {
  homes++;
  const ip = `198.51.${Math.floor(homes / 250)}.${(homes % 250) + 1}`;
  const card = { fingerprint: `card_${homes}`, bin: BANK };
  return { ip, country: 'NL', asn: 64_500 + homes, card, amount: 1999, currency: 'EUR', ...over };
}

async function asks(merchant: string, attempt: Said, pass?: string): Promise<ToldEvaluation> {
  const told = await api('POST', '/evaluations', {
    body: { merchant, attempt, ...(pass === undefined ? {} : { pass }) },
  });
  expect(told.status, await told.clone().text()).toBe(200);
  return told.json();
}

/** Guests with cards of one bank, all declined; how many were let through. */
async function attack(merchant: string, tries: number, over: Said = {}): Promise<number> {
  let through = 0;
  for (let at = 0; at < tries; at++) {
    const { id, decision } = await asks(merchant, guest(over));
    if (decision !== 'allow') continue;
    through++;
    await tell(id, { status: 'failed', decline_reason: 'do_not_honor' });
  }
  return through;
}

const other = { card: { fingerprint: 'card_of_another_bank', bin: '920000' } };
const switches = async (merchant: string): Promise<ToldAttackMode> => {
  const told = (await (await api('GET', `/merchants/${merchant}/switches`)).json()) as ToldSwitches;
  return told.attack_mode as ToldAttackMode;
};
const turn = (merchant: string, said: Said) => api('POST', `/merchants/${merchant}/switches`, { body: said });

describe('one try a card of one bank, from ever new homes', () => {
  it('is stepped up after a few, and others pay on', async () => {
    const merchant = await newMerchant(WATCHED);
    // Buyers of other banks, so that it is known what is usual.
    for (let at = 0; at < 12; at++) {
      const { id } = await asks(merchant, guest({ card: { fingerprint: `good_${at}`, bin: `93000${at % 8}` } }));
      await tell(id, { status: 'succeeded' });
    }
    expect(await attack(merchant, 30)).toBeLessThan(16);
    const asked = await asks(merchant, guest());
    expect(asked.decision).toBe('challenge');
    expect(asked.reasons[0]).toMatchObject({ code: 'attack_mode', mode: 'enforce' });
    expect(asked.reasons[0]?.message).toContain(BANK);
    expect((await asks(merchant, guest(other))).decision).toBe('allow');
    const { level, segments } = await switches(merchant);
    expect(level).not.toBe('normal');
    expect(segments.some(({ segment }) => segment.includes(`bin:${BANK}`))).toBe(true);
  });

  it('lets in who passes the challenge, once', async () => {
    const merchant = await newMerchant(WATCHED);
    await attack(merchant, 25);
    const attempt = guest();
    const { challenge, decision } = await asks(merchant, attempt);
    expect(decision).toBe('challenge');
    const url = challenge?.url ?? '';
    const { pass } = (await (await answer(url, await solved(url))).json()) as { pass: string };
    const paid = await asks(merchant, attempt, pass);
    expect(paid).toMatchObject({ decision: 'allow' });
    expect((await asks(merchant, attempt, pass)).decision).toBe('challenge');
  });

  it('is remembered by a gate that begins anew', async () => {
    const merchant = await newMerchant(WATCHED);
    await attack(merchant, 25);
    expect((await asks(merchant, guest())).decision).toBe('challenge');
    await evictDurableObject(env.GATE.getByName(merchant));
    expect((await asks(merchant, guest())).decision).toBe('challenge');
  });

  it('is recorded and not asked of a watch in shadow', async () => {
    const merchant = await newMerchant({ ...WATCHED, attack_mode: { mode: 'shadow' } });
    expect(await attack(merchant, 25)).toBe(25);
    const asked = await asks(merchant, guest());
    expect(asked).toMatchObject({ decision: 'allow', reasons: [{ code: 'attack_mode', mode: 'shadow' }] });
  });
});

it('counts nothing that a processor did not decide', async () => {
  const merchant = await newMerchant(WATCHED);
  for (let at = 0; at < 25; at++) {
    const { id, decision } = await asks(merchant, guest());
    expect(decision).toBe('allow');
    await tell(id, { status: 'failed', decline_reason: 'processing_error' });
  }
  expect(await switches(merchant)).toMatchObject({ level: 'normal', segments: [] });
});

it('has one unlucky buyer try as often as he likes', async () => {
  const merchant = await newMerchant(WATCHED);
  expect(await attack(merchant, 25, { ip: '203.0.113.77' })).toBe(25);
  expect((await asks(merchant, guest())).decision).toBe('allow');
});

describe('by hand', () => {
  it('steps every stranger up at the next attempt, until it ends by itself', async () => {
    const merchant = await newMerchant(WATCHED);
    expect((await asks(merchant, guest())).decision).toBe('allow');
    const until = new Date(Date.now() + 1_500).toISOString();
    const turned = await turn(merchant, { attack_mode: 'on', until, reason: 'a flood of declines' });
    expect(await turned.json()).toMatchObject({ attack_mode: { state: 'on', until, reason: 'a flood of declines' } });
    const asked = await asks(merchant, guest(other));
    expect(asked).toMatchObject({ decision: 'challenge', reasons: [{ code: 'attack_mode' }] });
    await scheduler.wait(1_600);
    expect((await asks(merchant, guest(other))).decision).toBe('allow');
    expect(await switches(merchant)).toMatchObject({ state: 'auto' });
  });

  it('overrules the watch, and gives the word back to it', async () => {
    const merchant = await newMerchant(WATCHED);
    await attack(merchant, 25);
    expect((await turn(merchant, { attack_mode: 'off', reason: 'it is us' })).status).toBe(200);
    expect((await asks(merchant, guest())).decision).toBe('allow');
    expect((await turn(merchant, { attack_mode: 'auto' })).status).toBe(200);
    expect((await asks(merchant, guest())).decision).toBe('challenge');
  });

  it.each<[string, Said, number]>([
    ['both switches at once', { bypass: 'off', attack_mode: 'on' }, 422],
    ['neither', { reason: 'none' }, 422],
    ['an end of nothing', { attack_mode: 'auto', until: '2030-01-01T00:00:00Z' }, 422],
    ['an end that is over', { attack_mode: 'on', until: '2020-01-01T00:00:00Z' }, 422],
  ])('takes no %s', async (_, said, status) => {
    const merchant = await newMerchant(WATCHED);
    expect((await turn(merchant, said)).status).toBe(status);
  });

  it('needs a merchant that is watched', async () => {
    const merchant = await newMerchant();
    expect(await problemOf(await turn(merchant, { attack_mode: 'on' }))).toEqual([409, 'attack_mode_off']);
  });
});

it('makes the work four times as hard, whichever rule asks for it', async () => {
  const rules = [{ name: 'all', when: 'attempt.amount > 0', then: 'challenge' }];
  const merchant = await newMerchant({ ...WATCHED, rules });
  const posed = async (): Promise<number> => {
    const { challenge } = await asks(merchant, guest());
    const shown = await exports.default.fetch(challenge?.url ?? '', {
      headers: { 'cf-connecting-ip': '203.0.113.9', accept: 'application/json' },
    });
    const { methods } = (await shown.json()) as { methods: { task: { parameters: { data: { most: number } } } }[] };
    return methods[0]?.task.parameters.data.most ?? 0;
  };
  const usual = await posed();
  expect(usual).toBeGreaterThan(0);
  await turn(merchant, { attack_mode: 'on' });
  expect(await posed()).toBe(4 * usual);
  await turn(merchant, { attack_mode: 'off' });
  expect(await posed()).toBe(usual);
});

describe('a clean history', () => {
  const REGULAR = { ...WATCHED, clean_history: { min_payments: 2, min_age_days: 30 } };
  const DAY_MS = 86_400_000;

  async function remember(merchant: string, names: readonly string[], change: Said = {}): Promise<void> {
    const row = {
      first_at: Date.now() - 60 * DAY_MS,
      last_at: Date.now() - 10 * DAY_MS,
      payments: 3,
      spoiled: 0,
      ...change,
    };
    const { runInDurableObject } = await import('cloudflare:test');
    await runInDurableObject(env.GATE.getByName(merchant), (_, { storage }) => {
      for (const name of names) {
        storage.sql.exec(
          'INSERT OR REPLACE INTO histories (name, first_at, last_at, payments, spoiled) VALUES (?, ?, ?, ?, ?)',
          ...[name, row.first_at, row.last_at, row.payments, row.spoiled],
        );
      }
    });
  }

  it.each<[string, Said, string]>([
    ['of two payments, the first sixty days old', {}, 'allow'],
    ['that a dispute spoiled', { spoiled: 1 }, 'challenge'],
    ['of one payment', { payments: 1 }, 'challenge'],
    ['that began this week', { first_at: Date.now() - 5 * DAY_MS }, 'challenge'],
  ])('%s', async (_, change, decision) => {
    const merchant = await newMerchant(REGULAR);
    await remember(merchant, ['customer|cus_1'], change);
    await turn(merchant, { attack_mode: 'on' });
    expect((await asks(merchant, guest({ customer_id: 'cus_1' }))).decision).toBe(decision);
    expect((await asks(merchant, guest({ customer_id: 'cus_2' }))).decision).toBe('challenge');
  });

  it('passes rules that count strangers, and none of its own', async () => {
    const velocity = [
      { name: 'network', by: 'ip_prefix', limit: 2, window_seconds: 3600, then: 'block', in_flight: 'ignore' },
      { name: 'own', by: 'customer', limit: 4, window_seconds: 3600 },
    ];
    const merchant = await newMerchant({ ...REGULAR, velocity });
    await remember(merchant, ['customer|cus_1']);
    const here = { ip: '192.0.2.7' };
    for (const customer_id of ['cus_3', 'cus_4']) {
      const { id } = await asks(merchant, guest({ ...here, customer_id }));
      await tell(id, { status: 'failed' });
    }
    expect((await asks(merchant, guest({ ...here, customer_id: 'cus_5' }))).decision).toBe('block');
    for (let at = 0; at < 4; at++) {
      const spared = await asks(merchant, guest({ ...here, customer_id: 'cus_1' }));
      expect(spared).toMatchObject({ decision: 'allow' });
      expect(spared.reasons[0]?.message).toContain('a clean history is left alone');
      await tell(spared.id, { status: 'failed' });
    }
    expect((await asks(merchant, guest({ ...here, customer_id: 'cus_1' }))).decision).toBe('block');
  });
});
