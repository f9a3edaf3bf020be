/**
 * What the record hears of challenges, in front of a checkout and from the API: asked once a method, passed, failed.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ToldEvaluation } from '../../src/api/stored-evaluations.ts';
import { api, newMerchant } from '../api/backend.ts';
import { type Asked, answer, HOSTING, LIGHT, RISKY, solved } from '../support/challenges.ts';
import { putAcme } from '../support/merchant.ts';
import { StandInOrigin } from '../support/origin.ts';
import { cards, pay } from '../support/shopper.ts';
import { Written } from '../support/written.ts';

const turnstile = { site_key: '0x4AAAAAAA-site', secret_name: 'CORDON_TURNSTILE_TESTS' };
const step_up = { methods: ['turnstile', 'proof_of_work'], turnstile, proof_of_work: LIGHT };
let written: Written;
let tests = 0;

beforeEach(async () => {
  tests++;
  new StandInOrigin();
  await putAcme({ ...RISKY, step_up });
  written = new Written();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const ask = async (): Promise<Asked> =>
  (await pay({ cf: HOSTING, ip: `10.11.0.${tests}`, card: cards(100)[tests + 50] ?? '' })).json();
const stepsOf = (evaluation: string) =>
  written.of('challenge').flatMap((it) => (it.evaluation === evaluation ? [`${it.what}/${it.method}`] : []));

it('asked once a method, passed by one and otherwise than by the others', async () => {
  const { challenge, evaluation } = await ask();
  expect((await answer(challenge.url, await solved(challenge.url))).status).toBe(200);
  await written.once('challenge', 4);
  expect(stepsOf(evaluation).sort()).toEqual([
    'asked/proof_of_work',
    'asked/turnstile',
    'otherwise/turnstile',
    'passed/proof_of_work',
  ]);
});

it('failed', async () => {
  const { challenge, evaluation } = await ask();
  expect((await answer(challenge.url, 'nonsense')).status).toBe(403);
  await written.once('challenge', 3);
  expect(stepsOf(evaluation)).toContain('failed/proof_of_work');
});

it('asked by the API, once however often the same call comes', async () => {
  const merchant = await newMerchant({ ...RISKY, step_up });
  const attempt = { ip: '203.0.113.9', country: 'NL', asn: 16509, card: { number: '4242424242424242' } };
  const headers = { 'idempotency-key': `try-${tests}` };
  const asks = async () =>
    (await (await api('POST', '/evaluations', { headers, body: { merchant, attempt } })).json()) as ToldEvaluation;
  const { id, decision } = await asks();
  expect(decision).toBe('challenge');
  expect((await asks()).id).toBe(id);
  await written.once('challenge', 2);
  expect(stepsOf(id).sort()).toEqual(['asked/proof_of_work', 'asked/turnstile']);
});

it('nothing of who is not challenged', async () => {
  await pay({ ip: `10.11.0.${tests}`, card: cards(100)[tests + 50] ?? '' });
  await written.once('decision');
  expect(written.of('challenge')).toEqual([]);
});
