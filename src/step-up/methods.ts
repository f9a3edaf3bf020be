/**
 * The methods of this release. What serves payments never loads one: each is imported where a challenge is run.
 */
import type { Method } from './method.ts';
import type { MethodName } from './method-name.ts';

/** Those that a page runs; `3ds` the processor does, so it has no file here. */
const LOADERS: Readonly<Partial<Record<MethodName, () => Promise<Method>>>> = {
  proof_of_work: async () => (await import('./proof-of-work.ts')).proofOfWork,
  identity: async () => (await import('./identity.ts')).identity,
  turnstile: async () => (await import('./turnstile.ts')).turnstile,
  passkey: async () => (await import('./passkey.ts')).passkey,
};

/** Null where this release has no such method. */
export async function loadMethod(name: MethodName): Promise<Method | null> {
  const load = LOADERS[name];
  return load === undefined ? null : load();
}
