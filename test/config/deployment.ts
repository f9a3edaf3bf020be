/**
 * The deployment's environment for tests of configuration: real bindings, changed where a test needs it.
 */
import { env } from 'cloudflare:workers';
import { type Environment, parseEnvironment, type RawEnvironment } from '../../src/config/environment.ts';
import type { Fault } from '../../src/config/faults.ts';
import { validateMerchant } from '../../src/config/merchant-config.ts';

export const raw = env as unknown as RawEnvironment;

export async function deployment(change: Record<string, unknown> = {}): Promise<Environment> {
  const parsed = await parseEnvironment({ ...raw, ...change });
  if (!parsed.ok) throw new Error(`faults: ${parsed.faults.join(', ')}`);
  return parsed.environment;
}

export const production = { CORDON_ENV: 'production', CORDON_ADMIN_HOST: 'cordon.example.com' };

/** `value` with one field, named by its JSON Pointer, replaced or added; `undefined` removes it. */
export function changed(value: unknown, pointer: string, to: unknown): unknown {
  const copy = structuredClone(value);
  const tokens = pointer.slice(1).split('/');
  const last = tokens.pop() ?? '';
  let at = copy as Record<string, unknown>;
  for (const token of tokens) {
    at[token] ??= {};
    at = at[token] as Record<string, unknown>;
  }
  if (to === undefined) delete at[last];
  else at[last] = to;
  return copy;
}

/** The faults of a configuration for `acme`; empty when it is valid. */
export function faultsOf(config: unknown, environment: Environment): readonly Fault[] {
  const result = validateMerchant(config, 'acme', environment);
  return result.ok ? [] : result.faults;
}

export const pathsOf = (config: unknown, environment: Environment) =>
  faultsOf(config, environment).map(({ path }) => path);
