/**
 * What a caller of the API says of the visit: vouched for, and kept as a keyed digest alone.
 */
import { beforeAll, expect, it } from 'vitest';
import { attemptOf } from '../../src/api/identities.ts';
import { attemptSchema } from '../../src/api/schemas.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';
import { compilePolicy, type Policy } from '../../src/config/policy.ts';
import { deployment } from '../config/deployment.ts';
import { evaluated, everythingStored, IP, newMerchant } from './backend.ts';

let policy: Policy;
beforeAll(async () => {
  const here = await deployment();
  const valid = validateMerchant({ id: 'acme' }, 'acme', here);
  if (!valid.ok) throw new Error('faulty');
  policy = await compilePolicy(valid.value, { hash: 'h', writtenAt: 0 }, here);
});

const sessionOf = async (said: Record<string, unknown>) =>
  (await attemptOf(attemptSchema.parse({ ip: IP, ...said }), policy)).attempt.session;

it('the same visit is the same session, and another is another', async () => {
  const session = await sessionOf({ session_id: 'visit of the shop' });
  expect(session).toMatch(/^se_[\w-]{22}$/);
  expect(await sessionOf({ session_id: 'visit of the shop', ip: '192.0.2.1' })).toBe(session);
  expect(await sessionOf({ session_id: 'visit of the shop ' })).not.toBe(session);
});

it('there is none without one', async () => {
  expect(await sessionOf({})).toBeNull();
});

it('what was said is kept nowhere', async () => {
  const merchant = await newMerchant();
  await evaluated(merchant, { ip: IP, session_id: 'worth-stealing' });
  expect(await everythingStored(merchant)).not.toContain('worth-stealing');
});
