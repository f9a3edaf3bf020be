/**
 * Challenges at the gate: counted once, answered a few times, and their pass used by one attempt, in whatever order and
 * however often calls come.
 */
import { describe, expect, it } from 'vitest';
import type { AskedChallenge, ShownPass } from '../../src/gate/challenge-messages.ts';
import type { AdmitRequest } from '../../src/gate/gate-messages.ts';
import { asking, calls, counts, type GateStub, newGate, rowsOf, touch } from './asking.ts';

const OVER = Date.now() + 3_600_000;
const byIp = touch('["step_up_ip","192.0.2.1"]', { rule: 'step_up_ip', limit: 3 });
const byCard = touch('["step_up_card","fp_a"]', { rule: 'step_up_card', limit: 3 });
const challenge = (evaluation: string, touches = [byIp, byCard]): AskedChallenge => ({
  evaluation,
  touches,
  allOverAt: OVER,
});
const pass = (of: string, change: Partial<ShownPass> = {}): ShownPass => ({
  challenge: of,
  expiresAt: OVER,
  allOverAt: OVER,
  ...change,
});
const admitted = async (gate: GateStub, evaluation: string, shown: ShownPass, change: Partial<AdmitRequest> = {}) => {
  const asked = asking(evaluation, [touch('["card_ip","x"]', { limit: 99 })], { pass: shown, ...change });
  const said = await calls(gate).admit(asked);
  return [said.kind, 'pass' in said ? said.pass : undefined];
};
const unanswered = (gate: GateStub) => counts(gate);

describe('what is unanswered', () => {
  it('is counted once for each challenge, whoever is told twice', async () => {
    const gate = newGate();
    for (let told = 0; told < 3; told++) expect((await calls(gate).askChallenge(challenge('c1'))).isAsked).toBe(true);
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 1, [byCard.key]: 1 });
  });

  it('shuts at the limit, and no more are counted or asked', async () => {
    const gate = newGate();
    const asked = [];
    for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) asked.push(await calls(gate).askChallenge(challenge(id)));
    expect(asked.map(({ isAsked }) => isAsked)).toEqual([true, true, true, false, false]);
    expect(asked[2]?.verdicts.map(({ state }) => state)).toEqual(['shut', 'shut']);
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 3, [byCard.key]: 3 });
    expect(await calls(gate).answerChallenge(challenge('c4'))).toBe('limited');
    expect(await calls(gate).answerChallenge(challenge('c3'))).toBe('open');
  });

  it('is taken back by the one that is passed, once, which opens the key again', async () => {
    const gate = newGate();
    for (const id of ['c1', 'c2', 'c3']) await calls(gate).askChallenge(challenge(id));
    for (let told = 0; told < 3; told++) await calls(gate).concludeChallenge('c2', 'passed');
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 2, [byCard.key]: 2 });
    expect((await calls(gate).askChallenge(challenge('c4'))).isAsked).toBe(true);
  });

  it('grows by each answer that failed', async () => {
    const gate = newGate();
    await calls(gate).askChallenge(challenge('c1'));
    await calls(gate).answerChallenge(challenge('c1'));
    await calls(gate).concludeChallenge('c1', 'failed');
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 2, [byCard.key]: 2 });
  });

  it('is counted under both, where it is answered before it is known to be asked', async () => {
    const gate = newGate();
    const elsewhere = touch('["step_up_ip","192.0.2.9"]', { rule: 'step_up_ip', limit: 3 });
    expect(await calls(gate).answerChallenge(challenge('c1', [elsewhere]))).toBe('open');
    await calls(gate).askChallenge(challenge('c1'));
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 1, [byCard.key]: 1, [elsewhere.key]: 1 });
    await calls(gate).concludeChallenge('c1', 'passed');
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 0, [byCard.key]: 0, [elsewhere.key]: 0 });
    await calls(gate).askChallenge(challenge('c1'));
    expect(await unanswered(gate)).toEqual({ [byIp.key]: 0, [byCard.key]: 0, [elsewhere.key]: 0 });
  });

  it('refuses whoever answers from an address that is shut, for a challenge that nobody told of', async () => {
    const gate = newGate();
    for (const id of ['c1', 'c2', 'c3']) await calls(gate).askChallenge(challenge(id));
    expect(await calls(gate).answerChallenge(challenge('c9', [byIp]))).toBe('limited');
  });
});

it('looks at five answers, and gives one back that is undecided', async () => {
  const gate = newGate();
  const answer = () => calls(gate).answerChallenge(challenge('c1'));
  const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(answer));
  expect(answers.filter((leave) => leave === 'open')).toHaveLength(5);
  await calls(gate).concludeChallenge('c1', 'undecided');
  expect(await answer()).toBe('open');
  expect(await answer()).toBe('limited');
});

describe('a pass', () => {
  it('is used by one of a hundred attempts at once', async () => {
    const gate = newGate();
    await calls(gate).askChallenge(challenge('c1'));
    const all = await Promise.all(Array.from({ length: 100 }, (_, i) => admitted(gate, `ev_${i}`, pass('c1'))));
    expect(all.filter(([kind]) => kind === 'admitted')).toEqual([['admitted', 'good']]);
    expect(all.filter(([kind]) => kind === 'refused')).toHaveLength(99);
    expect(all.filter(([, use]) => use === 'used')).toHaveLength(99);
  });

  it('of a challenge that the gate never heard of is used once too', async () => {
    const gate = newGate();
    expect(await admitted(gate, 'ev_1', pass('c7'))).toEqual(['admitted', 'good']);
    expect(await admitted(gate, 'ev_2', pass('c7'))).toEqual(['refused', 'used']);
  });

  it('gives the same attempt the same answer again', async () => {
    const gate = newGate();
    for (let asked = 0; asked < 3; asked++) {
      expect(await admitted(gate, 'ev_1', pass('c1'))).toEqual(['admitted', 'good']);
    }
    expect(await admitted(gate, 'ev_2', pass('c1'))).toEqual(['refused', 'used']);
  });

  it('is not used up by an attempt that is not let in', async () => {
    const gate = newGate();
    const busy = touch('["guest_ip","y"]', { limit: 1 });
    await calls(gate).admit(asking('ev_0', [busy]));
    const refused = await calls(gate).admit(asking('ev_1', [busy], { pass: pass('c1') }));
    expect([refused.kind, 'pass' in refused && refused.pass]).toEqual(['refused', 'good']);
    expect(await admitted(gate, 'ev_2', pass('c1'))).toEqual(['admitted', 'good']);
  });

  it('that is over is as good as used', async () => {
    const gate = newGate();
    const over = pass('c1', { expiresAt: Date.now() });
    expect(await admitted(gate, 'ev_1', over)).toEqual(['refused', 'used']);
  });

  it('of a challenge that was asked when too many were open is none, whatever it was given for', async () => {
    const gate = newGate();
    for (const id of ['c1', 'c2', 'c3', 'c4']) await calls(gate).askChallenge(challenge(id));
    await calls(gate).concludeChallenge('c4', 'passed');
    expect(await admitted(gate, 'ev_1', pass('c4'))).toEqual(['refused', 'used']);
    expect(await calls(gate).answerChallenge(challenge('c4'))).toBe('limited');
    expect(await admitted(gate, 'ev_1', pass('c3'))).toEqual(['admitted', 'good']);
  });

  it('is taken where nothing is counted at all, and holds no place', async () => {
    const gate = newGate();
    const ask = (evaluation: string) => calls(gate).admit(asking(evaluation, [], { pass: pass('c1') }));
    expect(await ask('ev_1')).toMatchObject({ kind: 'admitted', pass: 'good', places: [] });
    expect(await ask('ev_2')).toMatchObject({ kind: 'refused', pass: 'used' });
  });

  it('is used through the texts in which calls travel as well', async () => {
    const gate = newGate();
    const text = (evaluation: string) =>
      calls(gate).admitText(JSON.stringify(asking(evaluation, [touch('["card_ip","z"]')], { pass: pass('c1') })));
    expect(JSON.parse(await text('ev_1'))).toMatchObject({ kind: 'admitted', pass: 'good' });
    expect(JSON.parse(await text('ev_2'))).toMatchObject({ kind: 'refused', pass: 'used' });
  });

  it('is remembered until every pass of its challenge is over, by one row', async () => {
    const gate = newGate();
    await calls(gate).askChallenge({ ...challenge('c1'), allOverAt: OVER - 1_000 });
    await admitted(gate, 'ev_1', pass('c1'));
    const rows = await rowsOf<{ used_by: string; expires_at: number }>(gate, 'SELECT * FROM challenges');
    expect(rows).toMatchObject([{ used_by: 'ev_1', expires_at: OVER }]);
  });
});
