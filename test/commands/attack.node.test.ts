/**
 * `attack` as it is run, against the production bundle on a bare workerd: a bank's cards are tried, and an operator looks.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchOnLoopback } from '../../commands/cordon/loopback-fetch.ts';
import { type AttackMode, type Cordon, createClient } from '../../src/client/client.ts';
import { ADMIN_KEY } from '../support/bare-config.ts';
import { BareWorkerd } from '../support/bare-workerd.ts';

const COMMAND = join(import.meta.dirname, '../../commands/cordon.ts');
const BANK = '910000';

let bare: BareWorkerd;
let url: string;
let cordon: Cordon;

beforeAll(async () => {
  bare = await BareWorkerd.start();
  url = `https://127.0.0.1:${bare.ports.https}`;
  cordon = createClient({ url, key: ADMIN_KEY, onUnreachable: 'throw', fetch: fetchOnLoopback });
  const watched = { attack_mode: { mode: 'auto' }, step_up: { methods: ['proof_of_work'] } };
  await cordon.merchants.put('acme', { id: 'acme', ...watched });
  await cordon.merchants.put('plain', { id: 'plain' });
});
afterAll(() => bare.dispose());

async function run(...words: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [COMMAND, 'attack', ...words], {
    env: { PATH: process.env.PATH, NO_COLOR: '1', CORDON_URL: url, CORDON_ADMIN_KEY: ADMIN_KEY },
  });
  child.stdin.end();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, error };
}

const told = async (...words: string[]) =>
  JSON.parse((await run(...words, '--json')).out) as { merchant: string; attack_mode: AttackMode };

/** Each from a home of its own, with a card of its own. */
async function asks(home: number) {
  const card = { fingerprint: `card_${home}`, bin: BANK };
  const attempt = { ip: `198.51.100.${home}`, country: 'NL', asn: 64_500 + home, card, amount: 1999, currency: 'EUR' };
  const verdict = await cordon.evaluate({ merchant: 'acme', attempt });
  if (verdict.kind !== 'evaluated') throw new Error(verdict.kind);
  return verdict.evaluation;
}

describe('by hand', () => {
  it('is turned on for a while, seen, in force, and given back to the watch', async () => {
    expect(await run('acme', 'show')).toMatchObject({
      code: 0,
      out: 'acme: attack mode is auto: nothing was said by hand, the watch alone says.\nThe watch sees no attack.\n',
    });
    const before = Date.now();
    const on = await run('acme', 'on', '--for', '2h', '--reason', 'a flood of declines');
    expect(on).toMatchObject({ code: 0, out: expect.stringContaining('every stranger is asked for a challenge') });
    for (const word of ['a flood of declines', 'Turned by admin', 'Until 20']) expect(on.out).toContain(word);
    const { attack_mode: mode } = await told('acme', 'show');
    expect(mode).toMatchObject({ state: 'on', reason: 'a flood of declines', turned_by: 'admin', level: 'normal' });
    const lastsMs = Date.parse(mode.until ?? '') - before;
    expect(lastsMs).toBeGreaterThan(2 * 3_600_000 - 1_000);
    expect(lastsMs).toBeLessThan(2 * 3_600_000 + 60_000);
    expect((await asks(1)).decision).toBe('challenge');
    expect((await told('acme', 'auto')).attack_mode).toMatchObject({ state: 'auto', until: null, reason: null });
    expect((await asks(2)).decision).toBe('allow');
  });

  it('is turned off until somebody says otherwise, and says so', async () => {
    const off = await run('acme', 'off');
    expect(off.out).toContain('nobody is asked for a challenge');
    expect(off.out).toContain('Until somebody says: attack acme auto. Turned by admin');
    expect(off.out).toContain('none was given');
    await run('acme', 'auto');
  });

  it.each([
    ['a merchant who has nothing watched', ['plain', 'on'], 'attack_mode_off'],
    ['an end that is over', ['acme', 'on', '--until', '2020-01-01T00:00:00Z'], '/until'],
    ['a merchant who is none', ['nobody', 'show'], 'not_found'],
  ])('refuses %s', async (_, words, why) => {
    const { code, out, error } = await run(...words);
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain(why);
  });
});

it('shows what is attacked: since when, how many failed of how many, and what is usual', async () => {
  for (let home = 10; home < 40; home++) {
    const { id, decision } = await asks(home);
    if (decision === 'allow') await cordon.reportOutcome(id, { status: 'failed', decline_reason: 'do_not_honor' });
  }
  const { attack_mode: mode } = await told('acme', 'show');
  const one = mode.segments.find(({ segment }) => segment.includes(`bin:${BANK}`));
  expect(mode.level).not.toBe('normal');
  const { out } = await run('acme', 'show');
  expect(out).toMatch(/segment +│ level +│ since +│ last seen +│ failed of tried +│ usual/);
  expect(out).toContain(one?.segment);
  expect(out).toContain(`${one?.failures} of ${one?.attempts}`);
  expect(out).toContain(one?.since.slice(0, 10));
});
