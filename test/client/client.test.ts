/**
 * The typed client against the real Worker: what it returns, what it throws, and whose shapes it speaks.
 */
import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { Hold as ServedHold } from '../../src/api/holds.ts';
import type { leaseRenewalSchema, leaseRequestSchema } from '../../src/api/lease-schemas.ts';
import type { ToldLeases, ToldNewLease } from '../../src/api/leases.ts';
import type {
  evaluationRequestSchema,
  keyRequestSchema,
  outcomeRequestSchema,
  unblockRequestSchema,
} from '../../src/api/schemas.ts';
import type { ToldEvaluation as ServedEvaluation } from '../../src/api/stored-evaluations.ts';
import type { ToldAttackMode, ToldSwitches } from '../../src/api/switches.ts';
import {
  type AttackMode,
  type Attempt,
  type Cordon,
  CordonError,
  createClient,
  type EvaluationRequest,
  type Hold,
  type KeyRequest,
  type LeasePage,
  type LeaseRequest,
  mayProceed,
  type NewLease,
  type Outcome,
  type Payer,
  type Renewal,
  type SwitchPositions,
  type ToldEvaluation,
} from '../../src/client/client.ts';
import { DECISIONS } from '../../src/client/evaluations.ts';

const clientOf = (key: string): Cordon =>
  createClient({
    url: 'https://localhost',
    key,
    onUnreachable: 'throw',
    fetch: (url, init) => exports.default.fetch(url, init),
  });
const admin = clientOf(env.CORDON_ADMIN_KEY);
const acme = {
  id: 'acme',
  card_testing_guard_config: { card_ip_blocking_status: 'enabled', card_ip_blocking_threshold: 1 },
};

const attemptFrom = (ip: string): Attempt => ({
  ip,
  card: { number: '4242 4242 4242 4242' },
  amount: 1999,
  currency: 'EUR',
});

async function failureOf(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CordonError);
  return (error as CordonError).failure;
}

async function idOf(ip: string): Promise<string> {
  const verdict = await admin.evaluate({ merchant: 'acme', attempt: attemptFrom(ip) });
  if (verdict.kind !== 'evaluated') throw verdict.error;
  return verdict.evaluation.id;
}

beforeAll(async () => {
  await admin.merchants.put('acme', acme);
});

it('asks, tells, reads, and is told the truth', async () => {
  const verdict = await admin.evaluate({ merchant: 'acme', attempt: attemptFrom('203.0.113.1') });
  expect([verdict.kind, verdict.decision, mayProceed(verdict)]).toEqual(['evaluated', 'allow', true]);
  const id = verdict.kind === 'evaluated' ? verdict.evaluation.id : '';
  const told = await admin.reportOutcome(id, { status: 'failed', decline_reason: 'incorrect_cvc' });
  expect(told.outcome).toMatchObject({ status: 'failed', decline_reason: 'incorrect_cvc', contradicted: false });
  expect(await admin.evaluation(id)).toEqual(told);
  const second = await admin.evaluate({ merchant: 'acme', attempt: attemptFrom('203.0.113.1') });
  expect([second.decision, mayProceed(second)]).toEqual(['block', false]);
});

it('an idempotency key gets the same answer', async () => {
  const request = { merchant: 'acme', attempt: attemptFrom('203.0.113.2') };
  const first = await admin.evaluate(request, { idempotencyKey: 'order-1' });
  expect(await admin.evaluate(request, { idempotencyKey: 'order-1' })).toEqual(first);
  const other = admin.evaluate({ ...request, attempt: attemptFrom('203.0.113.3') }, { idempotencyKey: 'order-1' });
  expect(await failureOf(other)).toMatchObject({ kind: 'problem', status: 422, code: 'idempotency_key_reused' });
});

it('manages merchants, keys and blocks', async () => {
  await admin.merchants.put('other', '{"id":"other"}');
  expect(await admin.merchants.list()).toEqual(['acme', 'other']);
  expect(await admin.merchants.get('other')).toEqual({ id: 'other' });
  await admin.merchants.delete('other');
  const { id, key } = await admin.keys.create('acme', { name: 'till', scopes: ['evaluate'] });
  expect(await admin.keys.list('acme')).toMatchObject([{ id, name: 'till', scopes: ['evaluate'] }]);
  expect((await clientOf(key).evaluate({ merchant: 'acme', attempt: attemptFrom('203.0.113.4') })).decision).toBe(
    'allow',
  );
  await admin.keys.revoke('acme', id);
  const refused = clientOf(key).evaluate({ merchant: 'acme', attempt: attemptFrom('203.0.113.4') });
  expect(await failureOf(refused)).toMatchObject({ kind: 'problem', code: 'unauthorized' });
});

it('finds what is shut, page by page, and opens it', async () => {
  for (const ip of ['198.51.100.1', '198.51.100.2', '198.51.100.3']) {
    await admin.reportOutcome(await idOf(ip), { status: 'failed' });
  }
  const first = await admin.blocks.list('acme', { limit: 2 });
  expect([first.blocks.length, typeof first.next_cursor]).toEqual([2, 'string']);
  const rest = await admin.blocks.list('acme', { cursor: first.next_cursor });
  const ids = [...first.blocks, ...rest.blocks].map(({ id }) => id);
  expect([new Set(ids).size, rest.next_cursor]).toEqual([ids.length, null]);
  await admin.blocks.lift('acme', ids[0] ?? '');
  const { lifted, count } = await admin.blocks.unblock('acme', { card: { number: '4242424242424242' } });
  expect(lifted.map(({ id }) => id).toSorted()).toEqual(expect.arrayContaining(ids.slice(1).toSorted()));
  expect(count).toBe(lifted.length);
  expect((await admin.blocks.list('acme')).blocks).toEqual([]);
});

describe('a problem is thrown with what it says', () => {
  it('every fault of a configuration with its path', async () => {
    const failure = await failureOf(admin.merchants.put('acme', { id: 'acme', mode: 'loud', typo: 1 }));
    expect(failure).toMatchObject({ kind: 'problem', status: 422, code: 'invalid_configuration' });
    expect(failure.kind === 'problem' && failure.errors.map(({ path }) => path).toSorted()).toEqual(['/mode', '/typo']);
  });

  it.each([
    ['a faulty attempt', () => admin.evaluate({ merchant: 'acme', attempt: { ip: 'nowhere' } }), 'invalid_attempt'],
    ['no such merchant', () => admin.evaluate({ merchant: 'nobody', attempt: { ip: '192.0.2.1' } }), 'not_found'],
    ['no such evaluation', () => admin.evaluation('ev_../../merchants'), 'not_found'],
    ['a wrong key', () => clientOf('wrong').merchants.list(), 'unauthorized'],
  ])('%s', async (_, call, code) => {
    expect(await failureOf(call())).toMatchObject({ kind: 'problem', code });
  });
});

it('speaks the shapes that are served', () => {
  expectTypeOf<ServedEvaluation>().toExtend<ToldEvaluation>();
  expectTypeOf<ServedHold>().toExtend<Hold>();
  expectTypeOf<keyof ServedEvaluation>().toEqualTypeOf<keyof ToldEvaluation>();
  expectTypeOf<keyof ServedHold>().toEqualTypeOf<keyof Hold>();
  expectTypeOf<ToldNewLease>().toEqualTypeOf<NewLease>();
  expectTypeOf<ToldLeases>().toEqualTypeOf<LeasePage>();
  expectTypeOf<ToldSwitches>().toEqualTypeOf<SwitchPositions>();
  expectTypeOf<ToldAttackMode>().toEqualTypeOf<AttackMode>();
  expectTypeOf<z.input<typeof leaseRequestSchema>>().toExtend<LeaseRequest>();
  expectTypeOf<keyof z.input<typeof leaseRequestSchema>>().toEqualTypeOf<keyof LeaseRequest>();
  expectTypeOf<keyof z.input<typeof leaseRenewalSchema>>().toEqualTypeOf<keyof Renewal>();
  expectTypeOf<z.input<typeof outcomeRequestSchema>>().toExtend<Outcome>();
  expectTypeOf<z.input<typeof evaluationRequestSchema>>().toExtend<EvaluationRequest>();
  expectTypeOf<z.input<typeof keyRequestSchema>>().toExtend<KeyRequest>();
  expectTypeOf<z.input<typeof unblockRequestSchema>>().toExtend<Payer>();
  expectTypeOf<keyof z.input<typeof evaluationRequestSchema>['attempt']>().toEqualTypeOf<keyof Attempt>();
  expectTypeOf<keyof z.input<typeof unblockRequestSchema>>().toEqualTypeOf<keyof Payer>();
  expectTypeOf<ServedEvaluation['decision']>().toEqualTypeOf<(typeof DECISIONS)[number]>();
  expect(DECISIONS).toHaveLength(4);
});
